"""Base class of all resources: status, create, update, delete, and waiting for transient states."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from provision.aws_session import AwsSession
from provision.spec import TAG
from provision.state_file import StateFile


@dataclass(frozen=True, slots=True)
class ResourceStatus:
    """Status in the account: whether it exists and carries our tag, and the differences from the wanted state."""

    exists: bool = False
    is_tagged: bool = False
    differs: tuple[str, ...] = ()
    blocked: str = ""
    """Why it must not be changed to the wanted state; empty if it may."""


ABSENT = ResourceStatus()


class FailedStateError(Exception):
    """A resource is in a state that it does not leave by itself; the message has AWS's reasons."""


class Resource(ABC):
    """One resource. `needs` names the kinds that must be ready before it is created.

    All methods raise CallError; those that wait raise FailedStateError too.
    """

    kind: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ()
    goes_with: ClassVar[str] = ""
    """The kind whose deletion deletes this one too."""

    def __init__(self, cloud: AwsSession, record: StateFile) -> None:
        self.cloud, self.spec, self.record = cloud, cloud.spec, record

    @property
    @abstractmethod
    def name(self) -> str:
        """Name in the account."""

    @abstractmethod
    def status(self) -> ResourceStatus:
        """Return the current status."""

    @abstractmethod
    def create(self) -> None:
        """Create it, with our tag."""

    @abstractmethod
    def update(self) -> None:
        """Update it to the wanted state."""

    @abstractmethod
    def delete(self) -> None:
        """Remove it; do nothing if it does not exist."""

    def waiting(self) -> str:
        """Return the transient state that prevents its use; empty if it is ready."""
        return ""

    def finish(self) -> None:  # noqa: B027 most kinds have nothing to do here
        """Run the part of a change that is possible only once it is ready."""

    def is_ours(self, tags: Mapping[str, Any]) -> bool:
        """Whether these tags mark a resource of this tool."""
        return tags.get(TAG) == self.spec.name


def differing(wanted: Mapping[str, Any], found: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the entries of `wanted` that differ in `found`, by their display names in `names`."""
    return tuple(names.get(key, key) for key, value in wanted.items() if found.get(key) != value)
