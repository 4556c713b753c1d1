"""Progress output of provision and destroy: a line per resource, live on a terminal, else as events arrive."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

    from provision.plan import PlanStep
    from provision.plan_executor import Progress
    from provision.resource import Resource
    from provision.spec import Spec

_MARKS = {"create": "+", "change": "~", "keep": "=", "foreign": "!", "blocked": "!"}
_DONE = {"create": "created", "change": "changed", "keep": "kept"}
_WIDE = 14
"""Columns of the longest kind, including a gap."""
_STATE = len("waits for its role to propagate")
"""Columns of the longest state, so that the seconds stay in their column."""


def heading(spec: Spec) -> str:
    """Return what is provisioned, and where."""
    return f"{spec.name} in {spec.region}, account …{spec.account[-4:]}"


def plan_lines(steps: Sequence[PlanStep]) -> list[str]:
    """Format a plan, one line per step."""
    from travel_tui.text import one_line

    lines = []
    for step in steps:
        why = f": {', '.join(step.why)}" if step.why else ""
        resource = step.resource
        mark, words = _MARKS[step.action], f"{step.action}{why}"
        lines.append(f"  {mark} {resource.kind:<{_WIDE}}{words:<10}  {one_line(resource.name, 64)}")
    return lines


class ProgressTable:
    """Follows steps: redraws a table on a terminal, else prints a line when a step finishes or waits anew."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[str, str, str, str]] = {}
        self._waited: set[tuple[str, str]] = set()
        self._live: AbstractContextManager[object] = nullcontext()
        self._terminal = sys.stderr.isatty()

    def __enter__(self) -> ProgressTable:
        if self._terminal:
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(stderr=True, highlight=False), refresh_per_second=8)
            self._live.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._live.__exit__(None, None, None)

    def progress(self, told: Progress) -> None:
        """Show the progress of a provision step."""
        action, resource = str(told.step.action), told.step.resource
        if told.phase == "done":
            mark, state = ("=" if action == "keep" else "✓"), _DONE[action]
        else:
            mark, state = "…", f"waits for {told.waits_for}" if told.waits_for else "working"
        took = "" if action == "keep" else f"{told.seconds:.1f} s"
        self._show(resource, mark, state, took)

    def removal(self, resource: Resource, state: str) -> None:
        """Show the state of a resource that is being removed."""
        done = state == "removed" or state.startswith("removed with")
        mark = "✓" if done else "✗" if state.startswith("not removed") else "…"
        self._show(resource, mark, state, "")

    def _show(self, resource: Resource, mark: str, state: str, took: str) -> None:
        row = (mark, resource.kind, state, took)
        if self._terminal:
            self._rows[resource.kind] = row
            self._live.update(self._table())  # type: ignore[attr-defined]
        elif mark != "…" or (resource.kind, state) not in self._waited:
            self._waited.add((resource.kind, state))
            if mark != "…" or state.startswith("waits"):
                click.echo(f"  {mark} {resource.kind:<{_WIDE}}{state:<{_STATE}}{took:>8}".rstrip(), err=True)

    def _table(self) -> Table:
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2, 0, 0))
        for width in (None, _WIDE - 2, _STATE, None):
            table.add_column(min_width=width)
        for mark, kind, state, took in self._rows.values():
            style = {"✓": "green", "✗": "red", "…": "cyan"}.get(mark, "dim")
            table.add_row(
                Text(f"  {mark}", style), Text(kind), Text(state, "" if mark == "…" else "dim"), Text(took, "dim")
            )
        return table
