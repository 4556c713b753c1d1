"""What is typed and pasted: it arrives once, as it was sent, in the order it was sent, where the user writes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual import events
from textual.command import CommandPalette
from textual.widgets import Input, TextArea

from tests.fakes import FakeAgent, Gate, answer
from tests.tui.client import NARROW, PilotUser, client, running_client
from travel_tui.agent import ReturnControl, ReturnControlKind, TextDelta, ToolCall, TurnCompleted
from travel_tui.tui.screens.attributes import AttributesDialog
from travel_tui.tui.screens.return_control import ReturnControlDialog
from travel_tui.tui.screens.trace import TraceScreen
from travel_tui.tui.screens.user_picker import UserPicker
from travel_tui.tui.terminal.input_parser import InputParser
from travel_tui.tui.terminal.typed_text import LineBreak
from travel_tui.tui.widgets.prompt import Prompt

FORMATTED = (
    "می‌خواهم",  # Persian, with a zero width non-joiner
    "👨‍👩‍👧",
    "e\u0301 ❤\ufe0f soft\u00adhyphen",
    "\u2066abc\u2069 \u200fdef \u2028ghi",
    "no\u00a0break\u202fat\u3000all",
    "\ue000 \U0010fffd \U0001fae9",  # private use, and newer than some Python's Unicode
)
WORDS = "alpha\nbeta"


def pasted(text: str) -> str:
    """A bracketed paste, as a terminal sends it."""
    return f"\x1b[200~{text}\x1b[201~"


def sends(user: PilotUser, data: str, cuts: Sequence[int] = ()) -> None:
    """Have the terminal send characters, in as many reads as `cuts` say."""
    parser = InputParser()
    driver = user.app._driver
    assert driver is not None
    for start, end in zip((0, *cuts), (*cuts, len(data)), strict=True):
        for event in parser.feed(data[start:end]):
            driver.process_message(event)


def text(user: PilotUser) -> str:
    return user.main.query_one(Prompt).text


async def holds(user: PilotUser, expected: str) -> None:
    await user.until(lambda: text(user) == expected, f"{expected!r} in the prompt")


async def received(user: PilotUser, agent: FakeAgent, expected: str) -> None:
    await user.until(lambda: [each.text for each in agent.requests][-1:] == [expected], f"{expected!r} at the agent")
    await user.sees("enter send")


async def test_a_paste_arrives_once_whatever_it_holds_and_whatever_is_chosen() -> None:
    async with running_client(client(FakeAgent())) as user:
        for words in (WORDS, "one line", "tab\tand\r\nlines\rof\nall kinds", "ends\n", *FORMATTED):
            sends(user, pasted(words))
            kept = words.replace("\r\n", "\n").replace("\r", "\n")
            await holds(user, kept)
            sends(user, "\x1b[18~")  # F7 marks all of it
        sends(user, pasted(WORDS) + pasted("\n\ngamma") + "!")
        await user.until(lambda: text(user) == f"{WORDS}\n\ngamma!", "pastes one after the other")


async def test_a_long_paste_arrives_once() -> None:
    lines = "\n".join(f"line {number}" for number in range(5000))
    async with running_client(client(FakeAgent())) as user:
        sends(user, pasted(lines) + " end")
        await user.until(lambda: text(user) == f"{lines} end", "5,000 lines")
        await user.sees("line 4999 end")


async def test_a_paste_does_as_a_command_what_it_would_typed() -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        sends(user, pasted("/note x\ny") + "\r")
        await user.sees("✎ note x y")
        assert text(user) == ""


async def test_a_paste_while_an_answer_comes_stays_in_the_prompt() -> None:
    gate = Gate()
    async with running_client(client(FakeAgent([(TextDelta("Well"), gate, TurnCompleted())]))) as user:
        await user.say("Hello")
        await user.sees("Well", "esc stop")
        sends(user, pasted(WORDS))
        await user.until(lambda: text(user) == WORDS, "the paste")
        gate.open()
        await user.sees("enter send")
        assert text(user) == WORDS


@pytest.mark.parametrize("size", [NARROW, (120, 40)])
async def test_what_is_typed_goes_to_the_prompt_in_order_whatever_has_the_focus(size: tuple[int, int]) -> None:
    agent = FakeAgent()
    async with running_client(client(agent), size) as user:
        await user.press("f4")  # elsewhere
        await user.until(lambda: not user.main.query_one(Prompt).has_focus, "another focus")
        sends(user, f"a\u200cb{pasted('c')}d\x7fe\r")
        await user.sees("You said: a\u200cbce", "enter send")
        await user.press("f4")
        await user.until(lambda: not user.main.query_one(Prompt).has_focus, "another focus")
        sends(user, pasted(WORDS) + "".join(FORMATTED))
        await user.until(lambda: text(user) == WORDS + "".join(FORMATTED), "all of it")
        assert [each.text for each in agent.requests] == ["a\u200cbce"]


async def test_keys_that_move_or_mark_count_before_the_letters_behind_them() -> None:
    async with running_client(client(FakeAgent())) as user:
        sends(user, "ac\x1b[Db\x1b[H1\x1b[F2\x7f\x7fd")
        await user.until(lambda: text(user) == "1abd", "letters between keys")
        sends(user, "\x1b[18~new\x1b[18~x\x1a")  # F7 marks all of it, ^Z takes back
        await user.until(lambda: text(user) == "new", "what was marked")
        sends(user, "\x1b[13;2uline")
        await user.until(lambda: text(user) == "new\nline", "a line break")


async def test_format_characters_are_text_as_they_are_typed() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        for words in FORMATTED:
            sends(user, f"{words}\r")
            await received(user, agent, words)


async def test_what_is_typed_before_the_panels_are_there_is_kept_and_sent() -> None:
    agent = FakeAgent()
    app = client(agent)
    async with app.run_test(size=(120, 40)) as pilot:
        user = PilotUser(pilot)
        sends(user, f"می\u200cر\x7f{pasted(WORDS)}\r")
        sends(user, "\u200dnext")
        await user.sees("You said: می", "enter send")
        assert [each.text for each in agent.requests] == [f"می\u200c{WORDS}"]
        assert text(user) == "\u200dnext"


async def test_two_messages_typed_before_the_panels_are_there_stay_two() -> None:
    agent = FakeAgent()
    app = client(agent)
    async with app.run_test(size=(120, 40)) as pilot:
        user = PilotUser(pilot)
        for key in "one\rtwo\rthree":
            sends(user, key)
        await user.sees("You said: one", "enter send")
        await holds(user, "two\nthree")


async def test_a_command_typed_before_the_panels_are_there_is_done() -> None:
    app = client(FakeAgent())
    async with app.run_test(size=(120, 40)) as pilot:
        user = PilotUser(pilot)
        sends(user, "/copy foo\r")
        await user.until(lambda: text(user) == "/copy foo", "what cannot be copied")


async def test_what_a_terminal_would_obey_is_sent_as_it_is_and_never_drawn() -> None:
    words = "a\x1b[31mred\x1b\r\x07b\x9b32m\u202ec\x00"
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        sends(user, pasted(words))
        await user.sees("a␛[31mred␛", "␇b�32m�c")
        assert not [strip.text for strip in user.strips() if set("\x1b\x07\x9b\u202e") & set(strip.text)]
        assert agent.requests == []
        sends(user, "!\r")
        sent = "a\x1b[31mred\x1b\n\x07b\x9b32m\u202ec!"
        await user.until(lambda: [each.text for each in agent.requests] == [sent], "the message")
        await user.sees("enter send")
        await user.press("up")
        assert text(user) == sent


CONTROL = ReturnControl(
    "one",
    (ToolCall("book", "travel", (), ReturnControlKind.RESULT), ToolCall("pay", "travel", (), ReturnControlKind.RESULT)),
)


async def test_a_paste_with_a_dialog_open_goes_to_its_field_or_nowhere() -> None:
    agent = FakeAgent([answer("Hello."), (CONTROL, TurnCompleted()), answer("Done.")])
    async with running_client(client(agent)) as user:
        await user.say("Hello")
        await user.sees("Hello.", "enter send")

        async def takes(
            kind: type[Input] | type[TextArea], screen: type, expected: str, at: int = 0, typed: str = "x\u200cy\x7f"
        ) -> None:
            await user.until(lambda: isinstance(user.app.screen, screen) and user.app.screen.query(kind), str(screen))
            field = list(user.app.screen.query(kind).results(kind))[at]
            user.app.screen.set_focus(field)
            sends(user, typed + pasted("one\r\ntwo\x9b"))
            value = field.text if isinstance(field, TextArea) else field.value
            await user.until(lambda: (field.text if isinstance(field, TextArea) else field.value) == expected, value)

        await user.press("f9")
        await takes(Input, UserPicker, "x\u200cone two\N{REPLACEMENT CHARACTER}")
        await user.press("escape")
        await user.press("ctrl+t")
        await takes(Input, TraceScreen, "x\u200cone two\N{REPLACEMENT CHARACTER}")
        await user.press("escape", "escape")
        await user.say("/attributes")
        await takes(TextArea, AttributesDialog, "x\u200cone\ntwo\x9b", at=1)
        await user.press("escape")
        await user.press("ctrl+p")
        await takes(Input, CommandPalette, "x\u200cone two\N{REPLACEMENT CHARACTER}", typed="x\u200c")
        await user.press("escape")
        await user.press("f1")
        await user.sees("Keys")
        sends(user, pasted(WORDS))
        await user.press("escape")
        await user.sees_no("Commands")
        await user.say("Book it")
        await takes(Input, ReturnControlDialog, "x\u200cone two\N{REPLACEMENT CHARACTER}")
        assert text(user) == ""


async def test_what_is_copied_in_one_field_is_pasted_into_another() -> None:
    async with running_client(client(FakeAgent())) as user:
        sends(user, pasted(WORDS) + "\x1b[18~")  # F7 marks all of it
        await user.until(lambda: user.main.query_one(Prompt).selected_text == WORDS, "the selection")
        await user.press("ctrl+c")
        await user.press("f9")
        await user.until(lambda: isinstance(user.app.screen, UserPicker), "the users")
        field = user.app.screen.query_one(Input)
        user.app.screen.set_focus(field)
        await user.press("ctrl+v")
        assert field.value == "alpha beta"
        await user.press("shift+home", "ctrl+c", "ctrl+v", "ctrl+v")
        await user.until(lambda: field.value == "alpha betaalpha beta", "twice what was marked")
        field.value = "a\tb\nc\x1b"
        await user.sees("a␉b␊c␛")


def test_a_paste_is_one_however_it_is_read() -> None:
    data = "x" + pasted("a\x1b[31mb\x1b\r") + "y\x1b[A" + pasted("") + pasted("q") + "z"

    def read(cuts: Sequence[int]) -> list[str]:
        parser = InputParser()
        return [
            repr(event)
            for start, end in zip((0, *cuts), (*cuts, len(data)), strict=True)
            if start < end
            for event in parser.feed(data[start:end])
        ]

    whole = read(())
    assert [each for each in whole if each.startswith("Paste")] == [
        repr(events.Paste(text)) for text in ("a\x1b[31mb\x1b\r", "", "q")
    ]
    for cut in range(len(data)):
        assert read((cut,)) == whole
    assert read(range(len(data))) == whole


@pytest.mark.parametrize(("begun", "waits"), [("\x1b[20", True), ("\x1b[", False)])
def test_the_beginning_of_a_paste_waits_on_a_slow_line_and_a_key_does_not(begun: str, waits: bool) -> None:
    parser = InputParser()
    assert list(parser.feed(begun)) == []
    parser._timeout_time = 0.0  # long ago
    assert bool(list(parser.tick())) is not waits
    if waits:
        assert [repr(event) for event in parser.feed("0~a\x1b[201~")] == [repr(events.Paste("a"))]


@pytest.mark.parametrize("data", ["\x1b[99999999u", "\x1b[97:65u", "\x1b[97;;55296u", "\x1b[;;u", "\x1b[;1114112u"])
def test_a_key_that_is_none_ends_nothing(data: str) -> None:
    last = list(InputParser().feed(f"{data}\x1b[A"))[-1]
    assert isinstance(last, events.Key)
    assert last.key == "up"


def test_a_key_of_many_code_points_is_read_whole() -> None:
    codes = ":".join(str(ord(each)) for each in "👨‍👩‍👧‍👦")
    keys = [event for event in InputParser().feed(f"\x1b[0;;{codes}u") if isinstance(event, events.Key)]
    assert "".join(key.character or "" for key in keys) == "👨‍👩‍👧‍👦"


LINES = [f"line {number}" for number in range(8)]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
async def test_a_paste_that_is_not_marked_as_one_is_one_message(end: str) -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        sends(user, end.join(LINES))
        await holds(user, "\n".join(LINES))
        sends(user, f"{end}\tindented{end}{end}last\r".replace("\t", ""))
        await received(user, agent, "\n".join([*LINES, "indented", "", "last"]))
        assert len(agent.requests) == 1


async def test_lines_that_are_typed_while_an_answer_comes_stay_in_order_on_lines_of_their_own() -> None:
    gate = Gate()
    agent = FakeAgent([(gate, *answer("There."))])
    async with running_client(client(agent)) as user:
        await user.sees("No memories yet")
        for key in "1one\r2two\r3three\r4four\r":
            sends(user, key)
        await user.sees("The agent is still answering")
        await holds(user, "2two\n3three\n4four")
        sends(user, pasted("5five"))
        await holds(user, "2two\n3three\n4four\n5five")
        gate.open()
        await user.sees("There.", "enter send")
        sends(user, "\r")
        await received(user, agent, "2two\n3three\n4four\n5five")
        assert [each.text for each in agent.requests] == ["1one", "2two\n3three\n4four\n5five"]


async def test_a_text_that_was_not_sent_is_corrected_where_it_is() -> None:
    gate = Gate()
    async with running_client(client(FakeAgent([(gate, *answer("There."))]))) as user:
        for key in "one\rtwo\r\x7fo\r":
            sends(user, key)
        await holds(user, "two")
        sends(user, "\x1b[D")
        await user.until(lambda: user.main.query_one(Prompt).cursor_location == (0, 2), "the cursor")
        sends(user, "w")
        await holds(user, "twwo")
        gate.open()
        await user.sees("There.", "enter send")


async def test_a_command_that_cannot_be_used_stays_before_what_is_typed_after_it() -> None:
    async with running_client(client(FakeAgent())) as user:
        for key in "/nonsense\rHello":
            sends(user, key)
        await user.sees("Unknown command /nonsense")
        await holds(user, "/nonsense\nHello")


def test_enter_is_a_line_break_only_before_text() -> None:
    def kinds(data: str) -> str:
        keys = [event for event in InputParser().feed(data) if isinstance(event, events.Key)]
        return "".join("¶" if isinstance(key, LineBreak) else "⏎" for key in keys if key.key == "enter")

    expected = {
        "\r": "⏎",
        "a\r": "⏎",
        "a\rb": "¶",
        "a\r\r b\r": "¶¶⏎",
        "a\r\x1b[Ab\r": "⏎⏎",
        "a\r\x1b": "⏎",
        "a\r\n\n": "⏎",
        "\rb": "¶",
    }
    assert {data: kinds(data) for data in expected} == expected
