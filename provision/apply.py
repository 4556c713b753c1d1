"""Doing what a plan says: in order, waiting only for what is needed, and repeating only what a fresh role delays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from provision.agents import is_closed_door
from provision.cloud import THERE, CallError, Clock
from provision.plan import Action, Step
from provision.resource import FailedStateError, Resource
from provision.troubles import ProvisionError, foreign, of_call, of_state, of_wait
from travel_tui.bedrock.errors import Place

LOOK_S = 0.5
"""Between two looks at a state: states take seconds."""
READY_S = 300.0
"""How long a state may last before it is called stuck; the slowest, a table's, takes tens of seconds on AWS."""
PROPAGATION_S = 120.0
"""How long a fresh role may be unknown to the service that is to use it; IAM names no limit."""
_ASSUME = ("cannot be assumed", "cannot assume", "assume role", "assume the role", "not authorized to assume")
"""What services say of a role that has not reached them yet."""


class Phase(StrEnum):
    """How far a step is."""

    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """What just happened to a step; `waits_for` is a state, or the role that has to be known."""

    step: Step
    phase: Phase
    seconds: float
    waits_for: str = ""


Tell = Callable[[Progress], None]


class Apply:
    """Does the steps of a plan. Whatever fails raises ProvisionError, and a new plan goes on from there."""

    def __init__(self, steps: Sequence[Step], clock: Clock, place: Place, again: str, tell: Tell) -> None:
        self._steps = steps
        self._clock, self._place, self._again, self._tell = clock, place, again, tell
        self._began: dict[str, float] = {}
        self._unready: dict[str, Step] = {}

    def run(self) -> None:
        """Do it all, and wait until everything is ready."""
        if found := [step.resource for step in self._steps if step.action is Action.FOREIGN]:
            raise foreign(found, self._again)
        for step in self._steps:
            self._await(step.resource.needs)
            self._began[step.resource.kind] = self._clock.now()
            if step.action is not Action.KEEP:
                self._do(step)
            self._unready[step.resource.kind] = step
        self._await(tuple(self._unready))

    def _do(self, step: Step) -> None:
        resource = step.resource
        self._say(step, Phase.WORKING)
        if step.action is Action.CHANGE:
            self._ready(step)  # a state that passes takes no change
        deadline = self._clock.now() + PROPAGATION_S
        pause = LOOK_S
        while True:
            try:
                (resource.create if step.action is Action.CREATE else resource.update)()
            except CallError as error:
                if _waits_for_role(error) and self._clock.now() < deadline:
                    self._say(step, Phase.WAITING, "its role to be known")
                    self._clock.pause(pause)
                    pause = min(2 * pause, 5.0)
                    continue
                if not self._was_made(step, error):
                    raise of_call(resource, error, self._place, self._again) from error
            return

    def _was_made(self, step: Step, error: CallError) -> bool:
        """Whether it exists all the same: the answer to a first attempt was lost, and boto3 has made a second."""
        if step.action is not Action.CREATE or error.code not in {*THERE, "ConflictException"}:
            return False
        try:
            look = step.resource.look()
            if look.exists and look.ours and look.differs:
                step.resource.update()
        except CallError as other:
            raise of_call(step.resource, other, self._place, self._again) from other
        return look.exists and look.ours

    def _await(self, kinds: Iterable[str]) -> None:
        for kind in kinds:
            if (step := self._unready.pop(kind, None)) is None:
                continue
            self._ready(step)
            if step.action is not Action.KEEP:
                try:
                    step.resource.finish()
                except CallError as error:
                    raise of_call(step.resource, error, self._place, self._again) from error
                self._ready(step)
            self._say(step, Phase.DONE)

    def _ready(self, step: Step) -> None:
        began = self._clock.now()
        while state := self._state(step.resource):
            if (waited := self._clock.now() - began) > READY_S:
                raise of_wait(step.resource, state, waited, self._again)
            self._say(step, Phase.WAITING, state)
            self._clock.pause(LOOK_S)

    def _state(self, resource: Resource) -> str:
        try:
            return resource.waiting()
        except FailedStateError as error:
            raise of_state(resource, error, self._again) from error
        except CallError as error:
            raise of_call(resource, error, self._place, self._again) from error

    def _say(self, step: Step, phase: Phase, waits_for: str = "") -> None:
        began = self._began.get(step.resource.kind, self._clock.now())
        self._tell(Progress(step, phase, self._clock.now() - began, waits_for))


def _waits_for_role(error: CallError) -> bool:
    """Whether IAM has not told the service of a fresh role yet; every other error stays one."""
    if is_closed_door(error) or error.operation not in {
        "CreateAgent", "UpdateAgent", "CreateFunction", "UpdateFunctionConfiguration", "PrepareAgent"
    }:  # fmt: skip
        return False
    return any(words in error.message.lower() for words in _ASSUME)


__all__ = ["Apply", "Phase", "Progress", "ProvisionError", "Tell"]
