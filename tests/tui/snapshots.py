"""Comparison of screenshots with the stored ones; differences are shown in snapshot_report.html."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable

import pytest
from pytest_textual_snapshot import PseudoApp, PseudoConsole, SVGImageExtension, node_to_report_path
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

Compare = Callable[[str, str], bool]


@pytest.fixture
def compare_picture(snapshot: SnapshotAssertion, request: pytest.FixtureRequest) -> Compare:
    """Return a function that compares a screenshot, by its name and SVG, with the stored one.

    The plugin's own `snap_compare` runs an application per screenshot, which takes longer than the screenshot itself.
    """
    stored = snapshot.use_extension(SVGImageExtension)

    def compare(name: str, svg: str) -> bool:
        same: bool = stored(name=name) == svg
        if not same:
            _report(request.node, name, stored, svg)
        return same

    return compare


def _report(node: pytest.Item, name: str, stored: SnapshotAssertion, svg: str) -> None:
    """Add a difference to the plugin's report; the fields are those that its `retrieve_svg_diffs` reads."""
    path, line, test = node.reportinfo()
    kept = list(stored.executions.values())[-1].final_data
    size = Console(legacy_windows=False, force_terminal=True).size
    row = (False, str(kept or ""), svg, PseudoApp(PseudoConsole(False, size)), path, line, f"{test} {name}")
    file = node_to_report_path(node)
    file.with_name(f"{file.name}_{name}").write_bytes(
        pickle.dumps((*row, inspect.getdoc(getattr(node, "function", None)) or "", "", kept is not None))
    )
