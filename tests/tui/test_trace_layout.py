"""How a trace is laid out: columns that use the width, and lines that go on under where they began."""

from __future__ import annotations

import json
from functools import partial

import pytest
from textual import events
from textual.geometry import Offset
from textual.widgets import TextArea

from tests.fakes import FakeAgent, answer
from tests.parts import in_part
from tests.tui.client import HUGE, NARROW, WIDE, PilotUser, client, running_client
from travel_tui.agent import TraceStep

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE, HUGE], ids=lambda size: f"{size[0]}x{size[1]}")
WORDS = "You are a travel agent who books, changes and cancels trips for the person and never guesses. " * 3
CHINESE = "我要在七月十一日从波士顿去纽约七月二十二日回来三个人靠窗的座位素食谢谢请告诉我订单号码。" * 4
PAYLOAD = {
    "a": {"b": {"prompt": WORDS, "arn": "arn:aws:bedrock:us-east-1:123456789012:" + "agent-alias/" * 20}},
    "list": [{"said": WORDS}, CHINESE, [WORDS]],
}


async def opened(user: PilotUser) -> TextArea:
    await user.say("Book")
    await user.sees("Done", "enter send")
    await user.press("ctrl+t")
    await user.sees("Trace", "prompt: You are")
    return user.app.screen.query_one("#step", TextArea)


def rows(user: PilotUser, text: TextArea) -> list[str]:
    inside = text.scrollable_content_region
    return [strip.crop(inside.x, inside.right).text.rstrip() for strip in user.strips()[inside.y : inside.bottom]]


@SIZES
@pytest.mark.parametrize("raw", in_part([True, False], 2))
async def test_wrapped_lines_keep_their_indentation_and_lose_nothing(size: tuple[int, int], raw: bool) -> None:
    async with running_client(client(FakeAgent([(TraceStep("kind", PAYLOAD), *answer("Done"))])), size) as user:
        text = await opened(user)
        if raw:
            await user.press("r")
            await user.until(lambda: '"prompt"' in text.text, "the raw step")
        shown = [text.render_line(y).text.rstrip() for y in range(text.virtual_size.height)]
        height = min(len(shown), text.content_region.height)
        assert shown[:height] == rows(user, text)[:height]
        lines = iter(shown)
        for line in text.text.split("\n"):
            indent = len(line) - len(line.lstrip(" -"))
            got = next(lines)
            assert not line.strip(" -") or got.strip(" -"), "a first row that is only an indent"
            while "".join(got.split()) != "".join(line.split()):
                row = next(lines)
                assert row[:indent].strip() == "", (line, row)
                assert len(row.strip()) > 1 or len("".join(line.split())) - len("".join(got.split())) <= 2, row
                assert row[indent : indent + 1].strip(), (line, row)
                got += row


async def test_what_is_copied_has_no_breaks_that_the_width_makes() -> None:
    async with running_client(client(FakeAgent([(TraceStep("kind", PAYLOAD), *answer("Done"))])), NARROW) as user:
        text = await opened(user)
        await user.press("r", "tab")
        text.select_all()
        assert json.loads(text.selected_text.split("\n\n", 1)[1]) == PAYLOAD


async def test_the_mouse_selects_what_it_is_on_also_in_a_wrapped_line() -> None:
    async with running_client(client(FakeAgent([(TraceStep("kind", PAYLOAD), *answer("Done"))])), WIDE) as user:
        text = await opened(user)
        place = next(n for n, row in enumerate(rows(user, text)) if "prompt: You are" in row) + 1
        row = rows(user, text)[place]
        column = len(row) - len(row.lstrip())
        spot = text.content_region.offset - text.region.offset + Offset(column, place)
        await user.pilot.mouse_down(text, offset=spot)
        await user.pilot._post_mouse_events([events.MouseMove], text, offset=spot + Offset(6, 0), button=1)
        await user.pilot.mouse_up(text, offset=spot + Offset(6, 0))
        assert text.selected_text == row[column : column + 6]


@SIZES
async def test_a_note_has_the_columns_that_no_step_needs(size: tuple[int, int]) -> None:
    note = "".join(f" word{n}" for n in range(60))
    plain = TraceStep("plain", PAYLOAD, title="Rationale", note=note)
    model = TraceStep("model", {}, title="Model", note=note, took_s=1.25, input_tokens=900, output_tokens=334)
    script = [(plain, *answer("Done")), (plain, model, *answer("Done"))]
    async with running_client(client(FakeAgent(script)), size) as user:
        await opened(user)
        (alone,) = listed(user, 1)
        assert alone.endswith("…")
        assert len(alone) >= user.app.screen.query_one("#steps").content_size.width - 2
        await user.press("escape")
        await opened(user)
        await user.sees("1,234 tok")
        _, timed = listed(user, 2)
        assert timed.endswith("1.2 s  1,234 tok")
        assert len(timed.split("…")[0]) >= len(timed) - 24 - len("  1.2 s  1,234 tok") - 2


def listed(user: PilotUser, number: int) -> list[str]:
    inside = user.app.screen.query_one("#steps").content_region
    strips = user.strips()[inside.y : inside.y + number]
    return [strip.crop(inside.x, inside.right).text.rstrip() for strip in strips]


@pytest.mark.parametrize("state", ["trace", "twin"])
async def test_the_keys_at_the_foot_are_whole(state: str) -> None:
    from travel_tui.screenshots.capture import StateApp
    from travel_tui.screenshots.pilot_user import running_app as state_app
    from travel_tui.screenshots.states import STATES

    here = StateApp(STATES[state])
    async with state_app(here.app, WIDE) as user:
        await here.bring(user)
        for columns in (40, 60, 80, 120):
            await user.pilot.resize_terminal(columns, 24)
            await user.until(partial(is_wide, user, columns), "the size")
            await user.settled()
            foot = user.text().splitlines()[-1].strip()
            assert foot.endswith("esc back")
            assert "…" not in foot
            assert len(foot) <= columns - 4 or columns < 60


def is_wide(user: PilotUser, columns: int) -> bool:
    return user.app.screen.size.width == columns
