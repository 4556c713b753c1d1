"""Hooks of the plugin, which pytest loads at every start: nothing here imports an agent, a screen or a parser."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from travel_tui.pytest_plugin.detection import PATTERNS, is_recall_file
from travel_tui.pytest_plugin.fixtures import recall, travel_agent, travel_endpoint, tui_snapshot
from travel_tui.pytest_plugin.outcome import UNDECIDED_STATUS, Undecided, is_undecided, mark_undecided

__all__ = ["recall", "travel_agent", "travel_endpoint", "tui_snapshot"]  # pytest finds fixtures in this module


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and ini settings."""
    group = parser.getgroup("travel-tui", "travel-tui: recall checks and snapshots of the client")
    group.addoption(
        "--travel-agent",
        metavar="NAME",
        help="Run recall checks on this agent of travel-tui's config, or `default`, instead of on a local endpoint.",
    )
    group.addoption(
        "--travel-repeat",
        type=_positive,
        metavar="N",
        help="Run each test of recall files N times, whatever the file says.",
    )
    group.addoption(
        "--tui-snapshot-update",
        action="store_true",
        help="Store the screens that tui_snapshot sees, instead of comparing them.",
    )
    parser.addini(
        "travel_recall_files",
        type="args",
        default=list(PATTERNS),
        help="Patterns of names or paths of recall files. Others are found by the line that names their schema, "
        "or by their keys.",
    )
    parser.addini(
        "travel_local_options",
        type="args",
        default=[],
        help="Options of `travel-tui local` for the local endpoint of each process, such as --fault or --replay.",
    )


def _positive(text: str) -> int:
    """Parse the value of --travel-repeat. Raises ValueError."""
    number = int(text)
    if not 1 <= number <= 1000:
        raise ValueError(text)
    return number


def pytest_configure(config: pytest.Config) -> None:
    """Count undecided tests where the run's exit status is decided: not in a worker of pytest-xdist."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_ExitStatus(), "travel-tui-exit-status")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect recall files, and no other YAML files."""
    config = parent.config
    if not is_recall_file(file_path, config.rootpath, config.getini("travel_recall_files")):
        return None
    from travel_tui.pytest_plugin.collection import RecallFile

    return RecallFile.from_parent(parent, path=file_path)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Mark the reports of undecided tests."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, Undecided):
        mark_undecided(report)
    return report


def pytest_report_teststatus(report: pytest.CollectReport | pytest.TestReport) -> tuple[str, str, str] | None:
    """Show an undecided test as an error, in whatever phase."""
    return ("error", "E", "ERROR") if is_undecided(report) else None


class _ExitStatus:
    """Gives a run in which nothing failed, but something is undecided, an exit status of its own."""

    def __init__(self) -> None:
        self._undecided = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._undecided += is_undecided(report)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if exitstatus == pytest.ExitCode.TESTS_FAILED and self._undecided == session.testsfailed > 0:
            session.exitstatus = UNDECIDED_STATUS
