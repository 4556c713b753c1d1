"""What one process of a test run shares: its local endpoint, and the agent that recall checks run on."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from travel_tui.clock import Clock
from travel_tui.ids import Ids
from travel_tui.pytest_plugin.loop_thread import LoopThread
from travel_tui.pytest_plugin.outcome import Undecided
from travel_tui.recall.rate_limiter import RateLimiter

if TYPE_CHECKING:
    from travel_tui.local.state.folder import EndpointFile
    from travel_tui.recall.identity import Identity
    from travel_tui.recall.results import TestResult
    from travel_tui.recall.scenario import Scenario, Test
    from travel_tui.recall.target import Target

T = TypeVar("T")


class Worker:
    """Opens what tests need when they first need it; `close` ends it. Used by one thread."""

    def __init__(self, flags: Sequence[str], agent: str | None) -> None:
        """`flags` are those of `travel-tui local`; `agent` is one of the config, None for the local endpoint's."""
        self.loop = LoopThread()
        self.clock = Clock()
        self._flags = flags
        self._agent = agent
        self._stack = AsyncExitStack()
        self._endpoint: EndpointFile | None = None
        self._locals: dict[str | None, Target] = {}
        self._configured: dict[str, tuple[Target, RateLimiter]] = {}
        self._run_id = Ids().hex(8)
        self._number = 0

    @property
    def endpoint(self) -> EndpointFile:
        """The endpoint of this process, which is started if it does not run. Raises Undecided."""
        if self._endpoint is None:
            self._endpoint = self._opened(self._start(self._stack))
        return self._endpoint

    @property
    def local(self) -> Target:
        """The built-in agent of the endpoint. Raises Undecided."""
        return self._local_of(None)

    def _local_of(self, backend: str | None) -> Target:
        """Return the endpoint's built-in agent of this service, by default of Bedrock Agents. Raises Undecided."""
        from travel_tui.cli.local_target import endpoint_target

        if backend not in self._locals:
            self._locals[backend] = self._opened(endpoint_target(self.endpoint, backend))
        return self._locals[backend]

    def chosen(self, scenario: Scenario | None = None) -> tuple[Target, RateLimiter]:
        """Return the agent that tests run on, and the limiter of its calls.

        It is the local endpoint's without --travel-agent, and for a file whose target is local. Raises Undecided.
        """
        if (agent := self._agent_of(scenario)) is None:
            return self._local_of(scenario.backend if scenario else None), RateLimiter(None)
        if agent not in self._configured:
            self._configured[agent] = self._open_configured(agent)
        return self._configured[agent]

    def unique_suffix(self) -> str:
        """Return an ending for the ids of one test's sessions and memories, other than that of every other test."""
        self._number += 1
        return f"{self._run_id}.{self._number}"

    def run(self, scenario: Scenario, test: Test, attempt: int) -> TestResult:
        """Run one test of a recall file and clean up after it. Raises Undecided where no agent can be had."""
        from travel_tui.recall.identity import Identity
        from travel_tui.recall.single_run import run_single

        def identity(target: Target) -> Identity:
            key, suffix = f"1/{test.name}#{attempt}", self.unique_suffix()
            return Identity(key, scenario.source, test, attempt, suffix, target.capabilities)

        if not test.moves_time:
            target, pace = self.chosen(scenario)
            return self.loop.run(run_single(identity(target), target, pace, self.clock))
        if self._agent_of(scenario) is not None:
            pytest.skip("advance_days needs the local endpoint: run it without --travel-agent")
        return self._opened(self._on_its_own(identity, scenario.backend))

    def _agent_of(self, scenario: Scenario | None) -> str | None:
        """Return the agent of the config for a scenario; None is the local endpoint's."""
        return None if scenario is not None and scenario.local else self._agent

    async def _on_its_own(self, identity: Callable[[Target], Identity], backend: str | None) -> TestResult:
        """Run a test that moves the clock on an endpoint of its own: that of other tests keeps its time."""
        from travel_tui.cli.local_target import endpoint_target
        from travel_tui.recall.single_run import run_single

        async with AsyncExitStack() as stack:
            target = await endpoint_target(await self._start(stack), backend)
            return await run_single(identity(target), target, RateLimiter(None), self.clock)

    async def _start(self, stack: AsyncExitStack) -> EndpointFile:
        from travel_tui.cli.local_target import local_endpoint

        return await stack.enter_async_context(local_endpoint(self._flags))

    def _open_configured(self, agent: str) -> tuple[Target, RateLimiter]:
        import click

        from travel_tui.backends.factory import capabilities_of, open_agent_in_thread
        from travel_tui.cli.agent_options import AgentSelection, on_this_machine
        from travel_tui.cli.local_tool import SET_RUN_FUNCTIONS, call_answerer
        from travel_tui.cli.recall_run import RATE
        from travel_tui.recall.target import Target

        try:
            config = AgentSelection(agent=None if agent == "default" else agent).require()
        except click.ClickException as error:
            raise Undecided(f"{error.message} Without --travel-agent checks run on a local endpoint.") from error
        opened = self._opened(open_agent_in_thread(config))
        workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
        pace = RateLimiter(None if on_this_machine(config.endpoint_url) else RATE / workers)
        target = Target(
            agent,
            opened,
            capabilities_of(config),
            answer_call=call_answerer(config),
            unanswered=SET_RUN_FUNCTIONS if config.agentcore else "",
        )
        return target, pace

    def _opened(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what the coroutine opens; an agent that cannot be had leaves the test undecided."""
        from travel_tui.agent import AgentError

        try:
            return self.loop.run(work)
        except AgentError as error:
            raise Undecided(str(error.problem)) from error

    def close(self) -> None:
        """End the endpoint."""
        self.loop.run(self._stack.aclose())
        self.loop.close()


_WORKER = pytest.StashKey[Worker]()


def worker_of(config: pytest.Config) -> Worker:
    """Return the worker of this process, with the options of the run."""
    if _WORKER not in config.stash:
        config.stash[_WORKER] = Worker(config.getini("travel_local_options"), config.getoption("travel_agent"))
        config.add_cleanup(config.stash[_WORKER].close)
    return config.stash[_WORKER]
