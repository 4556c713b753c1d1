"""What every kind of resource can do: look, create, update, delete, and say what it waits for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from provision.cloud import Cloud
from provision.record import Record
from provision.spec import TAG


@dataclass(frozen=True, slots=True)
class Look:
    """What stands in the account: None, what differs from what is wanted, and whether it carries our tag."""

    exists: bool = False
    ours: bool = False
    differs: tuple[str, ...] = ()


ABSENT = Look()


class FailedStateError(Exception):
    """A resource came to a state that it does not leave by itself; the message has AWS's reasons."""


class Resource(ABC):
    """One resource. `needs` names the kinds that have to be ready before it is created.

    All methods raise CallError; those that wait raise FailedStateError too.
    """

    kind: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ()
    goes_with: ClassVar[str] = ""
    """The kind whose deletion deletes this too."""

    def __init__(self, cloud: Cloud, record: Record) -> None:
        self.cloud, self.spec, self.record = cloud, cloud.spec, record

    @property
    @abstractmethod
    def name(self) -> str:
        """What it is called in the account."""

    @abstractmethod
    def look(self) -> Look:
        """How it stands now."""

    @abstractmethod
    def create(self) -> None:
        """Create it, with our tag."""

    @abstractmethod
    def update(self) -> None:
        """Make it what is wanted."""

    @abstractmethod
    def delete(self) -> None:
        """Remove it; nothing happens where it is not there."""

    def waiting(self) -> str:
        """The state that keeps it from being used; empty where it can be."""
        return ""

    def finish(self) -> None:  # noqa: B027 most kinds have nothing to do here
        """Do what can be done only once it is ready."""

    def is_ours(self, tags: Mapping[str, Any]) -> bool:
        """Whether these tags say that it was built here."""
        return tags.get(TAG) == self.spec.name


def differing(wanted: Mapping[str, Any], found: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    """What of `wanted` stands otherwise in `found`, by the words that `names` has for it."""
    return tuple(names.get(key, key) for key, value in wanted.items() if found.get(key) != value)
