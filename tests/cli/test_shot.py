"""`travel-tui shot`: a state of the client as SVG or text."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cli.terminal import installed
from travel_tui.cli import travel_tui


def shot(*arguments: str) -> Result:
    return CliRunner().invoke(travel_tui, ["shot", *arguments])


def test_without_a_state_all_are_listed() -> None:
    listed = shot()
    assert listed.exit_code == 0
    assert {"start", "recalled", "twin", "inspector"} <= {line.split()[0] for line in listed.output.splitlines()}


def test_the_installed_command_writes_the_same_svg_whatever_the_terminal_is(tmp_path: Path) -> None:
    written = []
    for number, own in enumerate(({}, {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "40", "TZ": "Asia/Tokyo"})):
        file = tmp_path / f"{number}.svg"
        command = [installed(), "shot", "booked", "--size", "80x24", "--out", str(file)]
        subprocess.run(command, env={**os.environ, **own}, check=True)
        written.append(file.read_text(encoding="utf-8"))
    assert written[0] == written[1]
    assert "f5ff61d7" in written[0]


def test_a_state_as_text_has_the_size_that_was_asked_for() -> None:
    taken = shot("keys", "--size", "60x20", "--text")
    assert taken.exit_code == 0, taken.output
    rows = taken.output.splitlines()
    assert len(rows) <= 20
    assert max(map(len, rows)) <= 60


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nothing",), "Unknown state 'nothing'. `travel-tui shot` lists all states."),
        (("start", "--size", "80"), "is not a size such as 80x24 (columns and rows)"),
        (("start", "--size", "8x4"), "A size is from 20x5 to 500x200."),
        (("start", "--theme", "plaid"), "Unknown theme 'plaid'"),
    ],
)
def test_bad_input_is_named(arguments: tuple[str, ...], words: str) -> None:
    result = shot(*arguments)
    assert result.exit_code == 2
    assert words in result.output
