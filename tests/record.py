"""Records what the client's pictures are played from, on the real local endpoint. `make picture` runs it.

python -m tests.record
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.endpoint import RunningEndpoint, running_endpoint
from tests.local.agents import changed, confirming, confirming_and_returning
from travel_tui.agent import SessionSummary, TurnRequest
from travel_tui.archive.records import event_to_json, joined
from travel_tui.bedrock.client import open_agent
from travel_tui.config import AgentConfig
from travel_tui.ids import Ids
from travel_tui.local.faults import read_fault
from travel_tui.shot.recording import FILE
from travel_tui.shot.scene import NOW, SEED
from travel_tui.shot.talking import OSLO
from travel_tui.tui.story import STORY


class Recorder:
    """Anna at the built-in agent; the ids of her sessions are those that the client makes with the same seed."""

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
        self.turns[name] = [json.loads(event_to_json(event)) for event in joined(events)]

    async def _of(self, session_id: str) -> list[SessionSummary]:
        return [each for each in await self._agent.memories("anna") if each.session_id == session_id]

    async def summary(self, name: str, session_id: str) -> None:
        await self._agent.end(session_id, "anna")
        while not (found := await self._of(session_id)):  # noqa: ASYNC110 - the service tells nobody
            await asyncio.sleep(0.02)
        self.summaries[name] = found[0].text


async def recorded() -> dict[str, Any]:
    """The recording, as its file has it."""
    with running_endpoint(seed=SEED, now=NOW) as endpoint:
        anna = Recorder(endpoint)
        first = anna.session()
        await anna.turn("book", STORY[0], first)
        await anna.turn("thanks", STORY[1], first)
        del anna.turns["thanks"]  # it belongs to the story and stands in no picture
        await anna.summary("booked", first)
        second = anna.session()
        await anna.turn("extend", STORY[4], second)
        await anna.turn("confirm", STORY[5], second)
        await anna.summary("changed", second)
        third = anna.session()
        await anna.turn("trips", STORY[8], third)
        await anna.turn("trips, nothing known", STORY[8], anna.session(), "twin-1")
        endpoint.do(lambda its: its.faults.add([read_fault("InvokeAgent=drop@12:1")]))
        await anna.turn("dropped", STORY[8], third)
        endpoint.do(changed(confirming))
        await anna.turn("asks", OSLO, anna.session())
        endpoint.do(changed(confirming_and_returning))
        await anna.turn("hands back", OSLO, anna.session())
    return {"turns": anna.turns, "summaries": anna.summaries}


def written(recording: dict[str, Any]) -> str:
    """As text, an event a line, so that a change can be read."""
    turns = (
        f"    {json.dumps(name)}: [\n" + ",\n".join(f"      {json.dumps(event)}" for event in events) + "\n    ]"
        for name, events in recording["turns"].items()
    )
    summaries = json.dumps(recording["summaries"], indent=4).replace("\n}", "\n  }")
    return '{\n  "turns": {\n' + ",\n".join(turns) + '\n  },\n  "summaries": ' + summaries + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(written(asyncio.run(recorded())), encoding="utf-8")
