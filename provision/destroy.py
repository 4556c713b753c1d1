"""Removing what was built: last first, going on after an error, and a look at the end at what is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from provision.apply import LOOK_S, READY_S
from provision.cloud import CallError, Clock
from provision.resource import FailedStateError, Resource
from provision.troubles import of_call
from travel_tui.bedrock.errors import Place


@dataclass(frozen=True, slots=True)
class Left:
    """A resource that could not be removed, and why."""

    resource: Resource
    why: str


def standing(built: Sequence[Resource]) -> list[Resource]:
    """What there is of it and carries our tag. Raises CallError."""
    found = []
    for resource in built:
        look = resource.look()
        if look.exists and look.ours:
            found.append(resource)
    return found


def destroy(
    built: Sequence[Resource], clock: Clock, place: Place, again: str, tell: Callable[[Resource, str], None]
) -> list[Left]:
    """Remove these; what could not be removed. `tell` hears of each what becomes of it."""
    failed: dict[str, str] = {}
    for resource in reversed(built):
        tell(resource, "removing")
        try:
            _settled(resource, clock, tell)  # a state that passes takes no deletion, or is one already
            resource.delete()
            _settled(resource, clock, tell)
        except CallError as error:
            failed[resource.kind] = str(of_call(resource, error, place, again).trouble)
            tell(resource, f"not removed: {error.code or 'no answer'}")
        except FailedStateError as error:
            failed[resource.kind] = str(error)
            tell(resource, "not removed: its state keeps it")
        else:
            tell(resource, f"goes with the {resource.goes_with}" if resource.goes_with else "removed")
    return [Left(each, failed.get(each.kind, "It is still there.")) for each in built if _stands(each, failed)]


def _stands(resource: Resource, failed: dict[str, str]) -> bool:
    try:
        look = resource.look()
    except CallError as error:
        failed.setdefault(resource.kind, f"It could not be looked at: {error}")
        return True
    return look.exists and look.ours


def _settled(resource: Resource, clock: Clock, tell: Callable[[Resource, str], None]) -> None:
    """Wait until a state that passes is over. Raises FailedStateError where it does not pass in time."""
    deadline = clock.now() + READY_S
    while state := resource.waiting():
        if clock.now() >= deadline:
            raise FailedStateError(f"After {READY_S:.0f} s its state is still {state}.")
        tell(resource, state)
        clock.pause(LOOK_S)
