"""Fault injection: parses and counts OPERATION=ERROR[@MOMENT][:COUNT|:PERCENT%].

ERROR is an error listed in the operation's service model, one that any operation can have, or a key of `KINDS`. MOMENT
is `before` (before any response), `stream` (inside the event stream, before its first event) or the number of events
after which the fault occurs. COUNT is the number of calls affected, PERCENT the probability for each call.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.model import OperationModel, ServiceModel

KINDS: Mapping[str, str] = {
    "stall": "the answer stops coming and the connection stays open",
    "drop": "the connection is closed",
    "corrupt": "an event arrives with a wrong checksum",
    "truncate": "an event is cut in half, and the stream then ends as if complete",
    "no-final-chunk": "the stream ends as if complete, without its last piece of text",
    "summary-never": "an ended session never gets a summary",
    "summary-forgets": "a summary arrives that has none of the facts",
    "memory-not-injected": "a session starts without its memory in the prompt",
    "memory-ignored": "the memory is in the prompt, but the agent ignores it",
    "extraction-never": "an event of a memory is never extracted",
    "extraction-fails": "the extraction of an event ends as a failed job",
    "extraction-forgets": "the extraction of an event finds none of the facts in it",
    "retrieval-empty": "a search in a memory finds nothing",
    "deletion-lags": "a deleted record is still listed for a while",
    "batch-partly-fails": "every second record of a batch is refused",
    "hook-events": "the stream of a harness has the events of hooks",
    "partial-turn": "a harness stops in the middle of its answer",
    "several-messages": "a harness runs a tool of its own before it answers",
    "maintenance-mode": "the 403 for accounts that had no agents before the service went into maintenance",
}
"""Kinds of faults besides the errors in the service models."""

_IN_STREAM = frozenset({"corrupt", "truncate", "no-final-chunk"})
_WIRE = ("stall", "drop")
_STREAM = (*_WIRE, "corrupt", "truncate", "no-final-chunk")
_OF_MEMORY = ("memory-not-injected", "memory-ignored")
_KINDS_OF: Mapping[str, tuple[str, ...]] = {
    "InvokeAgent": (*_STREAM, "summary-never", "summary-forgets", *_OF_MEMORY),
    "CreateAgent": (*_WIRE, "maintenance-mode"),
    "InvokeHarness": (*_STREAM, *_OF_MEMORY, "hook-events", "partial-turn", "several-messages"),
    "CreateEvent": (*_WIRE, "extraction-never", "extraction-fails", "extraction-forgets"),
    "RetrieveMemoryRecords": (*_WIRE, "retrieval-empty"),
    "BatchCreateMemoryRecords": (*_WIRE, "batch-partly-fails"),
    "DeleteMemoryRecord": (*_WIRE, "deletion-lags"),
    "BatchDeleteMemoryRecords": (*_WIRE, "deletion-lags"),
}
"""The kinds that each operation can have; others have those of the wire."""
_OF_AGENT = frozenset(KINDS) - {*_STREAM, "maintenance-mode"}
_OUTSIDE_UNION = {("InvokeHarness", "ThrottlingException")}
"""Errors that come inside a stream although its union does not list them."""
_ANYWHERE = ("AccessDeniedException", "ExpiredTokenException", "InternalServerException", "ThrottlingException")
_SPEC = re.compile(
    r"(?P<operation>\w+)=(?P<error>[\w-]+)(?:@(?P<moment>\w+))?(?::(?:(?P<count>\d+)|(?P<percent>\d+(?:\.\d+)?)%))?"
)
_FORM = (
    "Write OPERATION=ERROR[@MOMENT][:COUNT|:PERCENT%], such as InvokeAgent=ThrottlingException:2, where ERROR is an "
    f"error of the operation or one of {', '.join(KINDS)}."
)


class FaultError(ValueError):
    """Invalid fault; the message gives the reason and the alternatives."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault to inject into an operation."""

    text: str
    """The text that the fault was parsed from."""
    operation: str
    error: str
    """A key of KINDS, or the code of a service error."""
    after: int | None
    """Number of events before the fault; None if it occurs before any response or has no moment."""
    count: int | None = None
    percent: float | None = None

    @property
    def in_turn(self) -> bool:
        """Whether the fault affects the agent or its memory, as opposed to the wire."""
        return self.error in _OF_AGENT


