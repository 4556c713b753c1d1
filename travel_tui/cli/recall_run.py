"""Run recall checks for the command: choose the files, the agents and the journal."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from travel_tui.cli.agent_options import AgentSelection, on_this_machine
from travel_tui.cli.failures import UndecidedException
from travel_tui.cli.recall_address import Address, OwnEndpoint, addresses_of, all_own, check_test, title_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from travel_tui.local.faults import Fault
    from travel_tui.local.models.choice import ModelChoice
    from travel_tui.recall.budget import Budget
    from travel_tui.recall.journal import TestProgress
    from travel_tui.recall.results import Run
    from travel_tui.recall.runner import Job, Options
    from travel_tui.recall.scenario import Scenario
    from travel_tui.recall.target import Target

RATE = 5.0
"""Default of --rate, in calls a second on AWS: below every Region's quota for InvokeAgent."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The arguments of the command."""

    files: tuple[str, ...]
    target: str | None
    faults: tuple[Fault, ...]
    jobs: int
    rate: float | None
    repeat: int | None
    only: str
    tz: ZoneInfo | None
    keep: bool
    resume: str | None
    again: bool
    which: AgentSelection
    model: ModelChoice | None = None
    max_turns: int | None = None
    budget_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The tests to run and their agents."""

    scenarios: tuple[Scenario, ...]
    jobs: list[Job]
    addresses: tuple[Address, ...]
    """The agent of each scenario."""
    faults: tuple[str, ...]
    tz: ZoneInfo | None
    path: Path
    before: Mapping[str, TestProgress]
    options: Options
    header: dict[str, Any]
    model: ModelChoice | None
    """What answers on the run's own endpoint; None is the scripted agent."""
    agent_options: str
    """Options that select the agent, for the printed command that resumes the run."""

    @property
    def own(self) -> bool:
        """Whether all of it runs on an endpoint of its own."""
        return all_own(self.addresses)

    def address_of(self, scenario: Scenario) -> Address:
        """Return the agent of a scenario."""
        return next(a for s, a in zip(self.scenarios, self.addresses, strict=True) if s is scenario)


def make_plan(request: RunOptions) -> Plan:
    """Plan a run without sending anything. Raises UsageError."""
    from travel_tui.recall.journal import JournalError
    from travel_tui.recall.yaml_nodes import ScenarioError

    try:
        plan = _resumed(request) if request.resume else _new(request)
    except (ScenarioError, JournalError) as error:
        raise click.UsageError(str(error)) from error
    for job in plan.jobs:
        check_test(job.scenario.source, job.test, plan.address_of(job.scenario))
    return plan


def run_plan(plan: Plan) -> Run:
    """Run the plan; return the results of the whole run, including those from before an interruption."""
    from travel_tui.agent import AgentError
    from travel_tui.local.models.choice import announcement
    from travel_tui.recall.journal import JournalError, JournalWriteError, recorded

    if plan.model:
        click.echo(announcement(plan.model), err=True)
    again = f"`travel-tui recall run --resume {shlex.quote(str(plan.path))}{plan.agent_options}`"
    try:
        budget = asyncio.run(_run(plan))
    except KeyboardInterrupt:
        raise UndecidedException(f"Interrupted. Resume with {again}.") from None
    except AgentError as error:
        raise UndecidedException(str(error.problem)) from error
    except JournalWriteError as error:
        raise _unwritten(plan, error, again) from error
    except JournalError as error:
        raise UndecidedException(str(error)) from error
    click.echo(
        f"Results: {plan.path} (show them with `travel-tui recall show {shlex.quote(str(plan.path))}`)", err=True
    )
    run = recorded(plan.path).results()
    if stopped := _stopped(budget, run, again):
        click.echo(stopped, err=True)
    return run


def _stopped(budget: Budget, run: Run, again: str) -> str:
    """Say that the budget ended the run, and how to go on with what it did not reach; "" where it reached all."""
    left = run.planned - len(run.tests)
    cut_off = any(test.reason == budget.exhausted for test in run.tests)
    if not budget.exhausted or not (left or cut_off):
        return ""
    rest = f" {left} of {run.planned} tests did not run: resume with {again}." if left else ""
    return f"{budget.exhausted} No further turn was sent.{rest}"


