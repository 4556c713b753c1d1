"""Execution of a plan: in order, waiting only where needed, and retrying only errors caused by a new role."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, repeat

from provision.agents import is_maintenance_mode
from provision.aws_session import THERE, CallError, WaitClock
from provision.errors import ProvisionError, blocked, call_failed, foreign, state_failed, timed_out
from provision.plan import Action, PlanStep
from provision.resource import FailedStateError, Resource
from travel_tui.backends.shared.errors import AgentLocation

LOOKS_S = (0.5, 0.5, 1.0, 1.0, 2.0, 3.0)
"""Seconds between the polls of a state, the last of them from then on: most states last seconds, some minutes."""
READY_S = 300.0
"""Seconds after which a state counts as stuck; the slowest, a table's, takes tens of seconds on AWS."""
PROPAGATION_S = 120.0
"""Seconds that a new role may be unknown to the service that uses it; IAM documents no limit."""
_ASSUME = (
    "cannot be assumed", "cannot assume", "assume role", "assume the role", "not authorized to assume",
    "role validation failed",
)  # fmt: skip
"""Error messages of services for a role that has not propagated to them yet."""


_USES_ROLE = frozenset(
    {
        "CreateAgent", "UpdateAgent", "PrepareAgent", "CreateHarness", "UpdateHarness", "CreateFunction",
        "UpdateFunctionConfiguration",
    }
)  # fmt: skip
"""Operations that check the role they are given."""


class Phase(StrEnum):
    """Phase of a step."""

    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress event of a step; `waits_for` is a state, or the role that must propagate."""

    step: PlanStep
    phase: Phase
    seconds: float
    waits_for: str = ""


OnProgress = Callable[[Progress], None]


@dataclass(slots=True)
class _Unready:
    """A step that was done and whose resource is not known to be ready."""

    step: PlanStep
    since: float
    finished: bool = False


class PlanExecutor:
    """Executes the steps of a plan. Failures raise ProvisionError, and a new plan continues from there."""

    def __init__(
        self, steps: Sequence[PlanStep], clock: WaitClock, place: AgentLocation, again: str, tell: OnProgress
    ) -> None:
        self._steps = steps
        self._clock, self._place, self._again, self._tell = clock, place, again, tell
        self._began: dict[str, float] = {}
        self._unready: dict[str, _Unready] = {}

    def run(self) -> None:
        """Execute all steps, and wait until everything is ready."""
        if found := [step.resource for step in self._steps if step.action is Action.FOREIGN]:
            raise foreign(found, self._again)
        for step in self._steps:
            if step.action is Action.BLOCKED:
                raise blocked(step.resource, " ".join(step.why))
        for step in self._steps:
            self._await(step.resource.needs)
            self._began[step.resource.kind] = self._clock.now()
            if step.action is not Action.KEEP:
                self._do(step)
            unready = self._unready[step.resource.kind] = _Unready(step, self._clock.now())
            self._look(unready)
        self._await(tuple(self._unready))

    def _do(self, step: PlanStep) -> None:
        resource = step.resource
        self._say(step, Phase.WORKING)
        if step.action is Action.CHANGE:
            self._ready(step)  # a transient state refuses changes
        deadline = self._clock.now() + PROPAGATION_S
        pause = LOOKS_S[0]
        while True:
            try:
                (resource.create if step.action is Action.CREATE else resource.update)()
            except CallError as error:
                if _waits_for_role(error) and self._clock.now() < deadline:
                    self._say(step, Phase.WAITING, "its role to propagate")
                    self._clock.pause(pause)
                    pause = min(2 * pause, 5.0)
                    continue
                if not self._was_made(step, error):
                    raise call_failed(resource, error, self._place, self._again) from error
            return

    def _was_made(self, step: PlanStep, error: CallError) -> bool:
        """Whether the resource exists after all: the response to the first attempt was lost, and boto3 made a second
        one."""
        if step.action is not Action.CREATE or error.code not in {*THERE, "ConflictException"}:
            return False
        try:
            status = step.resource.status()
            if status.exists and status.is_tagged and status.differs:
                step.resource.update()
        except CallError as other:
            raise call_failed(step.resource, other, self._place, self._again) from other
        return status.exists and status.is_tagged

    def _await(self, kinds: Iterable[str]) -> None:
        """Wait until these are ready; what else becomes ready meanwhile is told when it does."""
        pauses = look_pauses()
        while any(kind in self._unready for kind in kinds):
            for unready in list(self._unready.values()):
                self._look(unready)
            if any(kind in self._unready for kind in kinds):
                self._clock.pause(next(pauses))

    def _look(self, unready: _Unready) -> None:
        """Finish the resource if it can be, and tell how it is."""
        step = unready.step
        state = self._state(step.resource)
        if not state and not unready.finished and step.action is not Action.KEEP:
            try:
                step.resource.finish()
            except CallError as error:
                raise call_failed(step.resource, error, self._place, self._again) from error
            unready.finished, unready.since = True, self._clock.now()
            state = self._state(step.resource)
        if not state:
            del self._unready[step.resource.kind]
            self._say(step, Phase.DONE)
            return
        self._check_time(step, state, unready.since)
        self._say(step, Phase.WAITING, state)

    def _ready(self, step: PlanStep) -> None:
        began, pauses = self._clock.now(), look_pauses()
        while state := self._state(step.resource):
            self._check_time(step, state, began)
            self._say(step, Phase.WAITING, state)
            self._clock.pause(next(pauses))

    def _check_time(self, step: PlanStep, state: str, since: float) -> None:
        if (waited := self._clock.now() - since) > READY_S:
            raise timed_out(step.resource, state, waited, self._again)

    def _state(self, resource: Resource) -> str:
        try:
            return resource.waiting()
        except FailedStateError as error:
            raise state_failed(resource, error, self._again) from error
        except CallError as error:
            raise call_failed(resource, error, self._place, self._again) from error

    def _say(self, step: PlanStep, phase: Phase, waits_for: str = "") -> None:
        began = self._began.get(step.resource.kind, self._clock.now())
        self._tell(Progress(step, phase, self._clock.now() - began, waits_for))


def look_pauses() -> Iterator[float]:
    """Yield the seconds to wait between polls."""
    return chain(LOOKS_S, repeat(LOOKS_S[-1]))


def _waits_for_role(error: CallError) -> bool:
    """Whether the error is caused by a role that has not propagated to the service yet; no other error is retried."""
    if is_maintenance_mode(error) or error.operation not in _USES_ROLE:
        return False
    return any(words in error.message.lower() for words in _ASSUME)


__all__ = ["OnProgress", "Phase", "PlanExecutor", "Progress", "ProvisionError"]
