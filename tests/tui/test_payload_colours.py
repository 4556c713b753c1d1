"""Payloads of a trace in colours: names, strings and other values, each readable."""

from __future__ import annotations

import json

import pytest

from tests.fakes import FakeAgent, answer
from tests.tui.client import client, running_client
from tests.tui.colours import TEXT, pieces, ratio
from travel_tui.agent import TraceStep
from travel_tui.screenshots.pilot_user import PilotUser
from travel_tui.tui.rendering.payload_syntax import json_parts, readable_parts

PAYLOAD = {"count": 777, "name": "Oslo", "ready": True, "quote": 'a "b": 1'}


def colours_of(user: PilotUser, *texts: str) -> list[object]:
    """The colour of each text; every piece can be read."""
    shown = [*pieces(user)]
    found = [next(piece for piece in shown if text in piece.text) for text in texts]
    assert all(ratio(piece.front, piece.back) >= TEXT for piece in found)
    return [piece.front for piece in found]


@pytest.mark.parametrize("theme", ["tokyo-night", "textual-light"])
async def test_names_and_values_differ_in_both_views(theme: str) -> None:
    async with running_client(client(FakeAgent([(TraceStep("newTrace", PAYLOAD), *answer("Done"))]))) as user:
        user.app.theme = theme
        await user.say("Book")
        await user.sees("Done", "enter send")
        await user.press("ctrl+t")
        await user.sees("count: 777", "name: Oslo")
        name, number, literal, text = colours_of(user, "count", "777", "true", "Oslo")
        assert number == literal
        assert len({name, number, text}) == 3
        await user.press("r")
        await user.sees('"count": 777')
        name, number, literal, text = colours_of(user, '"count"', "777", "true", '"Oslo"')
        assert number == literal
        assert len({name, number, text}) == 3


def test_lines_of_json_are_taken_apart() -> None:
    found = {
        line[start:end]: part
        for line in json.dumps({**PAYLOAD, "list": [-1.5e3, None]}, indent=2).splitlines()
        for part, start, end in json_parts(line)
    }
    assert found == {
        '"count"': "name", "777": "value", '"name"': "name", '"Oslo"': "string", '"ready"': "name", "true": "value",
        '"quote"': "name", r'"a \"b\": 1"': "string", '"list"': "name", "-1500.0": "value", "null": "value",
    }  # fmt: skip
    cut_off = '  "text": "It is 12 o\'clock, tr'
    assert [cut_off[start:end] for _, start, end in json_parts(cut_off)] == ['"text"', "\"It is 12 o'clock, tr"]
    assert [*json_parts("newTrace · 12 ms · failed")] == [*json_parts("INPUT")] == []


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("count: 777", [("name", "count"), ("value", "777")]),
        ("  - ready: true", [("name", "ready"), ("value", "true")]),
        ("text:", [("name", "text")]),
        ("  when: 2027-06-01", [("name", "when")]),
        ("- 5", [("value", "5")]),
        ("    You can call these functions:", []),
        ("see https://example.com", []),
        ("", []),
    ],
)
def test_readable_lines_have_a_name_and_perhaps_a_number(line: str, parts: list[tuple[str, str]]) -> None:
    assert [(part, line[start:end]) for part, start, end in readable_parts(line)] == parts
