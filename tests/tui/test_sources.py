"""The sources of an answer's claims: marks on its words, the list below it, the memory cards, and ways between them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.fakes import FakeAgent, Gate, answer, summary
from tests.tui.client import NARROW, WIDE, PilotUser, client, running_client
from travel_tui.agent import MemoryInjected, TextDelta, ToolCall, ToolResult, TurnEvent
from travel_tui.attribution.types import Claim, Evidence, Source, Turn
from travel_tui.conversation import memory_insights
from travel_tui.conversation.memory_labels import Quote
from travel_tui.conversation.memory_use import MemoryUse
from travel_tui.conversation.source_labels import counted, place
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
from travel_tui.tui.widgets.chat.answer import Answer
from travel_tui.tui.widgets.chat.memory_line import MemoryLine
from travel_tui.tui.widgets.chat.turn import UserTurn
from travel_tui.tui.widgets.memory.summary_card import SummaryCard
from travel_tui.tui.widgets.prompt import Prompt

OSLO, ROME = summary("session-oslo", "Anna lives in Oslo."), summary("session-rome", "Anna booked a hotel in Rome.")
DAY = date(2026, 11, 23)
SAID = "You live in **Oslo**, your hotel is in [Rome](https://a.b), you leave on *11 July*, trip `9f0b`, for 40 euros."


def claim(text: str, source: Source, evidence: Evidence | None = None) -> Claim:
    start = SAID.index(text)
    return Claim(text, start, start + len(text), source, evidence)


CLAIMS = (
    claim("Oslo", Source.MEMORY, Evidence(OSLO.text, 0, 19, OSLO.record_id)),
    claim("Rome", Source.NOT_INJECTED, Evidence(ROME.text, 0, 28, ROME.record_id)),
    claim("11 July", Source.SAID, Evidence("I leave on 11 July.", 0, 19, turn=1)),
    claim("9f0b", Source.TOOL, Evidence("Booked 9f0b.", 0, 12, turn=1, tool=0)),
    claim("40 euros", Source.UNKNOWN),
)


def recalling(*memories: str, said: str) -> tuple[TurnEvent, ...]:
    """An answer with these memories in its prompt."""
    return (MemoryInjected("\n".join(memories)), *answer(said))


async def explained(user: PilotUser) -> AgentTurn:
    """Ask, and have the answer's claims explained by hand."""
    await user.sees(OSLO.text, ROME.text)
    await user.say("What do you know?")
    await user.sees("for 40 euros", "enter send")
    turn = user.main.query_one(AgentTurn)
    await turn.explain(MemoryUse((Quote(OSLO.text, OSLO.record_id, OSLO.session_id),), CLAIMS))
    return turn


@pytest.mark.parametrize(
    ("derived", "words"),
    [(False, "in memory session-, not in prompt"), (True, "in memory session-, would not be recalled")],
)
def test_a_memory_outside_the_prompt_is_named_as_the_service_lets_one_know(derived: bool, words: str) -> None:
    assert place(CLAIMS[1], derived=derived) == words
    short = "not recalled" if derived else "not in prompt"
    assert counted(CLAIMS[1:2], short=True, derived=derived) == [f"◇ 1 {short}"]


def client_of_all_sources() -> FakeAgent:
    return FakeAgent([recalling(OSLO.text, said=SAID)], stored=[OSLO, ROME])


def cards(user: PilotUser) -> dict[str, SummaryCard]:
    return {card.view.session_id or "": card for card in user.main.query(SummaryCard)}


def styled(user: PilotUser, style: str) -> str:
    """Return the words in the answer that have a style, as shown."""
    rows = user.main.query(Answer).last()._rows
    return " ".join(
        row.content.plain[span.start : span.end] for row in rows for span in row.content.spans if span.style == style
    )


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_words_have_the_symbol_of_their_source_and_the_line_counts_them(size: tuple[int, int]) -> None:
    async with running_client(client(client_of_all_sources())) as user:
        await explained(user)
        await user.pilot.resize_terminal(*size)
        await user.sees("in Oslo◆, your hotel is in Rome◇ (https://a.b), you leave on 11 July○, trip 9f0bƒ, for 40")
        await user.sees("40 euros△.", "◆ 1", "◇ 1", "○ 1", "ƒ 1", "△ 1")
        user.app.theme = "textual-light"
        await user.sees("40 euros△.")


