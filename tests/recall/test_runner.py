"""Which tests a run plays, under which numbers, and what comes of them with an agent from a script."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.fakes import FakeAgent
from travel_tui.agent import ModelUsage, TextDelta, TurnCompleted
from travel_tui.capabilities import Capabilities
from travel_tui.clock import Clock
from travel_tui.recall.journal import Journal
from travel_tui.recall.parser import read_text
from travel_tui.recall.results import TestResult as Result
from travel_tui.recall.runner import Options, Runner, jobs_of
from travel_tui.recall.target import Target
from travel_tui.screenshots.scripted_agent import CAPABILITIES

REPEATED = """\
tests:
  one: &one {category: abstention, sessions: [{turns: [{user: hi}]}]}
  two: {<<: *one, repeat: 2}
  three:
    <<: [*one, {repeat: 3}]
  four: *one
"""


def test_each_repetition_of_each_test_has_a_number_of_its_own() -> None:
    scenario = read_text(REPEATED, "f.yaml")
    jobs = jobs_of([scenario, scenario])
    assert [job.number for job in jobs] == list(range(14)), "sessions and memories are named by it"
    assert len({job.key for job in jobs}) == 14
    assert [job.number for job in jobs_of([scenario], repeat=3, only="two")] == list(range(3))


async def ran(text: str, agent: FakeAgent, journal: Path, capabilities: Capabilities = CAPABILITIES) -> Result:
    """The result of the only test in a file."""
    writing = Journal(journal, new=True)
    try:
        target = Target("fake", agent, capabilities)
        jobs = jobs_of([read_text(text, "f.yaml")])
        (result,) = await Runner(jobs, lambda _: target, writing, Options("r", keep=True), Clock(), tell=print).run()
        return result
    finally:
        await writing.close()


async def test_a_pattern_that_takes_too_long_leaves_its_test_undecided_and_the_rest_is_checked(tmp_path: Path) -> None:
    text = """\
vars: {long: %s}
tests:
  slow:
    sessions:
      - turns:
          - user: Hi
            assert: [{type: regex, value: "{{long}}"}, {type: icontains, value: SECOND}]
          - user: Still there?
            assert: [{type: icontains, value: still}]
"""
    long = "x" * 100_001
    result = await ran(text.replace("%s", long).replace("SECOND", "hi"), FakeAgent(), tmp_path / "slow.jsonl")
    assert (result.outcome, [check.outcome for check in result.checks]) == ("undecided", ["undecided", "held", "held"])
    assert "took longer than 2 s" in result.reason
    result = await ran(text.replace("%s", long).replace("SECOND", "Oslo"), FakeAgent(), tmp_path / "broke.jsonl")
    assert result.outcome == "broke"


async def test_the_summary_of_a_session_whose_memory_was_deleted_is_not_waited_for(tmp_path: Path) -> None:
    text = """\
tests:
  deleted:
    sessions:
      - {name: told, memory_id: a, turns: [{user: I live in Oslo.}], end_session: true}
      - {memory_id: a, delete_memory: CHOSEN}
      - {memory_id: a, wait_memory: {timeout_s: 0.01}, turns: [{user: Where do I live?}]}
"""
    for chosen in ("all", "told"):
        result = await ran(text.replace("CHOSEN", chosen), FakeAgent(), tmp_path / chosen)
        assert (result.outcome, result.reason) == ("held", "")


async def test_a_session_without_an_end_at_the_service_is_not_ended_there(tmp_path: Path) -> None:
    less = replace(CAPABILITIES, ends_sessions=False)
    told = """\
tests:
  told:
    sessions:
      - {turns: [{user: Hello}], end_session: true, memory_id: a}
"""
    agent = FakeAgent()
    assert (await ran(told, agent, tmp_path / "told.jsonl", less)).outcome == "held"
    assert agent.ended == [], "its sessions have no end"


TWO_TURNS = """\
tests:
  one: {sessions: [{memory_id: a, turns: [{user: Hello}, {user: Still there?}]}]}
  two: {sessions: [{memory_id: a, turns: [{user: Hello}]}]}
  three: {sessions: [{memory_id: a, turns: [{user: Hello}]}]}
"""


async def ran_within(options: Options, agent: FakeAgent, journal: Path) -> tuple[list[Result], str]:
    """The results of TWO_TURNS within a budget, and why it ended the run."""
    writing = Journal(journal, new=True)
    try:
        target = Target("fake", agent, CAPABILITIES)
        runner = Runner(
            jobs_of([read_text(TWO_TURNS, "f.yaml")]), lambda _: target, writing, options, Clock(), tell=print
        )
        return await runner.run(), runner.budget.exhausted
    finally:
        await writing.close()


async def test_no_more_turns_are_sent_than_the_run_may_send(tmp_path: Path) -> None:
    for limit, outcomes in ((1, ["undecided"]), (2, ["held"]), (3, ["held", "held"]), (4, ["held"] * 3)):
        agent = FakeAgent(summarise=True)
        results, why = await ran_within(Options("r", max_turns=limit), agent, tmp_path / f"{limit}.jsonl")
        assert [result.outcome for result in results][: len(outcomes)] == outcomes
        assert len(agent.requests) == limit
        assert bool(why) == (limit < 4)
    assert len(agent.ended) == 3, "a session in which nothing was said is not ended"


async def test_no_turn_is_sent_once_the_tokens_are_used_or_cannot_be_counted(tmp_path: Path) -> None:
    turn = (TextDelta("Hi."), ModelUsage(90, 10), TurnCompleted())
    agent = FakeAgent([turn] * 4, summarise=True)
    results, why = await ran_within(Options("r", max_tokens=200), agent, tmp_path / "used.jsonl")
    assert [result.outcome for result in results] == ["held"]
    assert (len(agent.requests), "has used 200 tokens" in why) == (2, True)
    agent = FakeAgent(summarise=True)
    results, why = await ran_within(Options("r", max_tokens=200), agent, tmp_path / "unknown.jsonl")
    assert [(result.outcome, result.reason == why) for result in results] == [("undecided", True)]
    assert (len(agent.requests), "reported no tokens" in why) == (1, True)
