"""Removal of provisioned resources: in reverse order, continuing after errors, with a final check for leftovers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from provision.aws_session import CallError, WaitClock
from provision.errors import call_failed
from provision.plan_executor import READY_S, look_pauses
from provision.resource import FailedStateError, Resource
from travel_tui.backends.shared.errors import AgentLocation


@dataclass(frozen=True, slots=True)
class Left:
    """A resource that could not be removed, and why."""

    resource: Resource
    why: str


def find_existing(built: Sequence[Resource]) -> list[Resource]:
    """Return the existing resources that carry our tag. Raises CallError."""
    found = []
    for resource in built:
        status = resource.status()
        if status.exists and status.is_tagged:
            found.append(resource)
    return found


def destroy(
    built: Sequence[Resource], clock: WaitClock, place: AgentLocation, again: str, tell: Callable[[Resource, str], None]
) -> list[Left]:
    """Remove the resources and return those that could not be removed. `tell` is called with the state of each."""
    failed: dict[str, str] = {}
    for resource in reversed(built):
        tell(resource, "removing")
        try:
            with suppress(FailedStateError):  # what has failed can be deleted
                _settled(resource, clock, tell)  # a transient state refuses deletion, or is one already
            resource.delete()
            _settled(resource, clock, tell)
        except CallError as error:
            failed[resource.kind] = str(call_failed(resource, error, place, again).problem)
            tell(resource, f"not removed: {error.code or 'no answer'}")
        except FailedStateError as error:
            failed[resource.kind] = str(error)
            tell(resource, "not removed: its state does not allow it")
        else:
            tell(resource, f"removed with the {resource.goes_with}" if resource.goes_with else "removed")
    return [Left(each, failed.get(each.kind, "It still exists.")) for each in built if _stands(each, failed)]


def _stands(resource: Resource, failed: dict[str, str]) -> bool:
    try:
        status = resource.status()
    except CallError as error:
        failed.setdefault(resource.kind, f"It could not be checked: {error}")
        return True
    return status.exists and status.is_tagged


def _settled(resource: Resource, clock: WaitClock, tell: Callable[[Resource, str], None]) -> None:
    """Wait until a transient state is over. Raises FailedStateError on timeout."""
    deadline, pauses = clock.now() + READY_S, look_pauses()
    while state := resource.waiting():
        if clock.now() >= deadline:
            raise FailedStateError(f"After {READY_S:.0f} s its state is still {state}.")
        tell(resource, state)
        clock.pause(next(pauses))