def read_fault(text: str) -> Fault:
    """Parse a fault. Raises FaultError."""
    found = _SPEC.fullmatch(text.strip())
    if not found:
        raise FaultError(f"{text!r} is not a fault. {_FORM}")
    models = _operations(found["operation"])
    error = _error(models, found["error"])
    after = _after(models, error, found["moment"])
    count = int(found["count"]) if found["count"] else None
    percent = float(found["percent"]) if found["percent"] else None
    if count == 0 or (percent is not None and not 0 < percent <= 100):
        raise FaultError(f"{text!r} would never happen: a count is 1 or more, a percentage above 0 and at most 100.")
    return Fault(text.strip(), models[0].name, error, after, count, percent)


def _operations(name: str) -> list[OperationModel]:
    from travel_tui.local.wire.models import available_services, service_model
    from travel_tui.local.wire.routing import SERVICES

    known = available_services()
    names = sorted((service for services in SERVICES.values() for service in services), key=_is_large)
    models: list[ServiceModel] = []
    found: list[OperationModel] = []
    for service in names:
        if found and _is_large(service):
            break
        if service not in known:  # the installed botocore may be older than the service
            continue
        models.append(service_model(service))
        found += [model.operation_model(name) for model in models[-1:] if name in model.operation_names]
    if not found:
        names = sorted({name for model in models for name in model.operation_names})
        from difflib import get_close_matches

        near = get_close_matches(name, names, n=5, cutoff=0.5) or ["InvokeAgent", "GetAgentMemory", "CreateAgent"]
        services = ", ".join(model.service_name for model in models)
        raise FaultError(f"There is no operation {name} in {services}. Did you mean {', '.join(near)}?")
    return found


def _is_large(service: str) -> bool:
    """Whether a service's model takes long to load; those are looked into last."""
    return service.startswith("bedrock-agentcore")


def _error(models: list[OperationModel], name: str) -> str:
    operation = models[0]
    modelled: list[str] = [
        shape.metadata.get("error", {}).get("code", shape.name) for m in models for shape in m.error_shapes
    ]
    words = _KINDS_OF.get(operation.name, _WIRE)
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
    outside = (models[0].name, error) in _OUTSIDE_UNION
    if error not in KINDS and not outside and in_stream(error) not in union.members:  # type: ignore[attr-defined]
        there = [name for name in union.members if name.endswith("Exception")]  # type: ignore[attr-defined]
        raise FaultError(f"{error} cannot come inside the stream. These can: {', '.join(there)}.")
    return 0 if moment == "stream" else int(moment)


def in_stream(code: str) -> str:
    """Return an error's name inside an event stream."""
    return code[0].lower() + code[1:]


class Faults:
    """The faults of a run, and how often each is still to be injected."""

    def __init__(self, faults: Iterable[Fault] = (), seed: int | None = None) -> None:
        """With a seed, a percentage affects the same calls in every run."""
        self._first = tuple(faults)
        self._seed = seed
        self._active: list[tuple[Fault, random.Random]] = []
        self._met: dict[int, int] = {}
        self.reset()

    def reset(self) -> None:
        """Restore the initial faults and their counts."""
        self._active, self._met = [], {}
        self.add(self._first)

    def add(self, faults: Iterable[Fault]) -> None:
        """Add faults, which are checked after the existing ones."""
        for fault in faults:
            seed = None if self._seed is None else f"{self._seed} {len(self._active)} {fault.text}"
            self._active.append((fault, random.Random(seed)))  # noqa: S311 - randomness for tests, not a secret

    def clear(self) -> None:
        """Remove all faults."""
        self._active, self._met = [], {}

    def active(self) -> list[tuple[Fault, int]]:
        """Return the faults, each with the number of calls affected so far."""
        return [(fault, self._met.get(number, 0)) for number, (fault, _) in enumerate(self._active)]

    def on_wire(self, operation: str) -> Fault | None:
        """Return the wire fault for this call of an operation, if any."""
        return self._next(operation, None)

    def happens(self, operation: str, error: str) -> bool:
        """Whether a fault of the agent or its memory affects this call."""
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
