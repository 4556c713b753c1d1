"""Faults on demand: OPERATION=ERROR[@MOMENT][:COUNT|:PERCENT%], read and counted.

ERROR is an error that the operation's service model lists, one of those that any operation can have, or one of the
words of `KINDS`. MOMENT is `before` (nothing is answered yet), `stream` (inside the event stream, before its first
event) or a number of events after which it happens. COUNT is how many calls meet it, PERCENT how likely each does.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.model import OperationModel

KINDS: Mapping[str, str] = {
    "stall": "the answer stops coming and the connection stays open",
    "drop": "the connection is closed",
    "corrupt": "an event arrives with a wrong checksum",
    "truncate": "an event arrives in half, and the stream then ends as if all were well",
    "no-final-chunk": "the stream ends as if all were well, without its last piece of text",
    "summary-never": "a session that ends leaves no summary",
    "summary-forgets": "a summary comes that says nothing of what was said",
    "memory-not-injected": "a session begins without its memory in the prompt",
    "memory-ignored": "the memory stands in the prompt and the agent does not use it",
    "maintenance-mode": "the 403 for accounts that had no agents before the service went into maintenance",
}
"""What can go wrong beside the errors of the service models."""

_IN_STREAM = frozenset({"corrupt", "truncate", "no-final-chunk"})
_OF_AGENT = frozenset({"summary-never", "summary-forgets", "memory-not-injected", "memory-ignored"})
_ANYWHERE = ("AccessDeniedException", "ExpiredTokenException", "InternalServerException", "ThrottlingException")
_SPEC = re.compile(
    r"(?P<operation>\w+)=(?P<error>[\w-]+)(?:@(?P<moment>\w+))?(?::(?:(?P<count>\d+)|(?P<percent>\d+(?:\.\d+)?)%))?"
)
_FORM = "A fault is written OPERATION=ERROR[@MOMENT][:COUNT|:PERCENT%], such as InvokeAgent=ThrottlingException:2."


class FaultError(ValueError):
    """A fault that cannot be; the message says why and what there is."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with an operation."""

    text: str
    """As it was written."""
    operation: str
    error: str
    """A word of KINDS, or the code of a service's error."""
    after: int | None
    """How many events come before it; None where it happens before anything is answered, or has no moment."""
    count: int | None = None
    percent: float | None = None

    @property
    def in_turn(self) -> bool:
        """Whether it is the agent's or its memory's, and not the wire's."""
        return self.error in _OF_AGENT


def read_fault(text: str) -> Fault:
    """The fault that a text asks for; raises FaultError."""
    found = _SPEC.fullmatch(text.strip())
    if not found:
        raise FaultError(f"{text!r} is no fault. {_FORM}")
    models = _operations(found["operation"])
    error = _error(models, found["error"])
    after = _after(models, error, found["moment"])
    count = int(found["count"]) if found["count"] else None
    percent = float(found["percent"]) if found["percent"] else None
    if count == 0 or (percent is not None and not 0 < percent <= 100):
        raise FaultError(f"{text!r} would never happen: a count is 1 or more, a percentage above 0 and at most 100.")
    return Fault(text.strip(), models[0].name, error, after, count, percent)


def _operations(name: str) -> list[OperationModel]:
    from travel_tui.local.wire.models import service_model
    from travel_tui.local.wire.routing import SERVICES

    models = [service_model(service) for services in SERVICES.values() for service in services]
    found = [model.operation_model(name) for model in models if name in model.operation_names]
    if not found:
        names = sorted({name for model in models for name in model.operation_names})
        from difflib import get_close_matches

        near = get_close_matches(name, names, n=5, cutoff=0.5) or ["InvokeAgent", "GetAgentMemory", "CreateAgent"]
        services = ", ".join(model.service_name for model in models)
        raise FaultError(f"There is no operation {name} in {services}. Did you mean {', '.join(near)}?")
    return found


