"""Extraction of records from events, some time after they are stored."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from datetime import timedelta

from travel_tui.ids import Ids
from travel_tui.local.agent_model import AgentModel, ModelError
from travel_tui.local.faults import Faults
from travel_tui.local.memory_extraction.drafts import Draft
from travel_tui.local.memory_extraction.messages import Message, messages_of
from travel_tui.local.memory_extraction.strategy_kinds import EPISODES
from travel_tui.local.runtime.agentcore_resources import MEMORY
from travel_tui.local.runtime.consolidation import store_drafts
from travel_tui.local.runtime.memory_strategies import (
    ActiveStrategy,
    active_strategies,
    forget_facts,
)
from travel_tui.local.runtime.record_metadata import of_partition, partitions
from travel_tui.local.settings import Settings
from travel_tui.local.state.database import Database
from travel_tui.local.state.dropped_memories import DroppedMemories
from travel_tui.local.state.extraction_queue import ExtractionBatch, ExtractionQueue, FailedJob, PendingEpisode
from travel_tui.local.state.memory_events import MemoryEvent, MemoryEvents
from travel_tui.local.state.memory_records import MAX_RECORDS, MemoryRecords
from travel_tui.local.state.resources import Document, Resources
from travel_tui.local.state.scope import scope_of_arn
from travel_tui.local.time import EndpointClock

_MAX_EARLIER = 30
"""Events before those extracted that tell what pronouns and changes refer to."""
_PAUSE_S = 0.002
"""Time for requests between two batches: each needs several turns of the event loop."""
_MAX_IN_EPISODE = 200
"""Events of a session that one episode is made of."""
_FAULTS = {"extraction-fails": "fails", "extraction-forgets": "forgets"}
_REASON = "LTM_RATE_EXCEEDED"
"""The reason that AWS documents for a failed job (AgentCore developer guide, redriving extraction)."""
_MAX_REASON = 500
"""Characters of a model's words in the reason of a failed job."""

_Drafted = tuple[ActiveStrategy, list[Draft], list[MemoryEvent]]
"""What a strategy made of a group of events."""

log = logging.getLogger(__name__)


