"""Injection of wire faults: before a response, or into the frames of its event stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from travel_tui.local.faults import KINDS, Fault, in_stream
from travel_tui.local.wire import eventstream
from travel_tui.local.wire.errors import ServiceError
from travel_tui.local.wire.http import Response

_MAINTENANCE = (
    "Bedrock Agents is in Maintenance Mode. New agent creation is not available for accounts without prior service "
    "usage. (A fault asked for this.)"
)
_CHUNKS = (b":event-type\x07\x00\x05chunk", b":event-type\x07\x00\x11contentBlockDelta")
"""Encoded headers of frames with a piece of an answer."""


class InterruptionError(Exception):
    """The response is cut off; `stalls` tells whether the connection stays open."""

    def __init__(self, *, stalls: bool) -> None:
        super().__init__("A fault interrupts this answer.")
        self.stalls = stalls


def raise_fault(fault: Fault) -> None:
    """Raise the fault's error if it occurs before the response; do nothing if it occurs later."""
    if fault.after is not None:
        return
    if fault.error in {"stall", "drop"}:
        raise InterruptionError(stalls=fault.error == "stall")
    if fault.error == "maintenance-mode":
        raise ServiceError("AccessDeniedException", _MAINTENANCE)
    raise ServiceError(fault.error, error_message(fault))


def inject_into_stream(response: Response, fault: Fault) -> Response:
    """Return the response with the fault injected into its stream. The turn itself still runs to its end."""
    if isinstance(response.body, bytes):
        return response
    spoiler = _FaultInjector(fault, response.body, response.abandoned)
    frames = spoiler.without_final_chunk() if fault.error == "no-final-chunk" else spoiler.frames()
    return Response(response.status, response.headers, frames, spoiler.abandon)


class _FaultInjector:
    def __init__(self, fault: Fault, frames: AsyncGenerator[bytes, None], hurry: Callable[[], None] | None) -> None:
        self._fault = fault
        self._frames = frames
        self._hurry = hurry
        self._gone = asyncio.Event()

    def abandon(self) -> None:
        """Handle the client's disconnect."""
        self._gone.set()
        if self._hurry:
            self._hurry()

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """Yield the frames, modified or cut off by the fault."""
        number = 0
        async with aclosing(self._frames):
            async for frame in self._frames:
                if number != self._fault.after:
                    yield frame
                elif self._fault.error == "corrupt":
                    yield frame[:-5] + bytes([frame[-5] ^ 1]) + frame[-4:]
                else:
                    if self._fault.error == "truncate":
                        yield frame[: len(frame) // 2]
                    break
                number += 1
            else:
                if number != self._fault.after or self._fault.error in {"corrupt", "truncate"}:
                    return
            if self._fault.error in KINDS:
                await self._cut_off()
            else:
                content = json.dumps({"message": error_message(self._fault)}).encode()
                yield eventstream.exception(in_stream(self._fault.error), content)

    async def without_final_chunk(self) -> AsyncGenerator[bytes, None]:
        """Yield all frames except the last one with text."""
        held = b""
        async with aclosing(self._frames):
            async for frame in self._frames:
                if not any(chunk in frame[:200] for chunk in _CHUNKS):
                    yield frame
                    continue
                if held:
                    yield held
                held = frame

    async def _cut_off(self) -> None:
        if self._hurry:
            self._hurry()
        async for _ in self._frames:
            pass
        if self._fault.error == "stall":
            await self._gone.wait()
        elif self._fault.error == "drop":
            raise InterruptionError(stalls=False)


def error_message(fault: Fault) -> str:
    """Return the message of an injected error."""
    return f"The fault {fault.text} asked for this error."