def _unwritten(plan: Plan, error: Exception, again: str) -> click.ClickException:
    """Return the error of a run whose results cannot be written, with the next step; status 1."""
    folder = plan.path.absolute().parent
    begun = plan.path.exists()
    rest = f"resume with {again}" if begun else "run it again; nothing was sent"
    return click.ClickException(f"{error} Check `ls -ld {folder}` and `df {folder}`, then {rest}.")


def journal_path(named: str) -> Path:
    """Return the path of the given journal. Raises UsageError for `last` if there is none."""
    from travel_tui.paths import recall_results
    from travel_tui.recall.journal import begun

    if named != "last":
        return Path(named)
    found = [path for path in sorted(recall_results().glob("*.jsonl")) if begun(path)]
    if not found:
        raise click.UsageError(f"No results in {recall_results()} yet. `travel-tui recall run` writes them.")
    return found[-1]


def _new(request: RunOptions) -> Plan:
    from travel_tui.ids import Ids
    from travel_tui.paths import recall_results
    from travel_tui.recall.journal import VERSION
    from travel_tui.recall.runner import jobs_of

    if request.again:
        raise click.UsageError("--again needs --resume FILE.")
    if not request.files:
        raise click.UsageError("No checks given. Pass files, or names of built-in checks (`travel-tui recall list`).")
    scenarios = tuple(scenario for named in request.files for scenario in _scenarios(named))
    addresses = addresses_of(request.which, scenarios, request.target == "local")
    if request.model and not all_own(addresses):
        raise click.UsageError("--model, --record and --replay need --target local.")
    if request.faults and not all_own(addresses):
        raise click.UsageError("--fault needs --target local.")
    jobs = jobs_of(scenarios, repeat=request.repeat, only=request.only)
    if not jobs:
        names = ", ".join(test.name for scenario in scenarios for test in scenario.tests)
        raise click.UsageError(f"No test matches --filter {request.only!r}. Tests: {names}.")
    run_id, faults = Ids().hex(8), [fault.text for fault in request.faults]
    now = datetime.now(UTC)
    header = {
        "type": "run",
        "version": VERSION,
        "run": run_id,
        "started": now.isoformat(timespec="seconds"),
        "target": ", ".join(dict.fromkeys(title_of(address) for address in addresses)),
        "titles": [title_of(address) for address in addresses],
        "files": [{"source": scenario.source, "text": scenario.text} for scenario in scenarios],
        "local": request.target == "local",
        "backend": request.which.backend,
        "faults": faults,
        "model": _model_name(request.model),
        "only": request.only,
        "repeat": request.repeat,
        "keep": request.keep,
        "tz": request.tz.key if request.tz else None,
        "tests": [job.key for job in jobs],
    }
    path = recall_results() / f"{now:%Y%m%dT%H%M%S}-{run_id}.jsonl"
    options = _options(request, header, addresses)
    return Plan(
        scenarios, jobs, addresses, tuple(faults), request.tz, path, {}, options, header, request.model, _again(request)
    )


def _resumed(request: RunOptions) -> Plan:
    from travel_tui.cli.options import zone_named
    from travel_tui.endpoint_url import without_userinfo
    from travel_tui.recall.journal import recorded
    from travel_tui.recall.parser import read_text
    from travel_tui.recall.runner import jobs_of

    chosen = (request.files, request.target, request.faults, request.only, request.repeat, request.keep, request.tz)
    if any(chosen):
        raise click.UsageError("--resume uses the files and options of that run; leave out others.")
    path = journal_path(request.resume or "")
    found = recorded(path)
    header = dict(found.run)
    scenarios = tuple(read_text(file["text"], file["source"]) for file in header["files"])
    addresses = addresses_of(request.which, scenarios, header["local"], header.get("backend"))
    titles = [title_of(address) for address in addresses]
    before = [without_userinfo(title) for title in header["titles"]]
    if titles != before:
        raise click.UsageError(
            f"{path} was run on {', '.join(before)}; it cannot be resumed on {', '.join(titles)}. "
            "Choose the same agent with --agent, --region and --endpoint-url."
        )
    if (model := header.get("model", "")) != _model_name(request.model):
        raise click.UsageError(f"{path} was run with {model or 'the scripted agent'}: choose it with --model.")
    jobs = jobs_of(scenarios, repeat=header["repeat"], only=header["only"])
    options = _options(request, header, addresses)
    try:
        tz = zone_named(header["tz"]) if header.get("tz") else None
    except ValueError as error:
        raise click.UsageError(f"{path} was run with another time zone: {error}") from error
    return Plan(
        scenarios,
        jobs,
        addresses,
        tuple(header["faults"]),
        tz,
        path,
        found.tests,
        options,
        header,
        request.model,
        _again(request),
    )


