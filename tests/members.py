"""The page of optional members and operations of the local endpoint, from its tables: `make members` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from botocore.model import ListShape, MapShape, Shape, StructureShape

from tests.local.services.moto_calls import GROUPS
from travel_tui.local.members.member import Member, Members
from travel_tui.local.members.table import MEMBERS, MISSING, REASONS
from travel_tui.local.operations import operations_of

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "local-endpoint-members.md"
SERVICES = (
    "bedrock-agent-runtime",
    "bedrock-agent",
    "bedrock-agentcore",
    "bedrock-agentcore-control",
    "iam",
    "lambda",
    "dynamodb",
    "logs",
    "sts",
)
DATA = {"AttributeValue", "Tag"}
"""Shapes that are a user's data."""

_ALIKE = 3
"""Members that differ in one name and do the same, from which on they share a row."""

_HEAD = """# What the local endpoint does with each setting

Written by `make members` from `travel_tui/local/members/`; a test sets each of them and looks.

Below each operation are its optional members, and the required ones without effect. A structure stands for all that is
in it and is not named itself. *Effective* means as on AWS, *stored* that it is kept and shown and does nothing else,
*no effect* that it is accepted and changes nothing. What is *refused* is answered with the service's error for invalid
input, which says what is missing; an empty or false value asks for nothing and is taken. Names in braces stand for each
of them.
"""


def optional(shape: Shape | None, path: str = "", seen: tuple[str, ...] = ()) -> Iterator[tuple[str, Shape]]:
    """Iterate over the optional members of a shape and of all that is in it, with their paths."""
    if not isinstance(shape, StructureShape):
        return
    for name, member in shape.members.items():
        here = f"{path}.{name}" if path else name
        if name not in shape.required_members:
            yield here, member
        inner: Shape = member
        while isinstance(inner, ListShape | MapShape):
            inner = inner.member if isinstance(inner, ListShape) else inner.value
        if inner.name not in (*seen, *DATA):
            yield from optional(inner, here, (*seen, inner.name))


def member_at(members: Members, path: str) -> Member | None:
    """Return what a member does: its own entry, or that of the nearest structure around it."""
    parts = path.split(".")
    found = (members.get(".".join(parts[:number])) for number in range(len(parts), 0, -1))
    return next((each for each in found if each), None)


def page() -> str:
    """Return the page."""
    return "\n".join([_HEAD, *_operations(), *_missing(), *_oracle()]).rstrip() + "\n"


def _operations() -> Iterator[str]:
    for service in SERVICES:
        yield f"## {service}\n"
        plain = []
        for name in operations_of(service):
            members = MEMBERS.get(service, {}).get(name, {})
            reason = REASONS.get(service, {}).get(name)
            why = f" ({reason})" if reason else ""
            if not members:
                plain.append(f"{name}{why}")
                continue
            yield f"### {name}\n"
            if reason:
                yield f"Why it is there: {reason}.\n"
            yield "| member | is | |\n|---|---|---|"
            for path, member in _merged(members):
                yield f"| `{path}` | {member.kind} | {_note(member)} |"
            yield ""
        if plain:
            yield f"Without optional members: {', '.join(plain)}.\n"


def _merged(members: Members) -> list[tuple[str, Member]]:
    """Return the rows of an operation: three or more paths that differ in one name and do the same are one row."""
    rows: dict[tuple[str, ...], Member] = {tuple(path.split(".")): member for path, member in members.items()}
    for at in range(max(map(len, rows), default=0)):
        alike: dict[tuple[tuple[str, ...], tuple[str, ...], str], list[str]] = {}
        for path, member in rows.items():
            if at < len(path):
                alike.setdefault((path[:at], path[at + 1 :], repr(member)), []).append(path[at])
        for (before, after, _), names in alike.items():
            if len(names) >= _ALIKE and (before or after):
                (member, *_same) = (rows.pop((*before, name, *after)) for name in names)
                rows[*before, f"{{{', '.join(sorted(names))}}}", *after] = member
    return sorted((".".join(path), member) for path, member in rows.items())


def _note(member: Member) -> str:
    if member.kind != "refused":
        return member.note
    taken = f"; taken: {' or '.join(f'`{each}`' for each in member.accepted)}" if member.accepted else ""
    return f"the endpoint {member.note}{taken}"


def _missing() -> Iterator[str]:
    yield "## Operations that are not there\n"
    yield "Any other operation answers `UnknownOperationException` (`InvalidAction` of IAM and STS) with its name."
    yield "These say what is missing.\n"
    yield "| operation | the endpoint |\n|---|---|"
    for service, names in MISSING.items():
        for name, why in names.items():
            yield f"| {service} `{name}` | {why} |"


def _oracle() -> Iterator[str]:
    yield "\n## Compared with moto\n"
    yield "moto answers the same calls in the same way, except here. `(all)` is the whole answer.\n"
    yield "| operation | answer | the model is for | |\n|---|---|---|---|"
    rows = {
        f"| {call.service} `{_pascal(call.operation)}` | `{place or '(all)'}` | "
        f"{_RIGHT[differs.right]} | {differs.why} |"
        for calls in GROUPS
        for call in calls()
        for place, differs in call.differs.items()
    }
    yield from sorted(rows)


_RIGHT = {"ours": "the endpoint", "moto": "moto", "both": "both"}


def _pascal(name: str) -> str:
    return "".join(word.title() for word in name.split("_"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
