"""travel-tui recall: test the memory of an agent with checks in YAML files."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from travel_tui.cli.model_options import model_options
from travel_tui.cli.options import FaultText, FiniteRange, GivenPath, agent_options, time_zone
from travel_tui.cli.terminal import can_show_screen, need_output
from travel_tui.cli.wrapping import for_terminal

if TYPE_CHECKING:
    from travel_tui.recall.results import Run, TestResult

F = TypeVar("F", bound=Callable[..., Any])


def reports(command: F) -> F:
    """Add the report options."""
    file = GivenPath(dir_okay=False, path_type=Path)
    for option in (
        click.option("--html", type=file, metavar="FILE", help="Write an HTML report with conversations and memories."),
        click.option("--markdown", type=file, metavar="FILE", help="Write a Markdown report."),
        click.option("--jsonl", type=file, metavar="FILE", help="Write one JSON result per line."),
        click.option("--junit", type=file, metavar="FILE", help="Write a JUnit XML report."),
        click.option(
            "--out",
            type=GivenPath(file_okay=False, path_type=Path),
            metavar="DIR",
            help="Write all four reports into this folder.",
        ),
    ):
        command = option(command)
    return command


@click.group()
def recall() -> None:
    """Test what an agent remembers between sessions, with checks in YAML files."""


@recall.command("run", short_help="Run checks.")
@click.argument("files", nargs=-1, metavar="[FILES]...")
@click.option("--target", type=click.Choice(["local"]), help="Start a local endpoint and run on it; needs no AWS.")
@click.option(
    "--fault",
    "faults",
    type=FaultText(),
    multiple=True,
    metavar="FAULT",
    help="Inject a fault into that endpoint, as with `travel-tui local --fault`.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=4, show_default=True, help="Number of tests to run in parallel."
)
@click.option(
    "--rate",
    type=FiniteRange(min=0, min_open=True),
    help="Maximum calls per second.  [default: 5; no limit on this machine]",
)
@click.option(
    "--repeat", type=click.IntRange(1, 1000), help="Repeat each test N times, whatever the file says.", metavar="N"
)
@click.option(
    "--filter", "only", default="", metavar="TEXT", help="Run only tests with TEXT in their name or category."
)
@click.option(
    "--max-turns",
    type=click.IntRange(min=1),
    metavar="N",
    help="Send at most N turns; tests that need more are undecided or do not run.",
)
@click.option(
    "--budget-tokens",
    type=click.IntRange(min=1),
    metavar="N",
    help="Send no further turn once the traces have reported N tokens.",
)
@time_zone
@click.option("--keep", is_flag=True, help="Keep the memories that the tests create.")
@click.option(
    "--resume", type=GivenPath(), metavar="FILE", help="Resume the run that wrote FILE; `last` is the latest one."
)
@click.option("--again", is_flag=True, help="With --resume: run undecided tests again from the beginning.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON result per line.")
@reports
@agent_options
@model_options
@click.pass_context
def run_command(ctx: click.Context, /, **given: Any) -> None:
    """Run the checks in FILES. Built-in checks run by name (`travel-tui recall list`), all of them with `all`.

    Exit status: 0 all passed, 1 a test failed, 2 usage error, 3 undecided.
    """
    from travel_tui.cli.recall_run import RunOptions, make_plan, run_plan

    out, formats = given.pop("out"), {name: given.pop(name) for name in ("junit", "jsonl", "markdown", "html")}
    as_json = given.pop("as_json")
    paths = _report_paths(out, formats, [Path(named) for named in given["files"]])
    plan = make_plan(RunOptions(**given))
    need_output()
    run = run_plan(plan)
    _report(run, as_json, paths)
    from travel_tui.recall.results import exit_status

    ctx.exit(exit_status(run))


@recall.command()
@click.argument("result", metavar="RESULT")
@click.argument("test", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON result per line.")
@click.option("--plain", is_flag=True, help="Print the results, also on a terminal.")
@reports
def show(result: str, test: str | None, as_json: bool, plain: bool, out: Path | None, **formats: Path | None) -> None:
    """Show the results of a run. RESULT is the file that the run names at its end, or `last`.

    A terminal shows each test with its conversation; elsewhere a summary is printed. TEST, part of a test's name,
    selects tests and prints their conversations.
    """
    from travel_tui.cli.recall_run import journal_path
    from travel_tui.recall.journal import JournalError, recorded
    from travel_tui.recall.report.text import conversation

    paths = _report_paths(out, formats, [])
    try:
        run = recorded(journal_path(result)).results()
    except JournalError as error:
        raise click.UsageError(str(error)) from error
    shown = run.tests if test is None else tuple(t for t in run.tests if test.casefold() in t.key.casefold())
    if test is not None and not shown:
        raise click.UsageError(f"No test in this run matches {test!r}. Its tests: {_names(run)}.")
    printed = plain or as_json or paths
    if shown and not printed and can_show_screen():
        _open(run, shown)
    elif test is not None and not as_json:
        click.echo("\n".join(for_terminal(line for found in shown for line in conversation(found))))
    else:
        _report(run, as_json, paths)


def _open(run: Run, shown: Sequence[TestResult]) -> None:
    """Show the given tests full-screen."""
    from travel_tui.cli.run_tui import run_application
    from travel_tui.tui.recall_viewer import RecallViewer, shown_tests

    run_application(lambda: RecallViewer(f"{run.started} on {run.target}", shown_tests(shown)))


@recall.command()
@click.argument("results", nargs=-1, metavar="RESULT RESULT...")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.option(
    "--html", type=GivenPath(dir_okay=False, path_type=Path), metavar="FILE", help="Write the comparison as HTML."
)
def compare(results: tuple[str, ...], as_json: bool, html: Path | None) -> None:
    """Put runs side by side: other models, instructions or targets.

    Each RESULT is the file that a run names at its end, or `last`. Tests are matched by their names. Rates come with
    their 95% intervals; a difference within them can be chance.
    """
    import json

    from travel_tui.cli.recall_run import journal_path
    from travel_tui.paths import write_whole
    from travel_tui.recall.comparison import compare as compared
    from travel_tui.recall.comparison import to_json
    from travel_tui.recall.journal import JournalError, recorded
    from travel_tui.recall.report.comparison_html import comparison_page
    from travel_tui.recall.report.comparison_text import LETTERS, comparison_text

    if not 2 <= len(results) <= len(LETTERS):
        raise click.UsageError(f"Name 2 to {len(LETTERS)} results to compare; `travel-tui recall run` writes them.")
    paths = _report_paths(None, {"html": html}, [Path(named) for named in results])
    try:
        found = compared([recorded(journal_path(named)).results() for named in results])
    except JournalError as error:
        raise click.UsageError(str(error)) from error
    click.echo(json.dumps(to_json(found), indent=2) if as_json else "\n".join(comparison_text(found)))
    for path in paths.values():
        try:
            write_whole(path, comparison_page(found))
        except OSError as error:
            raise click.ClickException(f"{path} could not be written: {error.strerror}.") from error
        click.echo(f"Wrote {path}.", err=True)


@recall.command("list")
def list_command() -> None:
    """List the built-in checks."""
    from travel_tui.recall import builtin_checks
    from travel_tui.recall.parser import read_text

    names = builtin_checks.names()
    width = max(map(len, names))
    for name in names:
        scenario = read_text(builtin_checks.text_of(name), name)
        click.echo("\n".join(for_terminal([f"{name:<{width}}  {scenario.description}"])))


@recall.command()
@click.argument("name", default="recall")
@click.option("--from", "ready", metavar="CHECK", help="Copy this built-in check instead of the template.")
def new(name: str, ready: str | None) -> None:
    """Write NAME.yaml, an example to edit, and recall.schema.json for completion in editors."""
    from travel_tui.paths import write_whole
    from travel_tui.recall import builtin_checks

    if not name.strip() or Path(name).name.startswith(".") or not name.isprintable():
        raise click.UsageError(f"{name!r} is not a name for a check, such as moved_city; nothing was written.")
    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if path.exists():
        raise click.UsageError(f"{path} already exists. Choose another name; nothing was written.")
    if ready is not None and ready not in builtin_checks.names():
        raise click.UsageError(f"No built-in check {ready!r}. Built-in checks: {', '.join(builtin_checks.names())}.")
    try:
        write_whole(path.with_name(builtin_checks.SCHEMA), builtin_checks.schema())
        write_whole(path, builtin_checks.text_of(ready) if ready else builtin_checks.template())
    except OSError as error:
        raise click.ClickException(f"{path} could not be written: {error.strerror}.") from error
    click.echo(f"Wrote {path}. Run it with `travel-tui recall run {shlex.quote(str(path))} --target local`.")


@recall.command()
def schema() -> None:
    """Print the JSON Schema of recall files."""
    from travel_tui.recall import builtin_checks

    click.echo(builtin_checks.schema(), nl=False)


def _report_paths(out: Path | None, formats: Mapping[str, Path | None], sources: Sequence[Path]) -> dict[str, Path]:
    """Return the path of each requested report. Raises UsageError if one cannot be written."""
    from travel_tui.recall.report.files import ReportPathError, check_paths, report_paths

    paths = report_paths(out, formats)
    try:
        check_paths(paths, sources)
    except ReportPathError as error:
        raise click.UsageError(f"{error} Nothing was sent.") from error
    return paths


def _report(run: Run, as_json: bool, paths: Mapping[str, Path]) -> None:
    """Print the results and write the requested reports."""
    from travel_tui.recall.report.files import jsonl, write_reports
    from travel_tui.recall.report.text import summary

    try:
        click.echo(jsonl(run) if as_json else "\n".join(for_terminal(summary(run))) + "\n", nl=False)
    finally:
        try:
            for path in write_reports(run, paths):
                click.echo(f"Wrote {path}.", err=True)
        except OSError as error:
            where = error.filename or ", ".join(map(str, paths.values()))
            raise click.ClickException(f"{where} could not be written: {error.strerror}.") from error


def _names(run: Run) -> str:
    return ", ".join(dict.fromkeys(result.name for result in run.tests)) or "none"
