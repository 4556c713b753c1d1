"""What an optional member of a request does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["effective", "stored", "no effect", "refused"]


@dataclass(frozen=True, slots=True)
class Member:
    """A member, or a structure with all that is in it and not listed itself."""

    kind: Kind
    note: str = ""
    """Why it has no further effect, or what is missing where it is refused, as an end of *The local endpoint …*."""
    accepted: tuple[Any, ...] = ()
    """Values that are not refused, because they ask for nothing that is missing."""


Members = Mapping[str, Member]
"""The members of an operation, by their paths, such as Code.S3Bucket."""


def effective(*paths: str) -> dict[str, Member]:
    """Return members that do what they do on AWS."""
    return dict.fromkeys(paths, Member("effective"))


def stored(note: str, *paths: str) -> dict[str, Member]:
    """Return members that are kept and shown, and do nothing else because of what `note` says."""
    return dict.fromkeys(paths, Member("stored", note))


def without_effect(note: str, *paths: str) -> dict[str, Member]:
    """Return members that are accepted and change nothing because of what `note` says."""
    return dict.fromkeys(paths, Member("no effect", note))


def refused(note: str, *paths: str, accepted: tuple[Any, ...] = ()) -> dict[str, Member]:
    """Return members that are refused, unless they have one of the values in `accepted`."""
    return dict.fromkeys(paths, Member("refused", note, accepted))
