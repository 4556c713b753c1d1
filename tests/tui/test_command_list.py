"""The list of commands above the prompt, while the name of one is typed."""

from __future__ import annotations

import pytest

from tests.fakes import FakeAgent, Gate
from tests.tui.client import HUGE, NARROW, WIDE, PilotUser, client, running_client
from tests.tui.repaint import stale
from tests.tui.screen_text import clipped, overlapping
from tests.tui.test_typing import holds, pasted, sends
from travel_tui.agent import TextDelta, TurnCompleted
from travel_tui.tui.command_menu import CLOSED, menu_for
from travel_tui.tui.commands import COMMANDS, Argument
from travel_tui.tui.widgets.command_list import SlashCommandList
from travel_tui.tui.widgets.prompt import Prompt

NAMES = sorted(each.slash for each in COMMANDS if each.slash)


def text(user: PilotUser) -> str:
    return user.main.query_one(Prompt).text


def shown(user: PilotUser) -> SlashCommandList:
    return user.main.query_one(SlashCommandList)


async def opens(user: PilotUser, *first: str) -> None:
    """Wait until the list is there and begins with these names."""

    def begins() -> bool:
        found = [each.id for each in shown(user).options]
        return shown(user).display and found[: len(first)] == list(first)

    await user.until(begins, f"a list that begins with {first}")


async def closes(user: PilotUser) -> None:
    await user.until(lambda: not shown(user).display, "no list")


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
    async with running_client(client(FakeAgent()), size) as user:
        await user.press("slash")
        await opens(user, *NAMES)
        seen = await user.sees("▸ /attributes Set session", "/copy")
        assert shown(user).size.height == rows
        assert shown(user).region.bottom <= user.main.query_one(Prompt).region.y
        assert "esc close" in seen.splitlines()[-1]
        assert [*clipped(user), *overlapping(user)] == []
        await user.press(*"fo")
        await opens(user, "forget")
        await user.sees("▸ /forget Delete everything")
        assert stale(user) == []
        await user.press("backspace", "backspace", "backspace")
        await closes(user)
        await user.sees_no("/forget", "esc close")


async def test_up_and_down_choose_and_enter_runs() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.press("slash", "e", "down", "up", "up", "down", "down", "enter")  # edit, end, around the end
        await user.sees("Summarising the")
        await closes(user)
        assert text(user) == ""
        await user.press("up")
        assert text(user) == "/end"
        await user.press("up")
        assert text(user) == "Hello"
        assert len(agent.requests) == 1


async def test_all_keys_count_in_the_order_in_which_they_come_in_one_burst() -> None:
    async with running_client(client(FakeAgent())) as user:
        sends(user, "/fi\tOslo")
        await user.until(lambda: text(user) == "/find Oslo", "the command")
        sends(user, "\x1b[18~/op\rx")  # F7 marks all of it
        await user.until(lambda: text(user) == "/open x", "what needs text")


@pytest.mark.parametrize(("typed", "completed"), [("/fin", "/find "), ("/op", "/open "), ("/tr", "/trace")])
async def test_tab_completes(typed: str, completed: str) -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.press(*typed, "tab")
        assert text(user) == completed
        assert user.main.focused is user.main.query_one(Prompt)
        await user.press("ctrl+z")
        assert text(user) == typed


async def test_enter_completes_what_needs_text_and_shows_its_usage_until_that_is_typed() -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.press(*"/wh", "enter")
        assert text(user) == "/why "
        await user.sees("/why WORDS Find where recall failed")
        await user.sees("never said, not stored, deleted")
        await user.press("x")
        await closes(user)
        await user.sees_no("/why WORDS")
        await user.press("backspace")
        await user.sees("/why WORDS Find where")
        await user.press("escape")
        await closes(user)
        assert text(user) == "/why "


async def test_enter_runs_nothing_whose_name_was_not_begun() -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.press(*"/edn")
        await opens(user, "end")
        await user.press("enter")
        assert text(user) == "/end"
        await closes(user)
        await user.press("enter")
        await user.sees("Summarising the")


async def test_escape_closes_the_list_alone_and_typing_opens_it_again() -> None:
    gate = Gate()
    async with running_client(client(FakeAgent([(TextDelta("Well"), gate, TurnCompleted())]))) as user:
        await user.say("Hello")
        await user.sees("Well", "esc stop")
        await user.press(*"/en")
        await opens(user, "end")
        await user.sees("esc close")
        await user.press("escape")
        await closes(user)
        assert text(user) == "/en"
        await user.sees("esc stop")
        await user.press("d")
        await opens(user, "end")
        await user.press("escape", "escape")
        await user.sees("stopped")
        gate.open()


async def test_up_and_down_go_through_what_was_written_while_the_list_is_closed() -> None:
    async with running_client(client(FakeAgent())) as user:
        for each in ("first", "/stage", "/stage"):
            await user.say(each)
        await user.sees("You said: first", "enter send")
        await user.press("up")
        assert text(user) == "/stage"
        await closes(user)
        await user.press("up")
        assert text(user) == "first"
        await user.press("down", "down", "slash", "escape", "up")
        assert text(user) == "/stage"
        await user.press("down")
        assert text(user) == "/"


async def test_a_paste_opens_no_list() -> None:
    async with running_client(client(FakeAgent())) as user:
        for words in ("/", "/en", "/etc/hosts", "/find "):
            sends(user, pasted(words))
            await holds(user, words)
            await user.settled()
            assert not shown(user).display, words
            user.main.query_one(Prompt).clear()
        await user.press("slash")
        await opens(user)
        sends(user, pasted("en"))
        await closes(user)
        assert text(user) == "/en"


async def test_a_path_closes_the_list() -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.press("slash", "e")
        await opens(user, "edit")
        await user.press(*"tc")
        await closes(user)
        await user.press("slash", *"hosts")
        assert text(user) == "/etc/hosts"
        assert not shown(user).display


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_click_chooses(size: tuple[int, int]) -> None:
    async with running_client(client(FakeAgent()), size) as user:
        await user.press("slash", "e", "x")
        await opens(user, "expect", "export")
        await user.press("backspace")
        await opens(user, "edit", "end", "expect", "export")
        await user.press("backspace", *"op")
        await opens(user, "open")
        await user.pilot.click(SlashCommandList, offset=(6, 0))
        await user.until(lambda: text(user) == "/open ", "the name")
        assert user.main.focused is user.main.query_one(Prompt)
        await user.press("ctrl+u", *"/us")
        await opens(user, "user")
        await user.pilot.click(SlashCommandList, offset=(6, 0))
        await user.sees("Switch user")
        assert text(user) == ""


async def test_leaving_the_prompt_closes_the_list() -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.press("slash")
        await opens(user)
        await user.press("f4")
        await closes(user)


async def test_the_offered_line_is_taken_while_nothing_is_written() -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.press("slash", "escape", "backspace", "tab")
        await user.until(lambda: text(user).startswith("Hi, my name is Anna"), "the offered line")
        await closes(user)


async def test_a_command_list_typed_for_before_the_panels_are_there_opens_with_them() -> None:
    app = client(FakeAgent())
    async with app.run_test(size=WIDE) as pilot:
        user = PilotUser(pilot)
        sends(user, "/en")
        await user.sees("▸ /end")


def test_every_command_says_whether_enter_runs_it() -> None:
    for each in COMMANDS:
        menu = menu_for(f"/{each.slash}")
        assert menu.command == each
        assert menu.runs is (each.argument is not Argument.REQUIRED)
