"""Checks of everything that chatting with an agent needs on AWS. Read-only, with a time limit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from provision.agent_inventory import AgentReport
from provision.connect import Account
from provision.doctor_agent import about_agent
from provision.doctor_agentcore import about_agentcore, inspect, records
from provision.doctor_reach import caller, functions, model
from provision.doctor_result import CheckResult, CheckStatus
from travel_tui.agent import AgentError, ErrorKind
from travel_tui.agentcore_config import AgentCoreConfig
from travel_tui.backends.shared.boto_clients import RetryPolicy
from travel_tui.backends.shared.threads import in_thread
from travel_tui.config import AgentConfig

T = TypeVar("T")

LIMIT_S = 8.0
"""Seconds until unfinished checks are given up, regardless of the number of calls: doctor must take at most 10 s."""
_HURRIED = RetryPolicy(read_s=5, attempts=1, connect_s=4)
_ORDER = (
    "credentials", "Region", "agent", "alias", "harness", "memory", "strategies", "functions", "model", "memory read",
    "records",
)  # fmt: skip
_FOR_ALL = frozenset({ErrorKind.CREDENTIALS, ErrorKind.UNREACHABLE, ErrorKind.STALLED})
"""Errors that affect every call alike, so that they are reported once."""


def _opened(place: AgentConfig) -> tuple[Account, str | None]:
    """Return the location's account and its endpoint, or None for AWS's own. Raises AgentError."""
    account = Account(place.profile, place.region, place.endpoint_url, _HURRIED)
    return account, account.endpoint_url if account.region else None


class Examination:
    """One check of an agent's location, and with an `agent_id` of the agent; `place` may have no agent id."""

    def __init__(self, place: AgentConfig, memory_id: str, limit_s: float = LIMIT_S) -> None:
        self._place = place
        self._memory_id = memory_id
        self._limit_s = limit_s
        self._deadline = 0.0
        self._failures: dict[CheckResult, ErrorKind] = {}

    async def findings(self) -> list[CheckResult]:
        """Return the results, in the order of the screen. Raises only programming errors."""
        loop = asyncio.get_running_loop()
        self._deadline = loop.time() + LIMIT_S
        place = self._place
        opened = await self._tried("credentials", lambda: _opened(place))
        if isinstance(opened, CheckResult):
            settings = self._failures[opened] is not ErrorKind.CREDENTIALS
            return [replace(opened, subject="settings") if settings else opened]
        account, endpoint_url = opened
        self._deadline = loop.time() + self._limit_s  # creating the clients sends nothing, so it is not counted
        jobs = [self._single("credentials", lambda: caller(account))]
        if account.region is None:
            advice = "Pass --region, or set AWS_REGION."
            found = [CheckResult("Region", CheckStatus.BROKEN, "No AWS Region is set.", advice)]
        else:
            at = f", at {endpoint_url}" if endpoint_url else ""
            found = [CheckResult("Region", CheckStatus.GOOD, f"{account.region}{at}")]
            if place.agentcore is not None:
                jobs.append(self._agentcore(account, place.agentcore))
            elif place.agent_id:
                jobs.append(self._agent(account))
                jobs.append(self._single("memory read", lambda: self._memory_read(account)))
        for each in await asyncio.gather(*jobs):
            found += each
        return self._told_once(sorted(found, key=lambda each: _ORDER.index(each.subject)))

    async def _single(self, subject: str, look: Callable[[], CheckResult]) -> list[CheckResult]:
        return [await self._tried(subject, look)]

    async def _agent(self, account: Account) -> list[CheckResult]:
        found = await self._tried("agent", lambda: account.inspect(self._place.agent_id, self._place.alias_id))
        if isinstance(found, CheckResult):
            return [found]
        reached = await asyncio.gather(
            self._tried("functions", lambda: functions(account, found)),
            self._tried("model", lambda: model(account, found)),
        )
        return [*about_agent(found, account.place.options), *reached]

    async def _agentcore(self, account: Account, target: AgentCoreConfig) -> list[CheckResult]:
        subject = "harness" if target.harness_arn else "memory"
        found = await self._tried(subject, lambda: inspect(account, target))
        if isinstance(found, CheckResult):
            return [found]
        return [*about_agentcore(found), await self._tried("records", lambda: records(account, found))]

    def _memory_read(self, account: Account) -> CheckResult:
        began = time.perf_counter()
        found = account.with_memory_read(AgentReport(self._place.agent_id, self._place.alias_id), self._memory_id)
        took_ms = (time.perf_counter() - began) * 1000
        if not found.unchecked:
            return CheckResult("memory read", CheckStatus.GOOD, f"GetAgentMemory answered in {took_ms:.0f} ms")
        (unchecked,) = found.unchecked
        advice = "Ask for what `travel-tui connect --print-policy` prints." if unchecked.denied else ""
        return CheckResult("memory read", CheckStatus.BROKEN, unchecked.why, advice)

    async def _tried(self, subject: str, look: Callable[[], T]) -> T | CheckResult:
        """Return the result of `look`, or a CheckResult about its error."""
        try:
            async with asyncio.timeout_at(self._deadline):
                return await in_thread(look)
        except TimeoutError:
            cause, what = ErrorKind.STALLED, f"No answer arrived within {self._limit_s:g} s."
            advice = "Check the network, the proxy and --region."
        except AgentError as error:
            problem = error.problem
            cause, what, advice = problem.cause, f"{problem.what} {problem.why}".strip(), problem.advice
        failure = CheckResult(subject, CheckStatus.BROKEN, what, advice)
        self._failures[failure] = cause
        return failure

    def _told_once(self, found: list[CheckResult]) -> list[CheckResult]:
        told: set[ErrorKind | str] = set()
        once = []
        for each in found:
            cause = self._failures.get(each)
            if cause in told or (cause and each.found in told):
                once.append(CheckResult(each.subject, CheckStatus.SKIPPED, "Skipped, for the same reason."))
                continue
            if cause:
                told |= {cause, each.found} if cause in _FOR_ALL else {each.found}
            once.append(each)
        return once
