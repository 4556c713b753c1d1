"""The list of commands above the prompt, while the name of one is typed."""

from __future__ import annotations

import pytest

from tests.fakes import FakeAgent, Gate
from tests.tui.client import HUGE, NARROW, WIDE, PilotUser, client, sitting_at
from tests.tui.repaint import stale
from tests.tui.screen_text import clipped, overlapping
from tests.tui.test_typing import holds, pasted, sends
from travel_tui.agent import TextDelta, TurnCompleted
from travel_tui.tui.command_menu import CLOSED, menu_for
from travel_tui.tui.commands import COMMANDS, Argument
from travel_tui.tui.widgets.command_list import SlashCommandList
from travel_tui.tui.widgets.prompt import Prompt

NAMES = sorted(each.slash for each in COMMANDS if each.slash)


def text(person: PilotUser) -> str:
    return person.main.query_one(Prompt).text


def shown(person: PilotUser) -> SlashCommandList:
    return person.main.query_one(SlashCommandList)


async def opens(person: PilotUser, *first: str) -> None:
    """Wait until the list is there and begins with these names."""

    def begins() -> bool:
        found = [each.id for each in shown(person).options]
        return shown(person).display and found[: len(first)] == list(first)

    await person.until(begins, f"a list that begins with {first}")


async def closes(person: PilotUser) -> None:
    await person.until(lambda: not shown(person).display, "no list")


def names(typed: str) -> list[str]:
    return [each.slash for each in menu_for(typed).commands]


def test_a_slash_offers_every_command_by_name() -> None:
    assert names("/") == NAMES


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("/e", ["edit", "end", "expect", "export"]),
        ("/EX", ["expect", "export"]),
        ("/end", ["end"]),
        ("/filter", ["memory"]),
        ("/memo", ["memory", "look"]),
        ("/edn", ["end"]),
        ("/qqq", []),
    ],
)
def test_names_that_begin_so_come_before_titles_and_close_ones(typed: str, expected: list[str]) -> None:
    found = names(typed)
    assert [each for each in found if each in expected] == [each for each in expected if each in found] == expected
    assert found[: len(expected[:1])] == expected[:1]


@pytest.mark.parametrize(
    "typed",
    [
        *("", "end", " /end", "//", "//end", "/ end", "/etc", "/etc/hosts", "/ho", "/usr/bin/python", "/tmp", "/2"),
        *("/end\n", "/end\nx", "/find x", "/find  ", "/nothing ", "/report.txt", "/*"),
    ],
)
def test_paths_and_other_texts_offer_nothing(typed: str) -> None:
    assert menu_for(typed) == CLOSED


def test_a_name_and_a_space_show_how_the_command_is_written() -> None:
    for each in COMMANDS:
        menu = menu_for(f"/{each.slash} ")
        assert (menu.usage, menu.commands) == (each, ())


@pytest.mark.parametrize(("size", "rows"), [(NARROW, 6), (WIDE, 8), (HUGE, 8), ((40, 12), 3)])
async def test_typing_a_slash_shows_the_commands_with_their_help(size: tuple[int, int], rows: int) -> None:
    async with sitting_at(client(FakeAgent()), size) as anna:
        await anna.press("slash")
        await opens(anna, *NAMES)
        seen = await anna.sees("▸ /attributes Set session", "/copy")
        assert shown(anna).size.height == rows
        assert shown(anna).region.bottom <= anna.main.query_one(Prompt).region.y
        assert "esc close" in seen.splitlines()[-1]
        assert [*clipped(anna), *overlapping(anna)] == []
        await anna.press(*"fo")
        await opens(anna, "forget")
        await anna.sees("▸ /forget Delete all")
        assert stale(anna) == []
        await anna.press("backspace", "backspace", "backspace")
        await closes(anna)
        await anna.sees_no("/forget", "esc close")


async def test_up_and_down_choose_and_enter_runs() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.press("slash", "e", "down", "up", "up", "down", "down", "enter")  # edit, end, around the end
        await anna.sees("Summarising the")
        await closes(anna)
        assert text(anna) == ""
        await anna.press("up")
        assert text(anna) == "/end"
        await anna.press("up")
        assert text(anna) == "Hello"
        assert len(agent.requests) == 1


async def test_all_keys_count_in_the_order_in_which_they_come_in_one_burst() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        sends(anna, "/fi\tOslo")
        await anna.until(lambda: text(anna) == "/find Oslo", "the command")
        sends(anna, "\x1b[18~/op\rx")  # F7 marks all of it
        await anna.until(lambda: text(anna) == "/open x", "what needs text")