def _error(models: list[OperationModel], name: str) -> str:
    operation = models[0]
    modelled: list[str] = [
        shape.metadata.get("error", {}).get("code", shape.name) for m in models for shape in m.error_shapes
    ]
    words = [word for word in KINDS if word != "maintenance-mode"] if operation.name == "InvokeAgent" else []
    if not words:
        words = ["stall", "drop", *(["maintenance-mode"] if operation.name == "CreateAgent" else [])]
    there = [*dict.fromkeys([*modelled, *_ANYWHERE]), *words]
    wanted = name.lower().removesuffix("exception")
    for each in there:
        if each.lower().removesuffix("exception") == wanted:
            return each
    raise FaultError(f"{operation.name} has no error {name}. It has: {', '.join(there)}.")


def _after(models: list[OperationModel], error: str, moment: str | None) -> int | None:
    if moment is None:
        return 0 if error in _IN_STREAM else None
    union = models[0].get_event_stream_output()
    if error in _OF_AGENT or error in {"no-final-chunk", "maintenance-mode"}:
        raise FaultError(f"{error} has a moment of its own: leave out @{moment}.")
    if moment == "before":
        if error in _IN_STREAM:
            raise FaultError(f"{error} can happen only inside a stream: @stream, or @ and a number of events.")
        return None
    if moment != "stream" and not moment.isdecimal():
        raise FaultError(f"There is no moment @{moment}. There are: @before, @stream, @ and a number of events.")
    if union is None:
        raise FaultError(f"{models[0].name} answers with no event stream: its faults happen @before.")
    if error not in KINDS and in_stream(error) not in union.members:  # type: ignore[attr-defined]
        there = [name for name in union.members if name.endswith("Exception")]  # type: ignore[attr-defined]
        raise FaultError(f"{error} cannot come inside the stream. These can: {', '.join(there)}.")
    return 0 if moment == "stream" else int(moment)


def in_stream(code: str) -> str:
    """An error's name inside an event stream."""
    return code[0].lower() + code[1:]


class Faults:
    """The faults of a run, and how often each still happens."""

    def __init__(self, faults: Iterable[Fault] = (), seed: int | None = None) -> None:
        """With a seed, a percentage meets the same calls every time."""
        self._first = tuple(faults)
        self._seed = seed
        self._active: list[tuple[Fault, random.Random]] = []
        self._met: dict[int, int] = {}
        self.reset()

    def reset(self) -> None:
        """Those of the start, as at the start."""
        self._active, self._met = [], {}
        self.add(self._first)

    def add(self, faults: Iterable[Fault]) -> None:
        """Have these happen too, after those that are there."""
        for fault in faults:
            seed = None if self._seed is None else f"{self._seed} {len(self._active)} {fault.text}"
            self._active.append((fault, random.Random(seed)))  # noqa: S311 - chance for tests, no secret

    def clear(self) -> None:
        """Have none happen any more."""
        self._active, self._met = [], {}

    def active(self) -> list[tuple[Fault, int]]:
        """The faults, and how many calls met each so far."""
        return [(fault, self._met.get(number, 0)) for number, (fault, _) in enumerate(self._active)]

    def on_wire(self, operation: str) -> Fault | None:
        """The fault that this call of an operation meets on its way, if any."""
        return self._next(operation, None)

    def happens(self, operation: str, error: str) -> bool:
        """Whether a fault of the agent's own meets this call."""
        return self._next(operation, error) is not None

    def _next(self, operation: str, error: str | None) -> Fault | None:
        for number, (fault, chance) in enumerate(self._active):
            if fault.operation != operation or (fault.error != error if fault.in_turn else error is not None):
                continue
            met = self._met.get(number, 0)
            if fault.count is not None and met >= fault.count:
                continue
            if fault.percent is not None and chance.random() * 100 >= fault.percent:
                continue
            self._met[number] = met + 1
            return fault
        return None
