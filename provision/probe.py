"""Probe of a harness: at most three turns of a user of its own, which find out what AWS does not document.

It reads and deletes that user's events and records alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar

from provision.connect import Account
from provision.probe_points import (
    CORRECTION,
    FACT,
    FIRST_NAME,
    IMPORTED,
    QUESTION,
    QUESTIONS,
    SECOND_NAME,
    TOWN,
    Point,
    about_cancel,
    about_consolidation,
    about_import,
    about_recall,
    about_summaries,
    undecided,
)
from provision.probe_stop import stop_session
from travel_tui.agent import (
    Agent,
    AgentError,
    ErrorKind,
    MemoryKind,
    MemoryRecord,
    Problem,
    TextDelta,
    TurnFailed,
    TurnRequest,
)
from travel_tui.agentcore_config import AgentCoreConfig
from travel_tui.backends.shared.threads import in_thread
from travel_tui.ids import Ids
from travel_tui.memory_store import NewRecord, Strategy, record_importer

T = TypeVar("T")

PREFIX = "travel-tui-probe-"
"""Begins the memory id and the session ids of every probe."""
LISTED_S = 60.0
"""Seconds to wait for a record that was added to be listed and found."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 5.0


class Probe:
    """One probe. `say` is called with what it does next."""

    def __init__(
        self,
        agent: Agent,
        account: Account,
        target: AgentCoreConfig,
        ids: Ids,
        now: datetime,
        *,
        wait_s: float,
        say: Callable[[str], None],
    ) -> None:
        """`wait_s` is the longest wait for records after a turn, in seconds. Raises AgentError without a memory."""
        if (store := record_importer(agent)) is None:
            raise AgentError(_NO_STRATEGY)
        self._agent, self._store, self._account, self._target = agent, store, account, target
        self._now, self._wait_s, self._say = now, wait_s, say
        name = ids.hex(12)
        self.memory_id = f"{PREFIX}{name}"
        self._recall_session, self._session = f"{PREFIX}recall-{name}", f"{PREFIX}facts-{name}"
        self._token = ids.uuid()
        self._points: dict[str, Point] = {}
        self.left = ""
        """Why something of the probe may be left; empty if nothing is."""

    async def run(self) -> tuple[Point, ...]:
        """Ask, wait and clean up, also if cancelled. Failures become undecided points."""
        try:
            async with self._about("import", "recall"):
                await self._recall()
            async with self._about("summaries", "consolidation"):
                await self._facts()
            async with self._about("cancel"):
                self._say("Stopping the session…")
                tried = await in_thread(lambda: stop_session(self._account, self._target, self._session))
                self._points["cancel"] = about_cancel(tried)
        finally:
            self._say("Cleaning up…")
            self.left = await self._clean_up()
        return tuple(self._points.get(each) or undecided(each, "Not reached.") for each in QUESTIONS)

    async def _recall(self) -> None:
        """Add a record, and ask for it in a session that does not know it otherwise."""
        self._say("Adding a record…")
        strategy, namespace = await self._place()
        record = NewRecord("imported", namespace, IMPORTED, self._now)
        (first,) = await self._store.add_records(strategy, [record], self._token)
        (again,) = await self._store.add_records(strategy, [record], self._token)
        listed = await self._seen(self._imported, _any, LISTED_S) if first.record_id else []
        self._points["import"] = about_import(first, again, listed)
        if not listed:
            self._points["recall"] = undecided("recall", "There is no record to recall.")
            return
        would = await self._seen(self._would_recall, _found, LISTED_S)
        self._say("Turn 1 of 3…")
        self._points["recall"] = about_recall(would, await self._turn(self._recall_session, QUESTION))

    async def _place(self) -> tuple[Strategy, str]:
        """Return the strategy and namespace for the added record: if possible one that is recalled from."""
        kinds = (MemoryKind.SESSION_SUMMARY, MemoryKind.FACT)
        strategies = [each for kind in kinds for each in await self._store.strategies() if each.kind is kind]
        if not strategies:
            raise AgentError(_NO_STRATEGY)
        places = [(each, self._store.namespace_of(each, self.memory_id, f"{PREFIX}added")) for each in strategies]
        for strategy, namespace in places:
            if await self._store.recalls_from(namespace, self.memory_id):
                return strategy, namespace
        return places[0]

    async def _facts(self) -> None:
        """Tell a fact and correct it, and look at the records of both."""
        self._say("Turn 2 of 3…")
        await self._turn(self._session, FACT)
        before = await self._records_with(FIRST_NAME)
        self._say("Turn 3 of 3…")
        await self._turn(self._session, CORRECTION)
        after = await self._records_with(SECOND_NAME)
        self._points["summaries"] = about_summaries(after, self._session)
        self._points["consolidation"] = about_consolidation(before, after)

    async def _turn(self, session_id: str, text: str) -> str:
        """Send a turn and return its answer. Raises AgentError."""
        answer = ""
        async for event in self._agent.invoke(TurnRequest(text, session_id, self.memory_id)):
            if isinstance(event, TextDelta):
                answer += event.text
            elif isinstance(event, TurnFailed):
                raise AgentError(event.problem)
        return answer

    async def _records_with(self, word: str) -> list[MemoryRecord]:
        """Wait until facts with a word and a summary are listed, and return all records as they are then."""
        self._say(f"Waiting for records, up to {self._wait_s:.0f} s…")
        kinds = {each.kind for each in await self._store.strategies() if each.active}

        def complete(found: Sequence[MemoryRecord]) -> bool:
            facts = MemoryKind.FACT not in kinds or _has([e for e in found if e.kind is MemoryKind.FACT], word)
            summary = any(each.session_id == self._session for each in found)
            return facts and (summary or MemoryKind.SESSION_SUMMARY not in kinds)

        return await self._seen(lambda: self._agent.list_memories(self.memory_id), complete, self._wait_s)

    async def _imported(self) -> list[MemoryRecord]:
        return [each for each in await self._agent.list_memories(self.memory_id) if each.text == IMPORTED]

    async def _would_recall(self) -> list[MemoryRecord] | None:
        found = await self._store.preview_recall(self.memory_id, self._recall_session, QUESTION)
        return None if found is None else found[0]

    async def _seen(self, look: Callable[[], Awaitable[T]], enough: Callable[[T], bool], limit_s: float) -> T:
        """Look until it is enough or the time is over, and return what was seen last."""
        loop = asyncio.get_running_loop()
        deadline, pause_s = loop.time() + limit_s, _FIRST_PAUSE_S
        while not enough(found := await look()) and loop.time() < deadline:
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        return found

    @asynccontextmanager
    async def _about(self, *names: str) -> AsyncIterator[None]:
        """Turn a failure into undecided points."""
        try:
            yield
        except AgentError as error:
            for each in names:
                self._points.setdefault(each, undecided(each, str(error.problem)))

    async def _clean_up(self) -> str:
        """Delete the probe's events and records; return why something may be left."""
        try:
            await self._agent.delete_memory(self.memory_id)
            left = await self._seen(
                lambda: self._agent.list_memories(self.memory_id), lambda found: not found, LISTED_S
            )
        except AgentError as error:
            return str(error.problem)
        return f"{len(left)} records are still listed, as AWS does for some minutes." if left else ""


def _any(records: Sequence[MemoryRecord]) -> bool:
    return bool(records)


def _found(records: Sequence[MemoryRecord] | None) -> bool:
    """Whether the added record would be recalled, or that cannot be told."""
    return records is None or _has(records, TOWN)


def _has(records: Sequence[MemoryRecord], word: str) -> bool:
    return any(word in each.text for each in records)


_NO_STRATEGY = Problem(
    ErrorKind.INVALID, "The memory has no strategy for summaries or facts.", "", "Add one (UpdateMemory)."
)