@pytest.mark.parametrize(("typed", "completed"), [("/fin", "/find "), ("/op", "/open "), ("/tr", "/trace")])
async def test_tab_completes(typed: str, completed: str) -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.press(*typed, "tab")
        assert text(anna) == completed
        assert anna.main.focused is anna.main.query_one(Prompt)
        await anna.press("ctrl+z")
        assert text(anna) == typed


async def test_enter_completes_what_needs_text_and_shows_its_usage_until_that_is_typed() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.press(*"/wh", "enter")
        assert text(anna) == "/why "
        await anna.sees("/why WORDS Find where recall failed")
        await anna.sees("never said, not stored, deleted")
        await anna.press("x")
        await closes(anna)
        await anna.sees_no("/why WORDS")
        await anna.press("backspace")
        await anna.sees("/why WORDS Find where")
        await anna.press("escape")
        await closes(anna)
        assert text(anna) == "/why "


async def test_enter_runs_nothing_whose_name_was_not_begun() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.press(*"/edn")
        await opens(anna, "end")
        await anna.press("enter")
        assert text(anna) == "/end"
        await closes(anna)
        await anna.press("enter")
        await anna.sees("Summarising the")


async def test_escape_closes_the_list_alone_and_typing_opens_it_again() -> None:
    gate = Gate()
    async with sitting_at(client(FakeAgent([(TextDelta("Well"), gate, TurnCompleted())]))) as anna:
        await anna.say("Hello")
        await anna.sees("Well", "esc stop")
        await anna.press(*"/en")
        await opens(anna, "end")
        await anna.sees("esc close")
        await anna.press("escape")
        await closes(anna)
        assert text(anna) == "/en"
        await anna.sees("esc stop")
        await anna.press("d")
        await opens(anna, "end")
        await anna.press("escape", "escape")
        await anna.sees("stopped")
        gate.open()


async def test_up_and_down_go_through_what_was_written_while_the_list_is_closed() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        for each in ("first", "/stage", "/stage"):
            await anna.say(each)
        await anna.sees("You said: first", "enter send")
        await anna.press("up")
        assert text(anna) == "/stage"
        await closes(anna)
        await anna.press("up")
        assert text(anna) == "first"
        await anna.press("down", "down", "slash", "escape", "up")
        assert text(anna) == "/stage"
        await anna.press("down")
        assert text(anna) == "/"


async def test_a_paste_opens_no_list() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        for words in ("/", "/en", "/etc/hosts", "/find "):
            sends(anna, pasted(words))
            await holds(anna, words)
            await anna.settled()
            assert not shown(anna).display, words
            anna.main.query_one(Prompt).clear()
        await anna.press("slash")
        await opens(anna)
        sends(anna, pasted("en"))
        await closes(anna)
        assert text(anna) == "/en"


async def test_a_path_closes_the_list() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.press("slash", "e")
        await opens(anna, "edit")
        await anna.press(*"tc")
        await closes(anna)
        await anna.press("slash", *"hosts")
        assert text(anna) == "/etc/hosts"
        assert not shown(anna).display


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_click_chooses(size: tuple[int, int]) -> None:
    async with sitting_at(client(FakeAgent()), size) as anna:
        await anna.press("slash", "e", "x")
        await opens(anna, "expect", "export")
        await anna.press("backspace")
        await opens(anna, "edit", "end", "expect", "export")
        await anna.press("backspace", *"op")
        await opens(anna, "open")
        await anna.pilot.click(SlashCommandList, offset=(6, 0))
        await anna.until(lambda: text(anna) == "/open ", "the name")
        assert anna.main.focused is anna.main.query_one(Prompt)
        await anna.press("ctrl+u", *"/us")
        await opens(anna, "user")
        await anna.pilot.click(SlashCommandList, offset=(6, 0))
        await anna.sees("Switch user")
        assert text(anna) == ""


async def test_leaving_the_prompt_closes_the_list() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.press("slash")
        await opens(anna)
        await anna.press("f4")
        await closes(anna)


async def test_the_offered_line_is_taken_while_nothing_is_written() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.press("slash", "escape", "backspace", "tab")
        await anna.until(lambda: text(anna).startswith("Hi, my name is Anna"), "the offered line")
        await closes(anna)


async def test_a_command_list_typed_for_before_the_panels_are_there_opens_with_them() -> None:
    app = client(FakeAgent())
    async with app.run_test(size=WIDE) as pilot:
        anna = PilotUser(pilot)
        sends(anna, "/en")
        await anna.sees("▸ /end")


def test_every_command_says_whether_enter_runs_it() -> None:
    for each in COMMANDS:
        menu = menu_for(f"/{each.slash}")
        assert menu.command == each
        assert menu.runs is (each.argument is not Argument.REQUIRED)
