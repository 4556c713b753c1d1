"""Namespaces of records: what a strategy's template stands for, and whose record one is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from travel_tui.memory_store import Strategy

_VARIABLE = re.compile(r"\{(\w+)\}")
_OWN = ("actorId", "sessionId", "memoryStrategyId")


def variables_of(template: str) -> list[str]:
    """Return the names of a template's variables."""
    return _VARIABLE.findall(template)


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a template with these variables filled in; from the first other variable on, it is cut at its folder."""
    path = _VARIABLE.sub(lambda found: values.get(found[1], found[0]), template)
    unknown = _VARIABLE.search(path)
    return path[: path.rfind("/", 0, unknown.start()) + 1] or "/" if unknown else path


def session_of(template: str, namespace: str, values: Mapping[str, str]) -> str | None:
    """Return the session in a namespace made from this template; None if the template has none."""
    found = _known_pattern(template, tuple(values.items())).match(namespace)
    return found.groupdict().get("sessionId") if found else None


@lru_cache(maxsize=256)
def _known_pattern(template: str, values: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    """As `_pattern`; kept, since thousands of records have the same few templates and actors."""
    return _pattern(template, dict(values))


def _pattern(template: str, values: Mapping[str, str]) -> re.Pattern[str]:
    """Return a pattern that matches the namespaces of a template with these values."""
    parts, last, named = [], 0, set()
    for variable in _VARIABLE.finditer(template):
        parts.append(re.escape(template[last : variable.start()]))
        name, last = variable[1], variable.end()
        if name in values:
            parts.append(re.escape(values[name]))
        elif name in _OWN and name not in named:
            named.add(name)
            parts.append(f"(?P<{name}>[^/]+)")
        else:
            parts.append("[^/]+")
    return re.compile("".join(parts) + re.escape(template[last:].rstrip("/")) + "/?")


@dataclass(frozen=True, slots=True)
class UserPlaces:
    """Where one user's records are: paths to list, and what to keep of them."""

    paths: tuple[str, ...]
    _patterns: tuple[re.Pattern[str], ...]

    def has(self, namespace: str) -> bool:
        """Whether a record of this namespace is the user's, or everybody's."""
        return any(each.match(namespace) for each in self._patterns)


def places_of(actor: str, strategies: Iterable[Strategy]) -> UserPlaces:
    """Return where the records of an actor are, by the strategies' templates."""
    paths: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for each in strategies:
        values = {"actorId": actor, "memoryStrategyId": each.strategy_id}
        paths.add(filled(each.namespace, values))
        patterns.append(_pattern(each.namespace, values))
    top = [path for path in sorted(paths) if not any(path != other and path.startswith(other) for other in paths)]
    return UserPlaces(tuple(top), tuple(patterns))