async def test_a_key_hides_the_marks_and_shows_them_again() -> None:
    async with running_client(client(client_of_all_sources())) as user:
        await explained(user)
        await user.sees("40 euros△.")
        await user.press("ctrl+o")
        await user.sees("Source marks are hidden.", "for 40 euros.")
        assert "△." not in user.text()
        await user.sees("△ 1")  # the line below says it all the same
        await user.say("/sources")
        await user.sees("Source marks are shown.", "40 euros△.")


async def test_symbols_are_neither_copied_nor_in_the_way_of_a_search() -> None:
    async with running_client(client(client_of_all_sources())) as user:
        await explained(user)
        await user.sees("40 euros△.")
        user.app.screen.text_select_all()
        copied = user.app.screen.get_selected_text() or ""
        assert "for 40 euros." in " ".join(copied.split())
        user.app.screen.clear_selection()
        await user.say("/find Oslo, your")
        await user.sees("1 of 1")


async def test_moving_in_the_list_highlights_the_words_and_the_sentence_in_the_card() -> None:
    async with running_client(client(client_of_all_sources())) as user:
        await explained(user)
        user.main.query_one(MemoryLine).focus()
        await user.press("enter")
        await user.sees(
            "› ◆ Oslo Anna lives in Oslo. from memory session-", "◇ Rome Anna booked a hotel in Rome. in memory"
        )
        await user.sees(
            "○ 11 July I leave on 11 July. said in turn 1", "ƒ 9f0b Booked 9f0b. returned by a function in turn"
        )
        await user.sees("△ 40 euros source unknown")
        await user.until(lambda: cards(user)["session-oslo"]._cited, "the sentence in the card")
        await user.press("down")
        await user.sees("› ◇ Rome")
        await user.until(lambda: cards(user)["session-rome"]._cited == ROME.text, "the other sentence")
        assert not cards(user)["session-oslo"]._cited
        answer_shown = user.main.query_one(Answer)
        assert answer_shown._style(".answer--mark 1") != answer_shown._style(".answer--mark 0")
        await user.press("down", "down", "down", "down")
        await user.sees("› △ 40 euros")
        await user.press("enter")
        await user.sees_no("› △")
        await user.until(lambda: not cards(user)["session-rome"]._cited, "no sentence any more")


async def test_from_a_claim_to_its_card_and_from_the_card_to_the_answers_that_used_it() -> None:
    first, second = recalling(OSLO.text, said="You live in Oslo."), recalling(OSLO.text, said="Still in Oslo.")
    agent = FakeAgent([first, answer("Long.\n\n" * 60), second], stored=[OSLO, ROME])
    async with running_client(client(agent), NARROW) as user:
        for said, seen in (("Where do I live?", "You live in"), ("More", "Long."), ("And now?", "Still in")):
            await user.say(said)
            await user.sees(seen, "enter send")
        await user.sees("Still in Oslo◆.")
        user.main.query(MemoryLine).last().focus()
        await user.press("enter", "m")
        await user.until(lambda: user.main.focused is cards(user)["session-oslo"], "the card in focus")
        await user.press("a")
        await user.sees("› ◆", "Still in Oslo◆.")
        await user.press("f4", "f4")
        cards(user)["session-oslo"].focus()
        await user.press("a")
        await user.sees("› ◆", "You live in Oslo◆.")
        cards(user)["session-rome"].focus()
        await user.press("a")
        await user.sees("No answer in this conversation used memory session-.")


