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
    with running("demo") as anna:
        anna.send("Typed early\r")  # before the terminal is in raw mode: it makes a line feed of Enter
        anna.sees("1 turn", "enter send")
        anna.send("\x1b[200~alpha\rbeta\x1b[201~\r")
        anna.sees("2 turns", "enter send")
        anna.send("gone\x1b[18~\x1b[200~al\x1b[31mpha\x1b\rbe")  # over what F7 marks, in two reads
        anna.send(f"ta\x1b[201~ می\u200cخواهم {FAMILY}\r")
        anna.sees("3 turns", "enter send")
        anna.send("\x1b[200~/note one\rtwo\x1b[201~\r")
        anna.sees("✎ note one two")
        anna.send(f"\x1b[200~{lines}\x1b[201~")
        anna.sees("line 4999")
        anna.send(" end\x1b[18~\x7fab\x7fc\r")
        anna.sees("4 turns", "enter send")
        assert b"\x1b[31mpha" not in anna.raw
        anna.send("\x11\x11")
        assert anna.ended() == 0
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
    with running("demo") as anna:
        anna.sees("Output is", "appear as ?", "Set LC_ALL=C.UTF-8")
        anna.send("\x11\x11")
        assert anna.ended() == 0


def test_lines_that_come_in_several_reads_with_enter_between_are_one_message() -> None:
    lines = [f"line {number} {'x' * 30}" for number in range(200)]  # more than one read
    with running("demo") as anna:
        anna.sees("No memories yet")
        anna.send("\r".join(lines))
        anna.sees("line 199")
        anna.send("\r")
        anna.sees("1 turn", "enter send")
        anna.send("\x11\x11")
        assert anna.ended() == 0
    assert sent() == ["\n".join(lines)]
