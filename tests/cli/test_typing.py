"""Typing and pasting into the installed command in a real terminal: what arrives, once and as it was sent."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.terminal import running

FAMILY = "👨‍👩‍👧"


def sent() -> list[str]:
    """The messages in the archive, in their order."""
    with closing(sqlite3.connect(Path(os.environ["XDG_DATA_HOME"]) / "travel-tui" / "archive.sqlite3")) as db:
        return [text for (text,) in db.execute("select text from turns order by id")]


def test_what_the_terminal_sends_arrives_once_and_as_it_was_sent() -> None:
    lines = "\r".join(f"line {number}" for number in range(5000))
    with running("demo") as terminal:
        terminal.send("Typed early\r")  # before the terminal is in raw mode: it makes a line feed of Enter
        terminal.sees("1 turn", "enter send")
        terminal.send("\x1b[200~alpha\rbeta\x1b[201~\r")
        terminal.sees("2 turns", "enter send")
        terminal.send("gone\x1b[18~\x1b[200~al\x1b[31mpha\x1b\rbe")  # over what F7 marks, in two reads
        terminal.send(f"ta\x1b[201~ می\u200cخواهم {FAMILY}\r")
        terminal.sees("3 turns", "enter send")
        terminal.send("\x1b[200~/note one\rtwo\x1b[201~\r")
        terminal.sees("✎ note one two")
        terminal.send(f"\x1b[200~{lines}\x1b[201~")
        terminal.sees("line 4999")
        terminal.send(" end\x1b[18~\x7fab\x7fc\r")
        terminal.sees("4 turns", "enter send")
        assert b"\x1b[31mpha" not in terminal.raw
        terminal.send("\x11\x11")
        assert terminal.ended() == 0
    assert sent() == [
        "Typed early",
        "alpha\nbeta",
        f"al\x1b[31mpha\x1b\nbeta می\u200cخواهم {FAMILY}",
        "ac",
    ]


@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}])
def test_output_without_line_drawing_characters_is_told(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with running("demo") as terminal:
        terminal.sees("Output is", "appear as ?", "Set LC_ALL=C.UTF-8")
        terminal.send("\x11\x11")
        assert terminal.ended() == 0


def test_lines_that_come_in_several_reads_with_enter_between_are_one_message() -> None:
    lines = [f"line {number} {'x' * 30}" for number in range(200)]  # more than one read
    with running("demo") as terminal:
        terminal.sees("No memories yet")
        terminal.send("\r".join(lines))
        terminal.sees("line 199")
        terminal.send("\r")
        terminal.sees("1 turn", "enter send")
        terminal.send("\x11\x11")
        assert terminal.ended() == 0
    assert sent() == ["\n".join(lines)]
