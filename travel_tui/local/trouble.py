"""Makes the faults of the wire happen: before an answer, or to the frames of its event stream."""

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
_CHUNK = b":event-type\x07\x00\x05chunk"
"""How the header that tells a piece of text is encoded."""


class InterruptionError(Exception):
    """The connection is not answered on; `stalls` says whether it stays open all the same."""

    def __init__(self, *, stalls: bool) -> None:
        super().__init__("A fault interrupts this answer.")
        self.stalls = stalls


def before(fault: Fault) -> None:
    """Raise what a fault is whose moment comes before the answer; do nothing where it comes later."""
    if fault.after is not None:
        return
    if fault.error in {"stall", "drop"}:
        raise InterruptionError(stalls=fault.error == "stall")
    if fault.error == "maintenance-mode":
        raise ServiceError("AccessDeniedException", _MAINTENANCE)
    raise ServiceError(fault.error, said(fault))


def spoiled(response: Response, fault: Fault) -> Response:
    """A response whose stream meets the fault. What the agent does, it does to its end all the same."""
    if isinstance(response.body, bytes):
        return response
    spoiler = _Spoiler(fault, response.body, response.abandoned)
    frames = spoiler.without_final_chunk() if fault.error == "no-final-chunk" else spoiler.frames()
    return Response(response.status, response.headers, frames, spoiler.abandon)


class _Spoiler:
    def __init__(self, fault: Fault, frames: AsyncGenerator[bytes, None], hurry: Callable[[], None] | None) -> None:
        self._fault = fault
        self._frames = frames
        self._hurry = hurry
        self._gone = asyncio.Event()

    def abandon(self) -> None:
        """The client has gone."""
        self._gone.set()
        if self._hurry:
            self._hurry()

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """The frames with a fault in them, or up to it."""
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
                content = json.dumps({"message": said(self._fault)}).encode()
                yield eventstream.exception(in_stream(self._fault.error), content)

    async def without_final_chunk(self) -> AsyncGenerator[bytes, None]:
        """All frames but the last that holds text."""
        held = b""
        async with aclosing(self._frames):
            async for frame in self._frames:
                if _CHUNK not in frame[:200]:
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


def said(fault: Fault) -> str:
    """The message of an error that a fault asked for."""
    return f"The fault {fault.text} asked for this error."
