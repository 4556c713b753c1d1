"""Reading of an answer's event stream, with checks that it is complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.eventstream import EventStream

from travel_tui.backends.shared.errors import CutOffError
from travel_tui.backends.shared.event_frames import frames

_CONTENT = ("chunk", "returnControl", "files")


def events(stream: EventStream[Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the events as parsed by botocore. Raises its errors, CorruptError and CutOffError.

    An answer is complete if its frames are, there was something other than trace in it, and it is not a mere prefix of
    the final response in the trace.
    """
    answered = False
    reason = final = ""
    said: list[bytes] = []
    for frame in frames(stream):
        event = frame.event
        answered = answered or any(kind in event for kind in _CONTENT)
        reason = event.get("trace", {}).get("trace", {}).get("failureTrace", {}).get("failureReason") or reason
        said.append(event.get("chunk", {}).get("bytes") or b"")
        final = _final_response(event) or final
        if event:
            yield event
    if not answered:
        raise CutOffError(reason or "The stream ended without a word of the answer.")
    text = b"".join(said).decode("utf-8", "replace").strip()
    if text != final.strip() and final.strip().startswith(text):
        raise CutOffError("The stream ended before the last words of the answer, which its trace tells.")


def _final_response(event: Mapping[str, Any]) -> str:
    """Return the complete answer according to the trace; empty if it does not say."""
    orchestration = event.get("trace", {}).get("trace", {}).get("orchestrationTrace") or {}
    observation = orchestration.get("observation") or {} if isinstance(orchestration, Mapping) else {}
    return str((observation.get("finalResponse") or {}).get("text") or "")
