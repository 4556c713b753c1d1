"""Runs recall checks for the command: what to run, on which agents, with which journal."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from travel_tui.cli.recall import UndecidedException
from travel_tui.cli.which import Which, on_this_machine

if TYPE_CHECKING:
    from travel_tui.config import AgentConfig
    from travel_tui.recall.journal import Progress
    from travel_tui.recall.results import Run
    from travel_tui.recall.runner import Job, Options
    from travel_tui.recall.scenario import Scenario
    from travel_tui.recall.target import Target

RATE = 5.0
"""Calls a second on AWS where --rate says nothing: below the quotas of every Region for InvokeAgent."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the command was asked."""

    files: tuple[str, ...]
    target: str | None
    faults: tuple[str, ...]
    jobs: int
    rate: float | None
    repeat: int | None
    only: str
    keep: bool
    resume: str | None
    again: bool
    which: Which


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run, and on what."""

    scenarios: tuple[Scenario, ...]
    jobs: list[Job]
    addresses: tuple[AgentConfig | None, ...]
    """Of each scenario the agent; None is the endpoint of the run's own."""
    faults: tuple[str, ...]
    path: Path
    before: Mapping[str, Progress]
    options: Options
    header: dict[str, Any]

    def address_of(self, scenario: Scenario) -> AgentConfig | None:
        """The agent of one of the scenarios."""
        return next(a for s, a in zip(self.scenarios, self.addresses, strict=True) if s is scenario)


def perform(request: Request) -> Run:
    """Run what was asked for; the whole run's results, those of before an interruption among them."""
    from travel_tui.agent import AgentError
    from travel_tui.recall.document import ScenarioError
    from travel_tui.recall.journal import JournalError, recorded

    try:
        plan = _resumed(request) if request.resume else _new(request)
    except (ScenarioError, JournalError) as error:
        raise click.UsageError(str(error)) from error
    _check_time(plan)
    again = f"`travel-tui recall run --resume {plan.path}`"
    try:
        asyncio.run(_run(plan))
    except KeyboardInterrupt:
        raise UndecidedException(f"Interrupted. {again} goes on where it stopped.") from None
    except AgentError as error:
        raise UndecidedException(str(error.trouble)) from error
    except JournalError as error:
        raise UndecidedException(str(error)) from error
    except OSError as error:
        why = error.strerror or error
        raise UndecidedException(f"{plan.path} could not be written: {why}. {again} goes on.") from error
    click.echo(f"{plan.path} has it all; `travel-tui recall show {plan.path}` shows it.", err=True)
    return recorded(plan.path).results()


def journal_path(named: str) -> Path:
    """The journal that a person means; raises UsageError where `last` is asked for and there is none."""
    from travel_tui.paths import recall_results

    if named != "last":
        return Path(named)
    found = sorted(recall_results().glob("*.jsonl"))
    if not found:
        raise click.UsageError(f"There is no run in {recall_results()}.")
    return found[-1]


def _new(request: Request) -> Plan:
    from travel_tui.ids import Ids
    from travel_tui.paths import recall_results
    from travel_tui.recall.runner import jobs_of

    if request.again:
        raise click.UsageError("--again goes with --resume FILE.")
    if not request.files:
        raise click.UsageError("Name files of checks, or ready ones: `travel-tui recall list` shows them.")
    scenarios = tuple(scenario for named in request.files for scenario in _scenarios(named))
    addresses = _addresses(request, scenarios, request.target == "local")
    if request.faults and any(addresses):
        raise click.UsageError("--fault goes with --target local.")
    jobs = jobs_of(scenarios, repeat=request.repeat, only=request.only)
    if not jobs:
        names = ", ".join(test.name for scenario in scenarios for test in scenario.tests)
        raise click.UsageError(f"No test has {request.only!r} in its name or category. There are: {names}.")
    run_id = Ids().hex(8)
    now = datetime.now(UTC)
    header = {
        "type": "run",
        "version": 1,
        "run": run_id,
        "started": now.isoformat(timespec="seconds"),
        "target": ", ".join(dict.fromkeys(_title(address) for address in addresses)),
        "titles": [_title(address) for address in addresses],
        "files": [{"source": scenario.source, "text": scenario.text} for scenario in scenarios],
        "local": request.target == "local",
        "faults": list(request.faults),
        "only": request.only,
        "repeat": request.repeat,
        "keep": request.keep,
        "tests": [job.key for job in jobs],
    }
    path = recall_results() / f"{now:%Y%m%dT%H%M%S}-{run_id}.jsonl"
    return Plan(scenarios, jobs, addresses, request.faults, path, {}, _options(request, header, addresses), header)


