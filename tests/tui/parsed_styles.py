"""Shares parsed stylesheets among a worker's clients: Textual parses all of them at each start and change of theme."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

THEMES = 4
"""Sets of variables whose rules are kept, those used last; each takes some megabytes."""

_parse = Stylesheet._parse_rules


@lru_cache(THEMES)
def _rules_of(variables: frozenset[tuple[str, str]]) -> dict[tuple[Any, ...], list[RuleSet]]:
    """Return the rules parsed with these variables, by the arguments of the parser."""
    return {}


def _parse_once(sheet: Stylesheet, css: str, read_from: tuple[str, str], *rest: Any, **more: Any) -> list[RuleSet]:
    rules = _rules_of(frozenset(sheet._variables.items()))
    key = (css, read_from, *rest, *sorted(more.items()))
    if key not in rules:
        rules[key] = _parse(sheet, css, read_from, *rest, **more)
    return rules[key]


Stylesheet._parse_rules = _parse_once  # type: ignore[method-assign, assignment]
