"""How a turn is written without a screen."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout

from hypothesis import given
from hypothesis import strategies as st

from travel_tui.agent import TextDelta, TurnCompleted
from travel_tui.cli.ask_output import JsonLines, PlainPrinter
from travel_tui.clock import Clock
from travel_tui.text import UNSAFE, safe

ANY_TEXT = st.text(st.characters(codec=None) | st.sampled_from("\r\n\x1b\u202e"))


def written(show: PlainPrinter | JsonLines, pieces: list[str]) -> str:
    with redirect_stdout(io.StringIO()) as out:
        for piece in pieces:
            show.handle_event(TextDelta(piece))
        show.handle_event(TurnCompleted())
        show.finish()
    return out.getvalue()


@given(st.lists(ANY_TEXT))
def test_an_answer_in_pieces_is_the_whole_answer_made_safe(pieces: list[str]) -> None:
    whole = safe("".join(pieces))
    out = written(PlainPrinter("", trace=False), pieces)
    assert not UNSAFE.search(out)
    assert out == (whole if whole.endswith("\n") or not whole else f"{whole}\n")


@given(st.lists(ANY_TEXT))
def test_as_json_it_is_what_came_one_object_a_line(pieces: list[str]) -> None:
    out = written(JsonLines(Clock(), trace=False), pieces)
    assert out.isascii()
    *texts, answer = [json.loads(line) for line in out.splitlines()]
    assert [each["text"] for each in texts] == pieces
    assert answer["text"] == "".join(pieces)
