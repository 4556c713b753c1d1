"""A memory's own variables in namespace templates: their rules, and the values that events give them."""

from __future__ import annotations

import math
import re

from travel_tui.local.runtime.memory_strategies import BUILT_IN_VARIABLES, variables_in
from travel_tui.local.services.agentcore.lookups import validation_error
from travel_tui.local.state.resources import Document

_COUNT = re.compile(r"\{\s*(\d*)\s*(?:,\s*(\d*)\s*)?\}")
_MAX_REPEATS = 10_000
"""Product of all counts in a pattern; compiling takes longer with each."""
_LIMIT_S = 0.1
"""Seconds for matching a value of at most 64 characters; some patterns never end."""


def check_namespaces(memory: Document) -> None:
    """Raise ValidationException for a rule that cannot be used, or a template with an unknown variable."""
    keys = memory.get("namespaceKeys", [])
    for key in keys:
        if "regexPattern" in key.get("validation", {}):
            _check_pattern(key["key"], key["validation"]["regexPattern"])
    known = {key["key"] for key in keys} | BUILT_IN_VARIABLES
    for strategy in memory["strategies"]:
        for template in strategy["namespaceTemplates"]:
            if unknown := variables_in(template) - known:
                raise validation_error(
                    f"The namespace template {template} has the unknown variable {{{min(unknown)}}}. Use "
                    "{actorId}, {sessionId}, {memoryStrategyId} or a key of namespaceKeys."
                )


def _check_pattern(name: str, pattern: str) -> None:
    import regex  # imported late: few memories have patterns, and the import takes 70 ms

    counts = (max((int(n[:9] or 1) for n in found), default=1) for found in _COUNT.findall(pattern))
    if math.prod(max(1, count) for count in counts) > _MAX_REPEATS:
        raise validation_error(f"The regexPattern of namespace key {name} repeats too much.")
    try:
        regex.compile(pattern)
    except (regex.error, RecursionError, OverflowError) as error:
        raise validation_error(f"The regexPattern of namespace key {name} cannot be used: {error}") from error


def check_variables(memory: Document, variables: dict[str, str]) -> None:
    """Raise ValidationException for values of an event that the memory's rules do not allow."""
    known = {key["key"]: key.get("validation", {}) for key in memory.get("namespaceKeys", [])}
    for name, value in variables.items():
        if name not in known:
            raise validation_error(f"Memory {memory['id']} has no namespace key {name}.")
        allowed, pattern = known[name].get("allowedValues"), known[name].get("regexPattern")
        if allowed and value not in allowed:
            raise validation_error(f"{value} is not an allowed value of namespace key {name}.")
        if pattern and not _fits(pattern, value):
            raise validation_error(f"{value} does not match the regexPattern of namespace key {name}.")


def _fits(pattern: str, value: str) -> bool:
    import regex

    try:
        return regex.fullmatch(pattern, value, timeout=_LIMIT_S) is not None
    except TimeoutError:
        return False


def needed_variables(memory: Document) -> set[str]:
    """Return the memory's own variables that its templates use."""
    keys = {key["key"] for key in memory.get("namespaceKeys", [])}
    return {v for s in memory["strategies"] for t in s["namespaceTemplates"] for v in variables_in(t)} & keys
