"""`travel-tui demo --model` in a real terminal: a model's words, its call and its memory on the screen."""

from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import running
from tests.local.models.model_server import Said, llama_cpp, model_server
from tests.local.models.test_turns import BOOK


def test_a_model_books_remembers_and_is_replayed(tmp_path: Path) -> None:
    recording = tmp_path / "model.json"
    answers = (
        Said(calls=(BOOK,), reasoning="She wants to go to Paris."),
        Said("Booked, **Anna**. Paris awaits."),
        Said("<topic name='user goals'>Anna flies to Paris in September.</topic>"),
        Said("You fly to Paris."),
    )
    with model_server() as server:
        server.dialect = llama_cpp
        server.says(*answers)
        played = ("--model", server.address, "--record", str(recording), "--seed", "1")
        for options in (played, ("--replay", str(recording), "--seed", "1")):
            with running("demo", *options) as terminal:
                terminal.sees("No memories yet")
                terminal.send("Book me a trip to Paris\r")
                terminal.sees("book_trip", "Booked, Anna", "awaits.", "1 turn")
                terminal.send("\x1bOQ")
                terminal.sees("F3 new session (once the memory is ready)")  # nobody knows when that is
                terminal.sees("stored after", "Anna flies to Paris in September.")
                terminal.send("\x1bOR")
                terminal.sees("New session")
                terminal.send("Where do I fly?\r")
                terminal.sees("You fly", "Paris◆.", "1 memory in prompt")
        assert len(server.asked) == len(answers)