def _resumed(request: Request) -> Plan:
    from travel_tui.recall.journal import recorded
    from travel_tui.recall.reading import read_text
    from travel_tui.recall.runner import jobs_of

    if request.files or request.target or request.faults or request.only or request.repeat or request.keep:
        raise click.UsageError("--resume goes on with the files and choices of that run; leave out others.")
    path = journal_path(request.resume or "")
    found = recorded(path)
    header = dict(found.run)
    scenarios = tuple(read_text(file["text"], file["source"]) for file in header["files"])
    addresses = _addresses(request, scenarios, header["local"])
    titles = [_title(address) for address in addresses]
    if titles != header["titles"]:
        raise click.UsageError(
            f"{path} was run on {', '.join(header['titles'])}, and this would go on with {', '.join(titles)}. "
            "Choose the same agent with --agent, --region and --endpoint-url."
        )
    jobs = jobs_of(scenarios, repeat=header["repeat"], only=header["only"])
    options = _options(request, header, addresses)
    return Plan(scenarios, jobs, addresses, tuple(header["faults"]), path, found.tests, options, header)


def _options(request: Request, header: Mapping[str, Any], addresses: Sequence[AgentConfig | None]) -> Options:
    from travel_tui.recall.runner import Options

    here = all(address is None or on_this_machine(address.endpoint_url) for address in addresses)
    rate = request.rate or (None if here else RATE)
    return Options(header["run"], request.jobs, rate, keep=header["keep"], again=request.again)


def _scenarios(named: str) -> list[Scenario]:
    """The file of that name, else the ready check."""
    from travel_tui.recall import library
    from travel_tui.recall.reading import read_file, read_text

    path = Path(named)
    if not path.exists():
        ready = library.names()
        if named == "all":
            return [read_text(library.text_of(name), name) for name in ready]
        if named in ready:
            return [read_text(library.text_of(named), named)]
        if not path.suffix:
            raise click.UsageError(f"There is no file {named}, and no ready check. There are: {', '.join(ready)}, all.")
    return [read_file(path)]


def _addresses(request: Request, scenarios: Sequence[Scenario], local: bool) -> tuple[AgentConfig | None, ...]:
    """Where each scenario is run; raises UsageError."""
    from dataclasses import replace

    if request.which.memory_id is not None:
        raise click.UsageError("--memory has no meaning here: each session of a file has its memory_id.")
    found: list[AgentConfig | None] = []
    for scenario in scenarios:
        if local or scenario.local:
            found.append(None)
            continue
        named = request.which.agent or (None if request.which.agent_id else scenario.agent)
        try:
            found.append(replace(request.which, agent=named).needed())
        except click.ClickException as error:
            raise click.UsageError(f"{error.message} `recall run --target local` needs no agent.") from error
    return tuple(found)


def _title(address: AgentConfig | None) -> str:
    if address is None:
        return "the local endpoint"
    return f"{address.agent_id}/{address.alias_id}@{address.endpoint_url or address.region or 'default'}"


def _check_time(plan: Plan) -> None:
    """Refuse to move the clock of anything but the run's own endpoint."""
    for job in plan.jobs:
        if job.test.moves_time and plan.address_of(job.scenario) is not None:
            raise click.UsageError(
                f"Test {job.test.name} in {job.scenario.source} has advance_days, and only an endpoint of the run's "
                "own can have its clock moved on. Run it with --target local, or leave it out with --filter."
            )


async def _run(plan: Plan) -> None:
    from dataclasses import replace

    from travel_tui.clock import Clock
    from travel_tui.recall.journal import Journal
    from travel_tui.recall.report.live import live
    from travel_tui.recall.runner import Runner

    new = not plan.before
    journal = Journal(plan.path, new=new)
    try:
        if new:
            await journal.write(plan.header)
        async with AsyncExitStack() as stack:
            targets = await _open(plan, stack)
            # What an endpoint of the run's own held is gone with it, so what is unfinished there begins anew.
            options = replace(plan.options, anew=not any(plan.addresses))
            with live(len(plan.jobs)) as table:
                await Runner(
                    plan.jobs,
                    lambda scenario: targets[_title(plan.address_of(scenario))],
                    journal,
                    options,
                    Clock(),
                    before=plan.before,
                    tell=table.take,
                ).run()
    finally:
        await journal.close()


async def _open(plan: Plan, stack: AsyncExitStack) -> dict[str, Target]:
    """The targets by their titles. Raises AgentError."""
    from travel_tui.bedrock.client import open_agent_in_thread
    from travel_tui.cli.local_target import local_target
    from travel_tui.recall.target import Target

    found: dict[str, Target] = {}
    for address in plan.addresses:
        title = _title(address)
        if title not in found:
            if address is None:
                found[title] = await stack.enter_async_context(local_target(plan.faults))
            else:
                found[title] = Target(title, await open_agent_in_thread(address))
    return found