async def test_a_missing_fact_leads_to_the_turn_where_it_was_said(tmp_path: Path) -> None:
    agent, archive = FakeAgent(), tmp_path / "archive.sqlite3"
    async with running_client(client(agent, archive=archive)) as user:
        said = ("Hello", "My name is Anna and I am allergic to peanuts.", "Long.\n\n" * 30)
        for number, text in enumerate(said, 1):
            await user.say(text)
            await user.sees("enter send", f"{number} turn")
        await user.press("f2")
        await user.until(lambda: agent.ended, "the end")
        agent.stored.append(summary(agent.ended[0][0], "The user is Anna."))
        await user.press("f5")
        await user.sees("missing from summary:", "peanuts turn 2")
        user.main.query_one(SummaryCard).focus()
        await user.press("down")
        await user.sees("› allergic to peanuts turn 2")
        await user.press("enter")
        await user.until(lambda: any(each._marked for each in user.main.query(UserTurn)), "the words in the message")
        await user.sees("I am allergic to peanuts.")
    async with running_client(client(FakeAgent(stored=agent.stored), archive=archive, seed=8)) as user:
        await user.sees("peanuts turn 2")
        user.main.query_one(SummaryCard).focus()
        await user.press("down", "enter")
        await user.sees("Session 6513270e", "> My name is Anna and I am allergic to peanuts.")


async def test_a_card_whose_session_is_unknown_says_that_it_is_not_compared() -> None:
    async with running_client(client(FakeAgent(stored=[OSLO]))) as user:
        await user.sees("not compared: session unknown here")


async def test_an_answer_that_is_incomplete_or_has_no_facts_says_so() -> None:
    agent = FakeAgent([(TextDelta("You live in Os"), Gate()), answer("Certainly!")])
    async with running_client(client(agent)) as user:
        await user.say("Where do I live?")
        await user.sees("You live in Os", "esc stop")
        await user.press("escape")
        await user.sees("stopped", "sources not judged: the answer is incomplete")
        user.main.query_one(Prompt).text = ""
        await user.say("Thanks")
        await user.sees("Certainly!", "no facts to attribute")


async def test_the_marks_are_the_same_after_a_resume_and_in_opened_evidence(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    called = (
        MemoryInjected(OSLO.text),
        ToolCall("travel", "find", (), "t-1"),
        ToolResult("Trip 9f0b135c.", "t-1"),
        *answer("You live in Oslo. Your trip 9f0b135c is to Bergen."),
    )
    marked = "You live in Oslo◆. Your trip 9f0b135cƒ is to Bergen"
    async with running_client(client(FakeAgent([called], stored=[OSLO]), archive=archive)) as user:
        await user.sees(OSLO.text)
        await user.say("What do you know?")
        await user.sees(marked)
    async with running_client(client(FakeAgent(stored=[OSLO]), archive=archive, seed=8)) as user:
        await user.say("/resume")
        await user.sees("Resume which session?")
        await user.press("enter")
        await user.sees(marked)
        await user.say(f"/export {tmp_path / 'taken'}")
        await user.sees("Written to")
        await user.say(f"/open {tmp_path / 'taken'}")
        await user.sees("read-only", marked)
        await user.press("ctrl+o")
        await user.sees("You live in Oslo. Your trip")
        await user.press("ctrl+o")
        line = user.app.screen.query_one(MemoryLine)
        line.focus()
        await user.press("enter")
        await user.sees("› ◆", "from memory session-")
        await user.until(lambda: any(card._cited for card in user.app.screen.query(SummaryCard)), "the sentence")


def test_of_what_was_read_in_part_no_source_is_said_to_be_unknown() -> None:
    turns = [
        Turn("word " * 5_000 + "I live in Oslo."),
        Turn("Where do I live?", "You live in Oslo, and Rome is far.", day=DAY),
    ]
    assert not [each for each in explained_claims(turns) if each.source is Source.UNKNOWN]
    turns[0] = Turn("I live in Oslo.")
    assert [each.source for each in explained_claims(turns) if each.text == "Oslo"] == [Source.SAID]
    assert [each.source for each in explained_claims(turns) if "Rome" in each.text] == [Source.UNKNOWN]


def explained_claims(turns: list[Turn]) -> tuple[Claim, ...]:
    return memory_insights.explained(turns, (), [], DAY).claims or ()
