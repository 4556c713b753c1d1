"""The sources of an answer's claims: marks on its words, the list below it, the memory cards, and ways between them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.fakes import FakeAgent, Gate, answer, summary
from tests.tui.client import NARROW, WIDE, PilotUser, client, sitting_at
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


async def explained(anna: PilotUser) -> AgentTurn:
    """Ask, and have the answer's claims explained by hand."""
    await anna.sees(OSLO.text, ROME.text)
    await anna.say("What do you know?")
    await anna.sees("for 40 euros", "enter send")
    turn = anna.main.query_one(AgentTurn)
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


def cards(anna: PilotUser) -> dict[str, SummaryCard]:
    return {card.view.session_id or "": card for card in anna.main.query(SummaryCard)}


def styled(anna: PilotUser, style: str) -> str:
    """Return the words in the answer that have a style, as shown."""
    rows = anna.main.query(Answer).last()._rows
    return " ".join(
        row.content.plain[span.start : span.end] for row in rows for span in row.content.spans if span.style == style
    )


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_words_have_the_symbol_of_their_source_and_the_line_counts_them(size: tuple[int, int]) -> None:
    async with sitting_at(client(client_of_all_sources())) as anna:
        await explained(anna)
        await anna.pilot.resize_terminal(*size)
        await anna.sees("in Oslo◆, your hotel is in Rome◇ (https://a.b), you leave on 11 July○, trip 9f0bƒ, for 40")
        await anna.sees("40 euros△.", "◆ 1", "◇ 1", "○ 1", "ƒ 1", "△ 1")
        anna.app.theme = "textual-light"
        await anna.sees("40 euros△.")


async def test_a_key_hides_the_marks_and_shows_them_again() -> None:
    async with sitting_at(client(client_of_all_sources())) as anna:
        await explained(anna)
        await anna.sees("40 euros△.")
        await anna.press("ctrl+o")
        await anna.sees("Source marks are hidden.", "for 40 euros.")
        assert "△." not in anna.text()
        await anna.sees("△ 1")  # the line below says it all the same
        await anna.say("/sources")
        await anna.sees("Source marks are shown.", "40 euros△.")


async def test_symbols_are_neither_copied_nor_in_the_way_of_a_search() -> None:
    async with sitting_at(client(client_of_all_sources())) as anna:
        await explained(anna)
        await anna.sees("40 euros△.")
        anna.app.screen.text_select_all()
        copied = anna.app.screen.get_selected_text() or ""
        assert "for 40 euros." in " ".join(copied.split())
        anna.app.screen.clear_selection()
        await anna.say("/find Oslo, your")
        await anna.sees("1 of 1")


async def test_moving_in_the_list_highlights_the_words_and_the_sentence_in_the_card() -> None:
    async with sitting_at(client(client_of_all_sources())) as anna:
        await explained(anna)
        anna.main.query_one(MemoryLine).focus()
        await anna.press("enter")
        await anna.sees(
            "› ◆ Oslo Anna lives in Oslo. from memory session-", "◇ Rome Anna booked a hotel in Rome. in memory"
        )
        await anna.sees(
            "○ 11 July I leave on 11 July. said in turn 1", "ƒ 9f0b Booked 9f0b. returned by a function in turn"
        )
        await anna.sees("△ 40 euros source unknown")
        await anna.until(lambda: cards(anna)["session-oslo"]._cited, "the sentence in the card")
        await anna.press("down")
        await anna.sees("› ◇ Rome")
        await anna.until(lambda: cards(anna)["session-rome"]._cited == ROME.text, "the other sentence")
        assert not cards(anna)["session-oslo"]._cited
        answer_shown = anna.main.query_one(Answer)
        assert answer_shown._style(".answer--mark 1") != answer_shown._style(".answer--mark 0")
        await anna.press("down", "down", "down", "down")
        await anna.sees("› △ 40 euros")
        await anna.press("enter")
        await anna.sees_no("› △")
        await anna.until(lambda: not cards(anna)["session-rome"]._cited, "no sentence any more")


