"""`travel-tui recall show`: a result opened in the client on a terminal, and printed elsewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli.terminal import running
from travel_tui.cli import travel_tui

CHECK = """\
tests:
  moved:
    category: knowledge-update
    sessions:
      - {memory_id: alice, turns: [{user: "I live in [b]Oslo[/b]."}], end_session: true}
      - memory_id: alice
        wait_memory: {timeout_s: 60}
        turns: [{user: Where do I live?, assert: [{type: icontains, value: Oslo}]}]
  never:
    category: abstention
    sessions:
      - {memory_id: bob, turns: [{user: Where do I live?, assert: [{type: icontains, value: Bergen}]}]}
"""


@pytest.fixture(autouse=True)
def ran(tmp_path: Path) -> None:
    """One run of two checks, of which one breaks."""
    (tmp_path / "two.yaml").write_text(CHECK)
    done = CliRunner().invoke(travel_tui, ["recall", "run", str(tmp_path / "two.yaml"), "--target", "local"])
    assert done.exit_code == 1, done.output


@pytest.mark.parametrize(("columns", "rows"), [(120, 40), (80, 24)])
def test_on_a_terminal_each_test_opens_with_its_conversation(columns: int, rows: int) -> None:
    with running("recall", "show", "last", columns=columns, rows=rows) as qa:
        qa.sees("Recall checks", "✓", "moved", "knowledge-update", "✗", "never", "User I live in [b]Oslo[/b].")
        qa.send("\x1b[B")
        qa.sees("✗ failed", "User Where do I live?", "answer: no")
        qa.send("q")
        assert qa.ended() == 0


def test_elsewhere_it_is_printed() -> None:
    shown = CliRunner().invoke(travel_tui, ["recall", "show", "last"])
    assert shown.exit_code == 0
    assert re.search(r"category +passed +failed +undecided\n", shown.output)
    assert re.search(r"✗ 1/never#1  failed  .*\n    answer: icontains 'Bergen'.*\n      it answered: \w+", shown.output)
    as_json = CliRunner().invoke(travel_tui, ["recall", "show", "last", "--json"])
    assert [json.loads(line)["outcome"] for line in as_json.stdout.splitlines()] == ["held", "broke"]
    alone = CliRunner().invoke(travel_tui, ["recall", "show", "last", "moved"])
    assert "User   I live in [b]Oslo[/b]." in alone.output
    assert "Bergen" not in alone.output


def test_on_a_narrow_terminal_lines_go_on_below_their_text() -> None:
    with running("recall", "show", "last", "never", "--plain", columns=50, rows=40) as qa:
        assert qa.ended() == 0
        rows = [row.rstrip() for row in qa.rows() if row.strip()]
    answer = next(number for number, row in enumerate(rows) if row.startswith("    Agent  "))
    assert rows[answer + 1].startswith(" " * 11), rows
    assert all(row.startswith(("✓", "✗", "  ")) for row in rows), rows
