"""Runs of pytest with the plugin."""

from __future__ import annotations

from importlib import import_module

import pytest

# A run within this process forgets every module that it was the first to import; a second one would have two of each.
for _module in (
    "travel_tui.backends.bedrock_agents.client",
    "travel_tui.cli.agent_options",
    "travel_tui.cli.recall_run",
    "travel_tui.pytest_plugin.answers",
    "travel_tui.pytest_plugin.collection",
    "travel_tui.pytest_plugin.recall_fixture",
    "travel_tui.pytest_plugin.snapshot",
    "travel_tui.recall.single_run",
    "travel_tui.screenshots.capture",
    "travel_tui.screenshots.states",
):
    import_module(_module)

WITHOUT_OTHERS = [
    f"-pno:{name}" for name in ("hypothesispytest", "textual-snapshot", "asyncio", "anyio", "syrupy", "cacheprovider")
]
"""Options that leave out the plugins that are installed here and that no run needs."""


def run_here(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest in the folder of `pytester`, within this process."""
    return pytester.runpytest_inprocess(*WITHOUT_OTHERS, *arguments)
