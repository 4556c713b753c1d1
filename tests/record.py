"""Recording of the answers in the client's screenshots, made on the real local endpoint. `make docs-images` runs it.

python -m tests.record
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.endpoint import RunningEndpoint, running_endpoint
from tests.local.agents import changed, confirming, confirming_and_returning
from travel_tui.agent import MemoryRecord, TurnRequest
from travel_tui.archive.records import event_to_json, merge_text_deltas
from travel_tui.backends.factory import open_agent
from travel_tui.config import AgentConfig
from travel_tui.ids import Ids
from travel_tui.local.faults import read_fault
from travel_tui.screenshots.chat_states import OSLO
from travel_tui.screenshots.recording import FILE
from travel_tui.screenshots.scene import NOW, SEED
from travel_tui.tui.demo_script import DEMO_LINES


class Recorder:
    """User Anna at the built-in agent; her session ids are those that the client generates with the same seed."""

    def __init__(self, endpoint: RunningEndpoint) -> None:
        self._ids = Ids(SEED)
        self._agent = open_agent(
            AgentConfig("demo", "TRAVELDEMO", "TSTALIASID", "us-east-1", endpoint_url=endpoint.url)
        )
        self.turns: dict[str, Any] = {}
        self.summaries: dict[str, str] = {}

    def session(self) -> str:
        return self._ids.uuid()

    async def turn(self, name: str, text: str, session_id: str, memory_id: str = "anna") -> None:
        events = [event async for event in self._agent.invoke(TurnRequest(text, session_id, memory_id))]
        self.turns[name] = [json.loads(event_to_json(event)) for event in merge_text_deltas(events)]

    async def _of(self, session_id: str) -> list[MemoryRecord]:
        return [each for each in await self._agent.list_memories("anna") if each.session_id == session_id]

    async def summary(self, name: str, session_id: str) -> None:
        await self._agent.end_session(session_id, "anna")
        while not (found := await self._of(session_id)):  # noqa: ASYNC110 - the service tells nobody
            await asyncio.sleep(0.02)
        self.summaries[name] = found[0].text


async def recorded() -> dict[str, Any]:
    """Return the recording, as stored in its file."""
    with running_endpoint(seed=SEED, now=NOW) as endpoint:
        recorder = Recorder(endpoint)
        first = recorder.session()
        await recorder.turn("book", DEMO_LINES[0], first)
        await recorder.turn("thanks", DEMO_LINES[1], first)
        del recorder.turns["thanks"]  # part of the demo script, but in no screenshot
        await recorder.summary("booked", first)
        second = recorder.session()
        await recorder.turn("extend", DEMO_LINES[4], second)
        await recorder.turn("confirm", DEMO_LINES[5], second)
        await recorder.summary("changed", second)
        third = recorder.session()
        await recorder.turn("trips", DEMO_LINES[8], third)
        await recorder.turn("trips, nothing known", DEMO_LINES[8], recorder.session(), "twin-1")
        endpoint.do(lambda its: its.faults.add([read_fault("InvokeAgent=drop@12:1")]))
        await recorder.turn("dropped", DEMO_LINES[8], third)
        endpoint.do(changed(confirming))
        await recorder.turn("asks", OSLO, recorder.session())
        endpoint.do(changed(confirming_and_returning))
        await recorder.turn("hands back", OSLO, recorder.session())
    return {"turns": recorder.turns, "summaries": recorder.summaries}


def written(recording: dict[str, Any]) -> str:
    """Serialize the recording, one event per line, so that diffs are readable."""
    turns = (
        f"    {json.dumps(name)}: [\n" + ",\n".join(f"      {json.dumps(event)}" for event in events) + "\n    ]"
        for name, events in recording["turns"].items()
    )
    summaries = json.dumps(recording["summaries"], indent=4).replace("\n}", "\n  }")
    return '{\n  "turns": {\n' + ",\n".join(turns) + '\n  },\n  "summaries": ' + summaries + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(written(asyncio.run(recorded())), encoding="utf-8")
