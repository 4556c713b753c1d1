"""Looks at all that talking with an agent needs on AWS. It only reads, and gives up in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from provision.connect import Account
from provision.doctor_agent import about_agent
from provision.doctor_reach import caller, functions, model
from provision.finding import Finding, Verdict
from provision.found import Found
from travel_tui.agent import AgentError, Cause
from travel_tui.bedrock.boto_clients import Patience
from travel_tui.bedrock.threads import in_thread
from travel_tui.config import AgentConfig

T = TypeVar("T")

LIMIT_S = 8.0
"""When what has not answered is given up, however many calls it makes: the whole of doctor is to take 10 s at most."""
_HURRIED = Patience(read_s=5, attempts=1, connect_s=4)
_ORDER = ("credentials", "Region", "agent", "alias", "memory", "functions", "model", "memory read")
_FOR_ALL = frozenset({Cause.CREDENTIALS, Cause.UNREACHABLE, Cause.STALLED})
"""Causes that meet every call alike, so that they are told once."""


class Examination:
    """One look at an agent's place, and with an `agent_id` at the agent; `place` may lack one."""

    def __init__(self, place: AgentConfig, memory_id: str, limit_s: float = LIMIT_S) -> None:
        self._place = place
        self._memory_id = memory_id
        self._limit_s = limit_s
        self._deadline = 0.0
        self._failures: dict[Finding, Cause] = {}

    async def findings(self) -> list[Finding]:
        """What was found, in the order of the screen. Raises only what is a mistake of the program."""
        self._deadline = asyncio.get_running_loop().time() + self._limit_s
        place = self._place
        account = await self._tried(
            "credentials", lambda: Account(place.profile, place.region, place.endpoint_url, _HURRIED)
        )
        if isinstance(account, Finding):
            return [account]
        jobs = [self._single("credentials", lambda: caller(account))]
        if account.region is None:
            advice = "Name one with --region, or set AWS_REGION."
            found = [Finding("Region", Verdict.BROKEN, "No AWS Region is chosen.", advice)]
        else:
            at = f", at {account.endpoint_url}" if account.endpoint_url else ""
            found = [Finding("Region", Verdict.GOOD, f"{account.region}{at}")]
            if place.agent_id:
                jobs.append(self._agent(account))
                jobs.append(self._single("memory read", lambda: self._memory_read(account)))
        for each in await asyncio.gather(*jobs):
            found += each
        return self._told_once(sorted(found, key=lambda each: _ORDER.index(each.subject)))

    async def _single(self, subject: str, look: Callable[[], Finding]) -> list[Finding]:
        return [await self._tried(subject, look)]

    async def _agent(self, account: Account) -> list[Finding]:
        found = await self._tried("agent", lambda: account.look(self._place.agent_id, self._place.alias_id))
        if isinstance(found, Finding):
            return [found]
        reached = await asyncio.gather(
            self._tried("functions", lambda: functions(account, found)),
            self._tried("model", lambda: model(account, found)),
        )
        return [*about_agent(found, account.place.options), *reached]

    def _memory_read(self, account: Account) -> Finding:
        began = time.perf_counter()
        found = account.with_memory_read(Found(self._place.agent_id, self._place.alias_id), self._memory_id)
        took_ms = (time.perf_counter() - began) * 1000
        if not found.unchecked:
            return Finding("memory read", Verdict.GOOD, f"GetAgentMemory answered in {took_ms:.0f} ms")
        (unchecked,) = found.unchecked
        advice = "Ask for what `travel-tui connect --print-policy` prints." if unchecked.denied else ""
        return Finding("memory read", Verdict.BROKEN, unchecked.why, advice)

    async def _tried(self, subject: str, look: Callable[[], T]) -> T | Finding:
        """What `look` returns, or a finding of why it did not."""
        try:
            async with asyncio.timeout_at(self._deadline):
                return await in_thread(look)
        except TimeoutError:
            cause, what = Cause.STALLED, f"No answer came within {self._limit_s:g} s."
            advice = "Check the network, the proxy and --region."
        except AgentError as error:
            trouble = error.trouble
            cause, what, advice = trouble.cause, f"{trouble.what} {trouble.why}".strip(), trouble.advice
        failure = Finding(subject, Verdict.BROKEN, what, advice)
        self._failures[failure] = cause
        return failure

    def _told_once(self, found: list[Finding]) -> list[Finding]:
        told: set[Cause] = set()
        once = []
        for each in found:
            cause = self._failures.get(each)
            if cause in told:
                once.append(Finding(each.subject, Verdict.SKIPPED, "Not looked at, for the same reason."))
                continue
            if cause in _FOR_ALL:
                told.add(cause)
            once.append(each)
        return once
