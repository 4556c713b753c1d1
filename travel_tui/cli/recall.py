"""travel-tui recall: checks of what an agent remembers, as files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from travel_tui.cli.options import which_agent

if TYPE_CHECKING:
    from travel_tui.recall.results import Run, TestResult

F = TypeVar("F", bound=Callable[..., Any])

UNDECIDED = 3
"""Exit status where nothing can be said of recall."""


class UndecidedException(click.ClickException):
    """Nothing was found out."""

    exit_code = UNDECIDED


def reports(command: F) -> F:
    """Where reports are written."""
    file = click.Path(dir_okay=False, path_type=Path)
    for option in (
        click.option("--html", type=file, metavar="FILE", help="Write a page with conversations and memories."),
        click.option("--markdown", type=file, metavar="FILE", help="Write a report in Markdown."),
        click.option("--jsonl", type=file, metavar="FILE", help="Write one result a line."),
        click.option("--junit", type=file, metavar="FILE", help="Write JUnit XML."),
        click.option(
            "--out",
            type=click.Path(file_okay=False, path_type=Path),
            metavar="DIR",
            help="Write all four reports to this folder.",
        ),
    ):
        command = option(command)
    return command


@click.group()
def recall() -> None:
    """Check what an agent remembers: tests of several sessions, written as files."""


@recall.command("run", short_help="Run checks.")
@click.argument("files", nargs=-1, metavar="[FILES]...")
@click.option("--target", type=click.Choice(["local"]), help="Run on an endpoint of its own, which ends with the run.")
@click.option("--fault", "faults", multiple=True, metavar="FAULT", help="A fault of that endpoint, as `local` has it.")
@click.option("--jobs", type=click.IntRange(1, 64), default=4, show_default=True, help="Tests side by side.")
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    help="Calls a second at most.  [default: 5; no limit on this machine]",
)
@click.option("--repeat", type=click.IntRange(1, 1000), help="Run each test so often, whatever the file says.")
@click.option("--filter", "only", default="", metavar="TEXT", help="Only tests with TEXT in their name or category.")
@click.option("--keep", is_flag=True, help="Leave the memories that the tests make.")
@click.option("--resume", metavar="FILE", help="Go on with the run that wrote FILE; `last` is the last one.")
@click.option("--again", is_flag=True, help="With --resume: run what is undecided once more, from its beginning.")
@click.option("--json", "as_json", is_flag=True, help="Print one result a line.")
@reports
@which_agent
@click.pass_context
def run_command(ctx: click.Context, /, **given: Any) -> None:
    """Run the checks in FILES, or ready ones by their names (`travel-tui recall list`); `all` is all of those.

    Exit status: 0 all held, 1 recall broke, 2 used wrongly, 3 undecided.
    """
    from travel_tui.cli.recall_run import Request, perform

    out, formats = given.pop("out"), {name: given.pop(name) for name in ("junit", "jsonl", "markdown", "html")}
    as_json = given.pop("as_json")
    run = perform(Request(**given))
    _report(run, as_json, out, formats)
    from travel_tui.recall.results import exit_status

    ctx.exit(exit_status(run))


@recall.command()
@click.argument("result", metavar="RESULT")
@click.argument("test", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one result a line.")
@click.option("--plain", is_flag=True, help="Print it on a terminal too, instead of opening it.")
@reports
def show(result: str, test: str | None, as_json: bool, plain: bool, out: Path | None, **formats: Path | None) -> None:
    """Show what a run found: RESULT is the file that it names at its end, or `last`.

    On a terminal it opens, each test with its conversation; elsewhere it is printed. With TEST, a part of a test's
    name, those tests alone, and their conversations.
    """
    from travel_tui.cli.recall_run import journal_path
    from travel_tui.recall.journal import JournalError, recorded
    from travel_tui.recall.report.text import conversation

    try:
        run = recorded(journal_path(result)).results()
    except JournalError as error:
        raise click.UsageError(str(error)) from error
    shown = run.tests if test is None else tuple(t for t in run.tests if test.casefold() in t.key.casefold())
    if test is not None and not shown:
        raise click.UsageError(f"No test with {test!r} in its name has run. There are: {_names(run)}.")
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if on_terminal and shown and not (plain or as_json or out or any(formats.values())):
        _open(run, shown)
    elif test is not None and not as_json:
        click.echo("\n".join(line for found in shown for line in conversation(found)))
    else:
        _report(run, as_json, out, formats)


def _open(run: Run, shown: Sequence[TestResult]) -> None:
    """Show these tests in the client."""
    from travel_tui.tui.recall_result import RecallResult, shown_tests

    RecallResult(f"{run.started} on {run.target}", shown_tests(shown)).run()


@recall.command("list")
def list_command() -> None:
    """List the ready checks."""
    from travel_tui.recall import library
    from travel_tui.recall.reading import read_text

    names = library.names()
    width = max(map(len, names))
    for name in names:
        scenario = read_text(library.text_of(name), name)
        click.echo(f"{name:<{width}}  {scenario.description}")


@recall.command()
@click.argument("name", default="recall")
@click.option("--from", "ready", metavar="CHECK", help="Begin with this ready check instead of the template.")
def new(name: str, ready: str | None) -> None:
    """Write NAME.yaml, a check to begin with, and beside it the schema by which editors complete it."""
    from travel_tui.recall import library
    from travel_tui.recall.report.files import write_whole

    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if path.exists():
        raise click.UsageError(f"{path} is there already. Give another name; nothing was written.")
    if ready is not None and ready not in library.names():
        raise click.UsageError(f"There is no ready check {ready!r}. There are: {', '.join(library.names())}.")
    try:
        write_whole(path.with_name(library.SCHEMA), library.schema())
        write_whole(path, library.text_of(ready) if ready else library.template())
    except OSError as error:
        raise click.ClickException(f"{path} could not be written: {error.strerror}.") from error
    click.echo(f"{path} is written. Run it with `travel-tui recall run {path} --target local`.")


@recall.command()
def schema() -> None:
    """Print the JSON Schema of such files."""
    from travel_tui.recall import library

    click.echo(library.schema(), nl=False)


def _report(run: Run, as_json: bool, out: Path | None, formats: dict[str, Path | None]) -> None:
    """Print what was found, and write the reports that were asked for."""
    from travel_tui.recall.report.files import FORMATS, jsonl, write_reports
    from travel_tui.recall.report.text import summary

    if as_json:
        click.echo(jsonl(run), nl=False)
    else:
        click.echo("\n".join(summary(run)))
    files = {name: out / FORMATS[name][0] for name in FORMATS} if out else {}
    files |= {name: path for name, path in formats.items() if path}
    try:
        for path in write_reports(run, files):
            click.echo(f"{path} is written.", err=True)
    except OSError as error:
        raise UndecidedException(f"{error.filename or out} could not be written: {error.strerror}.") from error


def _names(run: Run) -> str:
    return ", ".join(dict.fromkeys(result.name for result in run.tests)) or "none"