def _options(request: RunOptions, header: Mapping[str, Any], addresses: Sequence[Address]) -> Options:
    from travel_tui.recall.runner import Options

    here = all(isinstance(each, OwnEndpoint) or on_this_machine(each.endpoint_url) for each in addresses)
    rate = request.rate or (None if here else RATE)
    # A recording numbers what it is asked several times, and ids are given in order: one test after the other.
    jobs = 1 if request.model and (request.model.record or request.model.replay) else request.jobs
    return Options(
        header["run"],
        jobs,
        rate,
        keep=header["keep"],
        again=request.again,
        max_turns=request.max_turns,
        max_tokens=request.budget_tokens,
    )


def _model_name(model: ModelChoice | None) -> str:
    """Return the model of a run; that of a recording is the recording's."""
    if model is None:
        return ""
    return model.address.text if model.address else f"a recording, {model.replay.name if model.replay else ''}"


def _again(request: RunOptions) -> str:
    """Return the options that select the agent and the model, for a command that resumes the run."""
    from travel_tui.local.models.choice import flags_of

    flags = shlex.join(flags_of(request.model))
    return request.which.options + (f" {flags}" if flags else "")


def _scenarios(named: str) -> list[Scenario]:
    """Load the recall file of that name, else the built-in check."""
    from travel_tui.recall import builtin_checks
    from travel_tui.recall.parser import read_file, read_text

    path = Path(named)
    if not path.exists():
        ready = builtin_checks.names()
        if named == "all":
            return [read_text(builtin_checks.text_of(name), name) for name in ready]
        if named in ready:
            return [read_text(builtin_checks.text_of(named), named)]
        if not path.suffix:
            near = get_close_matches(named, ready, 1)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise click.UsageError(
                f"No file or built-in check {named!r}. {hint}Built-in checks: {', '.join(ready)}, all."
            )
    return [read_file(path)]


async def _run(plan: Plan) -> Budget:
    """Run the plan and write its journal; return what was used of the budget."""
    from dataclasses import replace

    from travel_tui.clock import Clock
    from travel_tui.recall.journal import Journal
    from travel_tui.recall.report.live import reporting
    from travel_tui.recall.runner import Runner

    new = not plan.before
    journal = Journal(plan.path, new=new)
    try:
        if new:
            await journal.begin(plan.header)
        async with AsyncExitStack() as stack:
            progress = await stack.enter_async_context(reporting(len(plan.jobs)))
            targets = await _open(plan, stack)
            # The run's own endpoint loses its state when it stops, so its unfinished tests have to start over.
            options = replace(plan.options, anew=plan.own)
            runner = Runner(
                plan.jobs,
                lambda scenario: targets[title_of(plan.address_of(scenario))],
                journal,
                options,
                Clock(tz=plan.tz),
                before=plan.before,
                tell=progress.take,
            )
            await runner.run()
            return runner.budget
    finally:
        await journal.close()


async def _open(plan: Plan, stack: AsyncExitStack) -> dict[str, Target]:
    """The targets by their titles. Raises AgentError."""
    from travel_tui.backends.factory import capabilities_of, open_agent_in_thread
    from travel_tui.cli.local_target import local_target
    from travel_tui.cli.local_tool import SET_RUN_FUNCTIONS, call_answerer
    from travel_tui.recall.target import Target

    found: dict[str, Target] = {}
    for address in plan.addresses:
        title = title_of(address)
        if title not in found:
            if isinstance(address, OwnEndpoint):
                own = local_target(plan.faults, plan.tz, plan.model, backend=address.backend)
                found[title] = await stack.enter_async_context(own)
            else:
                found[title] = Target(
                    title,
                    await open_agent_in_thread(address),
                    capabilities_of(address),
                    answer_call=call_answerer(address),
                    unanswered=SET_RUN_FUNCTIONS if address.agentcore else "",
                )
    return found
