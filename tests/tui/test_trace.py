"""The trace of a turn on the screen."""

from __future__ import annotations

from functools import partial

from tests.endpoint import running_endpoint
from tests.fakes import FakeAgent, answer
from tests.tui.client import CLOCK, NARROW, WIDE, client, running_client
from tests.tui.colours import pieces
from travel_tui.agent import TraceStep
from travel_tui.cli.app_context import app_context
from travel_tui.config import AgentConfig
from travel_tui.ids import Ids
from travel_tui.tui.app import TravelApp
from travel_tui.tui.widgets.chat.turn_header import TurnHeader

BOOK = "Book a flight from Boston to Paris, 2027-09-01 to 2027-09-08"


async def test_a_turn_on_the_endpoint_is_told_step_by_step() -> None:
    with running_endpoint() as endpoint:
        config = AgentConfig("travel", "TRAVELDEMO", "TSTALIASID", "us-east-1", None, endpoint.url, memory_id="anna")
        for size in (WIDE, NARROW):
            async with running_client(TravelApp(app_context(config, CLOCK, Ids(7), None)), size) as user:
                await user.say(BOOK)
                await user.sees("booking id", "enter send")
                await user.say("/trace")
                await user.sees("Trace", "book_trip", "Boston Paris", "Final response", "tokens")
                await user.press("slash", *"2027-09-08", "enter")
                await user.sees("2027-09-08")
                await user.press("escape", "escape")
                await user.sees("enter send")


def steps(number: int) -> list[TraceStep]:
    return [TraceStep("newTrace", {"number": n, "said": f"[b]\x1b[31m step {n}"}) for n in range(number)]


async def test_any_turn_opens_its_trace_by_key_and_by_mouse() -> None:
    script = [(*steps(2), *answer("One it is.")), (*steps(7), *answer("Two it is."))]
    async with running_client(client(FakeAgent(script))) as user:
        for text, heard in (("First", "One it is."), ("Second", "Two it is.")):
            await user.say(text)
            await user.sees(heard, "enter send")
        earlier = user.main.query(TurnHeader).first()
        earlier.focus()
        await user.sees("enter trace, F8 copy")
        for press in (partial(user.press, "enter"), partial(user.pilot.click, earlier)):
            await press()
            await user.sees("of “First”", "2 steps")
            await user.press("escape")
            await user.sees("enter trace")
        await user.press("ctrl+t")
        await user.sees("of “Second”", "7 steps")


async def test_failures_are_chosen_first_and_unknown_kinds_are_raw() -> None:
    failed = TraceStep("failureTrace", {"why": "[no] Lambda"}, title="Failure", note="[no] Lambda", failed=True)
    async with running_client(client(FakeAgent([(*steps(2), failed, *answer("Sorry"))]))) as user:
        await user.say("Book")
        await user.sees("Sorry", "enter send")
        await user.press("ctrl+t")
        await user.sees("1 failed", "✗ Failure", "why: [no] Lambda", "newTrace")
        await user.press("home")
        await user.sees("said: [b]␛[31m step 0")


async def test_a_thousand_steps_are_searched() -> None:
    async with running_client(client(FakeAgent([(*steps(1000), *answer("Done"))]))) as user:
        await user.say("Book")
        await user.sees("Done", "enter send")
        await user.press("ctrl+t")
        await user.sees("1,000 steps", "step 0")
        await user.press("slash", *"step 777", "enter")
        await user.sees("number: 777")
        await user.press("r")
        await user.sees('"number": 777')


async def test_names_strings_and_numbers_have_colours_of_their_own_in_text_and_json() -> None:
    nested = '{"open": true, "words": "two\\r\\nlines"}'
    made = TraceStep("newTrace", {"number": 7, "said": 'a "quoted": 9', "list": ["x", None], "nested": nested})
    async with running_client(client(FakeAgent([(made, *answer("Done"))]))) as user:
        await user.say("Book")
        await user.sees("Done", "enter send")
        await user.press("ctrl+t")
        await user.sees("number: 7", "two", "lines")

        def front(text: str) -> object:
            (found,) = {each.front for each in pieces(user) if each.text.strip() == text}
            return found

        name, literal = front("number"), front("7")
        assert len({name, literal, front(': a "quoted": 9')}) == 3
        assert front("nested") == front("open") == name
        assert front("true") == front("null") == literal
        await user.press("r")
        await user.sees('"number": 7')
        assert front('"number"') == front('"said"') == name
        assert front("7") == front("null") == literal
        assert front(r'"a \"quoted\": 9"') == front('"x"')
        assert len({name, literal, front('"x"')}) == 3