async def test_from_a_claim_to_its_card_and_from_the_card_to_the_answers_that_used_it() -> None:
    first, second = recalling(OSLO.text, said="You live in Oslo."), recalling(OSLO.text, said="Still in Oslo.")
    agent = FakeAgent([first, answer("Long.\n\n" * 60), second], stored=[OSLO, ROME])
    async with sitting_at(client(agent), NARROW) as anna:
        for said, seen in (("Where do I live?", "You live in"), ("More", "Long."), ("And now?", "Still in")):
            await anna.say(said)
            await anna.sees(seen, "enter send")
        await anna.sees("Still in Oslo◆.")
        anna.main.query(MemoryLine).last().focus()
        await anna.press("enter", "m")
        await anna.until(lambda: anna.main.focused is cards(anna)["session-oslo"], "the card in focus")
        await anna.press("a")
        await anna.sees("› ◆", "Still in Oslo◆.")
        await anna.press("f4", "f4")
        cards(anna)["session-oslo"].focus()
        await anna.press("a")
        await anna.sees("› ◆", "You live in Oslo◆.")
        cards(anna)["session-rome"].focus()
        await anna.press("a")
        await anna.sees("No answer in this conversation used memory session-.")


async def test_a_missing_fact_leads_to_the_turn_where_it_was_said(tmp_path: Path) -> None:
    agent, archive = FakeAgent(), tmp_path / "archive.sqlite3"
    async with sitting_at(client(agent, archive=archive)) as anna:
        said = ("Hello", "My name is Anna and I am allergic to peanuts.", "Long.\n\n" * 30)
        for number, text in enumerate(said, 1):
            await anna.say(text)
            await anna.sees("enter send", f"{number} turn")
        await anna.press("f2")
        await anna.until(lambda: agent.ended, "the end")
        agent.stored.append(summary(agent.ended[0][0], "The user is Anna."))
        await anna.press("f5")
        await anna.sees("missing from summary:", "peanuts turn 2")
        anna.main.query_one(SummaryCard).focus()
        await anna.press("down")
        await anna.sees("› allergic to peanuts turn 2")
        await anna.press("enter")
        await anna.until(lambda: any(each._marked for each in anna.main.query(UserTurn)), "the words in the message")
        await anna.sees("I am allergic to peanuts.")
    async with sitting_at(client(FakeAgent(stored=agent.stored), archive=archive, seed=8)) as anna:
        await anna.sees("peanuts turn 2")
        anna.main.query_one(SummaryCard).focus()
        await anna.press("down", "enter")
        await anna.sees("Session 6513270e", "> My name is Anna and I am allergic to peanuts.")


async def test_a_card_whose_session_is_unknown_says_that_it_is_not_compared() -> None:
    async with sitting_at(client(FakeAgent(stored=[OSLO]))) as anna:
        await anna.sees("not compared: session unknown here")


async def test_an_answer_that_is_incomplete_or_has_no_facts_says_so() -> None:
    agent = FakeAgent([(TextDelta("You live in Os"), Gate()), answer("Certainly!")])
    async with sitting_at(client(agent)) as anna:
        await anna.say("Where do I live?")
        await anna.sees("You live in Os", "esc stop")
        await anna.press("escape")
        await anna.sees("stopped", "sources not judged: the answer is incomplete")
        anna.main.query_one(Prompt).text = ""
        await anna.say("Thanks")
        await anna.sees("Certainly!", "no facts to attribute")


async def test_the_marks_are_the_same_after_a_resume_and_in_opened_evidence(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    called = (
        MemoryInjected(OSLO.text),
        ToolCall("travel", "find", (), "t-1"),
        ToolResult("Trip 9f0b135c.", "t-1"),
        *answer("You live in Oslo. Your trip 9f0b135c is to Bergen."),
    )
    marked = "You live in Oslo◆. Your trip 9f0b135cƒ is to Bergen"
    async with sitting_at(client(FakeAgent([called], stored=[OSLO]), archive=archive)) as anna:
        await anna.sees(OSLO.text)
        await anna.say("What do you know?")
        await anna.sees(marked)
    async with sitting_at(client(FakeAgent(stored=[OSLO]), archive=archive, seed=8)) as anna:
        await anna.say("/resume")
        await anna.sees("Resume which session?")
        await anna.press("enter")
        await anna.sees(marked)
        await anna.say(f"/export {tmp_path / 'taken'}")
        await anna.sees("Written to")
        await anna.say(f"/open {tmp_path / 'taken'}")
        await anna.sees("read-only", marked)
        await anna.press("ctrl+o")
        await anna.sees("You live in Oslo. Your trip")
        await anna.press("ctrl+o")
        line = anna.app.screen.query_one(MemoryLine)
        line.focus()
        await anna.press("enter")
        await anna.sees("› ◆", "from memory session-")
        await anna.until(lambda: any(card._cited for card in anna.app.screen.query(SummaryCard)), "the sentence")


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
