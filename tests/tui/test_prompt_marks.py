"""Which memories were in an answer's prompt: said on the answer and on the cards as soon as it can be known."""

from __future__ import annotations

from pathlib import Path

from tests.fakes import FakeAgent, Gate, answer, summary
from tests.tui.client import client, running_client
from travel_tui.agent import MemoryInjected, TurnEvent
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
from travel_tui.tui.widgets.chat.memory_line import MemoryLine
from travel_tui.tui.widgets.memory.summary_card import SummaryCard

OSLO, ROME = summary("session-one", "Anna lives in Oslo."), summary("session-two", "Anna booked Rome.")


def recalling(*memories: str, said: str = "You live in Oslo.") -> tuple[TurnEvent, ...]:
    """An answer with these memories in its prompt."""
    return (MemoryInjected("\n".join(memories)), *answer(said))


async def test_a_question_before_the_first_look_gets_its_mark_when_the_look_comes() -> None:
    agent = FakeAgent([recalling(OSLO.text)], stored=[OSLO], holding=Gate())
    async with running_client(client(agent)) as user:
        await user.say("Where do I live?")
        await user.sees("· memory in prompt ·", "▸ memory in prompt", "◆ 1 from memory", "enter send")
        user.main.query_one(MemoryLine).focus()
        await user.press("enter")
        await user.sees("memory was in the prompt")
        assert agent.holding
        agent.holding.open()
        await user.sees("· 1 memory in prompt ·", "▾ 1 memory in prompt", "in prompt session-", "session- was in the")


async def test_a_memory_that_the_last_look_did_not_have_is_marked_with_the_next() -> None:
    agent = FakeAgent([recalling(OSLO.text, ROME.text)], stored=[OSLO])
    async with running_client(client(agent)) as user:
        await user.sees(OSLO.text)
        await user.say("Where do I live?")
        await user.sees("1 memory in prompt", "enter send")
        agent.stored.insert(0, ROME)
        await user.press("f5")
        await user.sees("· 2 memories in prompt ·", "▸ 2 memories in prompt")
        await user.until(
            lambda: [each.view.used for each in user.main.query(SummaryCard)] == [True, True], "both marks"
        )


async def test_a_memory_that_was_deleted_since_was_in_the_prompt_all_the_same() -> None:
    agent = FakeAgent([recalling(OSLO.text, ROME.text)] * 2, stored=[OSLO, ROME])
    async with running_client(client(agent)) as user:
        await user.sees(OSLO.text, ROME.text)
        await user.say("Where do I live?")
        await user.sees("2 memories in prompt", "enter send")
        agent.stored.remove(ROME)
        await user.press("f5")
        await user.sees_no(ROME.text)
        await user.say("And now?")
        await user.until(lambda: user.text().count("▸ 2 memories in prompt") == 2, "the mark twice")


async def test_a_mark_that_comes_late_comes_to_an_answer_that_is_out_of_sight_too() -> None:
    agent = FakeAgent([recalling(OSLO.text), answer("Long.\n\n" * 40), answer("Short.")], stored=[OSLO], holding=Gate())
    async with running_client(client(agent)) as user:
        for said, seen in (("Where do I live?", "You live in Oslo."), ("More", "Long."), ("Thanks", "Short.")):
            await user.say(said)
            await user.sees(seen, "enter send")
        await user.until(lambda: len(user.main.query(AgentTurn)) < 3, "the first answer off the screen")
        assert agent.holding
        agent.holding.open()
        await user.sees(OSLO.text)
        await user.press("pageup", "pageup", "pageup", "pageup")
        await user.sees("· 1 memory in prompt ·", "Where do I live?")


async def test_after_a_resume_the_marks_are_those_of_its_last_answer(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    async with running_client(client(FakeAgent([recalling(OSLO.text)], stored=[OSLO]), archive=archive)) as user:
        await user.sees(OSLO.text)
        await user.say("Where do I live?")
        await user.sees("in prompt session-", "enter send")
        await user.press("f3")
        await user.sees("This session is still open")
        await user.press("right", "enter")
        await user.sees("New session")
        await user.until(lambda: not user.main.query_one(SummaryCard).view.used, "a session that nothing was asked in")
    agent = FakeAgent(stored=[OSLO], holding=Gate())
    async with running_client(client(agent, archive=archive, seed=8)) as user:
        await user.say("/resume")
        await user.sees("Resume which session?")
        await user.press("enter")
        await user.sees("1 memory in prompt")  # the archive knows the summary from before
        await user.say("/why Bergen")
        await user.sees("Bergen: unknown: the memory has not been read yet.")
        assert agent.holding
        agent.holding.open()
        await user.sees("in prompt session-")
        await user.say("/why Oslo")
        await user.sees(
            "Oslo: used.", "in memory session-: “Anna lives in Oslo.”", "in the answer: “You live in Oslo.”"
        )
