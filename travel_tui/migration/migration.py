"""Execution of a migration: batches under client tokens, each noted before it is sent and after it was answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from hashlib import sha256

from travel_tui.agent import Agent, AgentError
from travel_tui.clock import Clock
from travel_tui.ids import Ids
from travel_tui.memory_store import MAX_BATCH, AddedRecord, RecordImporter, RecordQuery, Strategy
from travel_tui.migration.plan import PlannedRecord, RecordStatus, UserPlan, plan_user
from travel_tui.migration.state_file import Batch, MigrationState, WrittenRecord

REPEATED_FOR = timedelta(minutes=10)
"""How long a batch without an answer is repeated under its token. Later the target's list decides what became of it:
how long AWS keeps a token is undocumented, and by then the list has caught up."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The users' records after a run; `error` is why it stopped, if it did."""

    users: tuple[UserPlan, ...]
    error: AgentError | None = None


class Migration:
    """One migration from an agent's summaries to a strategy of a memory."""

    def __init__(
        self,
        source: Agent,
        target: RecordImporter,
        strategy: Strategy,
        state: MigrationState,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._source, self._target, self._strategy = source, target, strategy
        self._state, self._clock, self._ids = state, clock, ids

    async def plan(
        self, memory_ids: Sequence[str], on_user: Callable[[int], None], *, again: bool = False
    ) -> tuple[UserPlan, ...]:
        """Return what is to be written for these users; nothing is changed. Raises AgentError.

        `on_user` is called with the number of each user, from 1. With `again`, what an earlier run wrote and the target
        does not list is to be written too.
        """
        written = {} if again else self._state.written
        plans = []
        for number, memory_id in enumerate(memory_ids, 1):
            on_user(number)
            plans.append(await self._plan(memory_id, written))
        return tuple(plans)

    async def _plan(self, memory_id: str, written: Mapping[str, WrittenRecord]) -> UserPlan:
        def namespace_of(session_id: str) -> str:
            return self._target.namespace_of(self._strategy, memory_id, session_id)

        summaries = await self._source.list_memories(memory_id)
        listed = await self._target.list_records(memory_id, RecordQuery())
        actor = self._target.actor_of(memory_id)
        return plan_user(memory_id, actor, summaries, listed, namespace_of, written)

    async def write(self, users: Sequence[UserPlan], on_batch: Callable[[int], None]) -> Outcome:
        """Write what the plans have to write; `on_batch` is called with the number of records done so far.

        A batch that an earlier run sent without learning its answer comes first. Raises OSError.
        """
        done: dict[str, AddedRecord] = {}
        try:
            for batch, token in self._batches(users):
                for each in await self._send(batch, token):
                    done[each.request_id] = each
                on_batch(len(done))
        except AgentError as error:
            return Outcome(_settled(users, done), error)
        return Outcome(_settled(users, done))

    def _batches(self, users: Sequence[UserPlan]) -> Iterator[tuple[list[PlannedRecord], str]]:
        """Yield each batch with its token."""
        known = {each.record.request_id: each for user in users for each in user.records}
        repeated = self._unanswered(known)
        if repeated and self._state.batch:
            yield repeated, self._state.batch.token
        else:
            self._state.drop_batch()
        again = {each.record.request_id for each in repeated}
        rest = [
            each
            for each in known.values()
            if each.status is RecordStatus.TO_WRITE and each.record.request_id not in again
        ]
        for start in range(0, len(rest), MAX_BATCH):
            yield rest[start : start + MAX_BATCH], self._ids.uuid()

    def _unanswered(self, known: dict[str, PlannedRecord]) -> list[PlannedRecord]:
        """Return the records of the batch whose answer is not known, if it has to be sent again; else none."""
        batch = self._state.batch
        if batch is None or self._clock.now() - batch.sent_at > REPEATED_FOR:
            return []
        found = [known[each] for each in batch.request_ids if each in known]
        if len(found) < len(batch.request_ids) or self._digest(found) != batch.digest:
            return []  # it cannot be repeated as it was
        return found if any(each.status is RecordStatus.TO_WRITE for each in found) else []

    async def _send(self, batch: Sequence[PlannedRecord], token: str) -> list[AddedRecord]:
        records = [each.record for each in batch]
        names = tuple(each.request_id for each in records)
        self._state.begin(Batch(token, self._clock.now(), self._digest(batch), names))
        added = await self._target.add_records(self._strategy, records, token)
        self._state.settle(added, {each.record.request_id: each.sha256 for each in batch})
        return added

    def _digest(self, batch: Sequence[PlannedRecord]) -> str:
        told = [self._strategy.strategy_id, *(asdict(each.record) for each in batch)]
        return sha256(json.dumps(told, default=str).encode()).hexdigest()


def _settled(users: Sequence[UserPlan], done: dict[str, AddedRecord]) -> tuple[UserPlan, ...]:
    """Return the plans with what became of their records; one that was there already stays so."""

    def settled(each: PlannedRecord) -> PlannedRecord:
        added = done.get(each.record.request_id)
        if added is None or each.status is not RecordStatus.TO_WRITE:
            return each
        status = RecordStatus.WRITTEN if added.record_id else RecordStatus.FAILED
        return replace(each, status=status, record_id=added.record_id, reason=added.reason)

    return tuple(replace(user, records=tuple(map(settled, user.records))) for user in users)