class ExtractionManager:
    """Schedules the extraction of events; a background task does whatever is due."""

    def __init__(
        self,
        settings: Settings,
        clock: EndpointClock,
        ids: Callable[[], Ids],
        faults: Faults,
        database: Database,
        events: MemoryEvents,
        records: MemoryRecords,
        queue: ExtractionQueue,
        dropped: DroppedMemories,
        model: AgentModel,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._ids = ids
        self._faults = faults
        self._database = database
        self._events = events
        self._records = records
        self._queue = queue
        self._dropped = dropped
        self._model = model
        self._chance = random.Random(settings.seed)  # noqa: S311 - randomness for tests, not a secret
        self._wake = asyncio.Event()
        self._working = asyncio.Lock()
        clock.on_advance(self._wake.set)
        now_s = clock.seconds()
        queue.cap_due_times(now_s + max(settings.extraction_delays), now_s + max(settings.episode_delays))

    def schedule(self, memory: Document, event: MemoryEvent) -> None:
        """Schedule the extraction of an event by the strategies that are active now."""
        strategies = active_strategies(memory)
        if not strategies or self._faults.happens("CreateEvent", "extraction-never"):
            return
        outcome = next((o for fault, o in _FAULTS.items() if self._faults.happens("CreateEvent", fault)), "")
        now_s = self._clock.seconds()
        if any(strategy.kind != EPISODES for strategy in strategies):
            self._queue.add(
                event.key, event.row, now_s + self._chance.uniform(*self._settings.extraction_delays), outcome
            )
        if any(strategy.kind == EPISODES for strategy in strategies):
            due_s = now_s + self._chance.uniform(*self._settings.episode_delays)
            self._queue.expect_episode(event.key, event.row, due_s)
        self._wake.set()

    def retry(self, job: FailedJob) -> None:
        """Run a failed extraction again, after the same delay as a new one."""
        self._queue.retry(job, self._clock.seconds() + self._chance.uniform(*self._settings.extraction_delays))
        self._wake.set()

    def wake(self) -> None:
        """Look again at what is due: something was scheduled."""
        self._wake.set()

    async def run(self) -> None:
        """Do what falls due until cancelled."""
        while True:
            self._wake.clear()
            await self.run_due()
            deadlines = [self._queue.next_due(), self._records.next_gone()]
            await self._clock.wait(min((d for d in deadlines if d is not None), default=None), self._wake)

    async def run_due(self) -> None:
        """Do everything that is due now."""
        async with self._working:  # drafts are written in a thread, and each batch only once
            while batch := self._queue.first_due(self._clock.seconds()):
                await self._extract(batch)
                await asyncio.sleep(_PAUSE_S)
            while episode := self._queue.first_episode(self._clock.seconds()):
                await self._make_episode(episode)
                await asyncio.sleep(_PAUSE_S)
            while True:
                if not self._dropped.delete_some():
                    break
                await asyncio.sleep(0)
            self._records.purge(self._clock.seconds(), self._clock.now())

    async def _extract(self, batch: ExtractionBatch) -> None:
        memory = self._memory(batch.key.memory_arn)
        events = self._events.by_rows(batch.events) if memory else []
        if memory is None or not events:
            self._queue.done(batch)
            return
        earlier = self._events.stored_before(batch.key, min(batch.events), _MAX_EARLIER)
        strategies = [
            strategy
            for strategy in active_strategies(memory)
            if strategy.kind != EPISODES and batch.strategy_id in {"", strategy.strategy_id}
        ]
        drafts, failures = await self._draft(strategies, events, earlier, batch.outcome)
        with self._database.transaction():
            self._queue.done(batch)
            if self._memory(batch.key.memory_arn) is None:  # deleted in the meantime
                return
            self._store(memory, drafts, events)
            for strategy_id, reason in failures:
                self._queue.fail(self._ids().uuid(), batch.key, strategy_id, reason, batch.events)

    async def _make_episode(self, pending: PendingEpisode) -> None:
        memory = self._memory(pending.key.memory_arn)
        events = self._events.stored_from(pending.key, pending.first_event, _MAX_IN_EPISODE) if memory else []
        strategies = [s for s in active_strategies(memory) if s.kind == EPISODES] if memory else []
        drafts, failures = await self._draft(strategies, events, [], "") if events else ([], [])
        with self._database.transaction():
            self._queue.episode_done(pending)
            if memory is None or self._memory(pending.key.memory_arn) is None:
                return
            if events:
                self._store(memory, drafts, events)
            for strategy_id, reason in failures:
                rows = tuple(event.row for event in events)
                self._queue.fail(self._ids().uuid(), pending.key, strategy_id, reason, rows)

    async def _draft(
        self,
        strategies: Sequence[ActiveStrategy],
        events: Sequence[MemoryEvent],
        earlier: Sequence[MemoryEvent],
        outcome: str,
    ) -> tuple[list[_Drafted], list[tuple[str, str]]]:
        """Return each strategy's drafts, and the strategies that failed with the reason."""
        drafts: list[_Drafted] = []
        failures: list[tuple[str, str]] = []
        if outcome == "fails":
            return drafts, [(strategy.strategy_id, _REASON) for strategy in strategies]
        if self._records.count_all() >= MAX_RECORDS:
            return drafts, [(strategy.strategy_id, "ServiceQuotaExceeded: too many records") for strategy in strategies]
        whole = _messages(events), _messages(earlier)
        for strategy, group in [(each, group) for each in strategies for group in partitions(each.schema, events)]:
            messages, before = whole
            if any(key.strict for key in strategy.schema):
                messages, before = _messages(group), _messages(of_partition(strategy.schema, group, earlier))
            if outcome == "forgets":
                messages = forget_facts(messages)
            try:
                made = await self._model.extract(strategy.kind, messages, before)
            except ModelError as error:
                log.warning("The extraction of strategy %s failed: %s", strategy.strategy_id, error)
                failures.append((strategy.strategy_id, f"DependencyFailed: {str(error)[:_MAX_REASON]}"))
            except Exception:  # reported as a failed job, as on AWS
                log.exception("The extraction of strategy %s failed.", strategy.strategy_id)
                failures.append((strategy.strategy_id, "InternalFailure"))
            else:
                drafts.append((strategy, made, group))
        return drafts, failures

    def _store(
        self,
        memory: Document,
        drafts: Sequence[_Drafted],
        events: Sequence[MemoryEvent],
    ) -> None:
        for strategy, made, group in drafts:
            store_drafts(self._records, self._ids(), memory, strategy, made, group, self._clock.now())
        if memory.get("eventExpiryDuration"):
            before = self._clock.now() - timedelta(days=memory["eventExpiryDuration"])
            self._events.delete_expired(events[-1].key, before)

    def _memory(self, arn: str) -> Document | None:
        found = Resources(self._database, scope_of_arn(arn)).get(MEMORY, arn.rpartition("/")[2])
        return found if found and found["status"] != "DELETING" else None


def _messages(events: Sequence[MemoryEvent]) -> list[Message]:
    """Return the messages of events, without those that were stored with extractionMode SKIP."""
    read = [event.document.get("payload", []) for event in events if "extractionMode" not in event.document]
    return [message for payload in read for message in messages_of(payload)]
