"""The main job over HTTP with boto3: chat, end the session, see the memory appear, be remembered."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.endpoint import AGENT, RunningEndpoint, User, running_endpoint, text_of
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.state.agents import DRAFT

NewId = Callable[[str], str]

BOOKING = (
    "Hi, my name is Anna. I would like to book a trip from Boston to NYC departing on July 11th 2027 and returning on "
    "July 22nd 2027. Via AIR."
)
END = "Session is terminated as 'endSession' flag is set in request."


def calls_in(events: list[dict[str, object]]) -> list[tuple[str, dict[str, str]]]:
    """The functions that a turn's trace shows as called, with their parameters."""
    found = []
    for event in events:
        trace: dict[str, dict[str, dict[str, dict[str, object]]]] = event.get("trace", {})  # type: ignore[assignment]
        step = trace.get("trace", {}).get("orchestrationTrace", {}).get("invocationInput", {})
        call: dict[str, object] = step.get("actionGroupInvocationInput", {})  # type: ignore[assignment]
        if call:
            parameters: list[dict[str, str]] = call["parameters"]  # type: ignore[assignment]
            found.append((str(call["function"]), {p["name"]: p["value"] for p in parameters}))
    return found


def test_the_story_of_the_notebook(user: User, new_id: NewId) -> None:
    memory, first, second = new_id("memory"), new_id("session"), new_id("session")
    booked = re.search(r"\b[0-9a-f]{8}\b", user.say(BOOKING, first, memory))
    assert booked
    assert user.say("thank you!", first, memory)
    assert user.end(first, memory) == END
    summary = user.await_summary(first, memory)
    assert "Boston" in summary
    assert booked.group() in summary

    assert "23" in user.say("I need to stay an extra day. Can I return on the 23rd instead?", second, memory)
    events = user.events("that is correct, thanks!", second, memory, enableTrace=True)
    update = {"booking_id": booked.group(), "new_start_date": "2027-07-11", "new_end_date": "2027-07-23"}
    assert calls_in(events) == [("update_existing_trip_dates", update)]
    assert user.end(second, memory) == END
    user.await_summary(second, memory)
    assert [m["sessionId"] for m in user.memories(memory)] == [second, first]

    deleted = user.client.delete_agent_memory(**AGENT, memoryId=memory)
    assert deleted["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert user.memories(memory) == []


def test_the_response_says_what_it_answers(user: User, new_id: NewId) -> None:
    session, memory = new_id("session"), new_id("memory")
    answer = user.client.invoke_agent(**AGENT, inputText="hello", sessionId=session, memoryId=memory)
    assert (answer["sessionId"], answer["memoryId"]) == (session, memory)
    assert answer["contentType"] == "application/json"
    assert answer["ResponseMetadata"]["RequestId"]
    assert text_of(list(answer["completion"]))


def test_one_chunk_unless_the_final_response_is_streamed(user: User, new_id: NewId) -> None:
    whole = user.events(BOOKING, new_id("session"))
    assert [list(event) for event in whole] == [["chunk"]]
    streamed = user.events(BOOKING, new_id("session"), streamingConfigurations={"streamFinalResponse": True})
    assert len(streamed) > 3
    assert "Boston" in text_of(streamed)


def test_two_users_are_kept_apart(user: User, new_id: NewId) -> None:
    anna, bruno = new_id("anna"), new_id("bruno")
    session = new_id("session")
    user.say("My name is Edda.", session, anna)
    user.end(session, anna)
    user.await_summary(session, anna)
    assert "Edda" in user.say("What is my name?", new_id("session"), anna)
    assert "Edda" not in user.say("What is my name?", new_id("session"), bruno)
    assert user.memories(bruno) == []


@pytest.mark.slow
def test_fifty_sessions_at_once_are_not_mixed(user: User, new_id: NewId) -> None:
    names = [f"Zorro{'abcdefghij'[n % 10]}{'klmno'[n // 10]}" for n in range(50)]
    plan = [(name, new_id("session"), new_id("memory")) for name in names]

    def service(person: tuple[str, str, str]) -> tuple[str, str]:
        name, session, memory = person
        user.say(f"My name is {name.capitalize()}.", session, memory)
        answer = user.say("What is my name?", session, memory)
        user.end(session, memory)
        return answer, user.await_summary(session, memory)

    with ThreadPoolExecutor(25) as pool:
        results = list(pool.map(service, plan))
    for name, (answer, summary) in zip(names, results, strict=True):
        for other in names:
            assert (other in answer.lower()) == (other == name.lower()) or other.lower() != name.lower()
        assert name.lower() in answer.lower()
        assert name.lower() in summary.lower()
        assert len(re.findall(r"zorro\w\w", summary.lower())) == summary.lower().count(name.lower())


def test_a_session_waits_for_its_own_turn(user: User, new_id: NewId) -> None:
    session, memory = new_id("session"), new_id("memory")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: user.say("hello", session, memory), range(8)))
    assert all(answers)
    user.end(session, memory)
    assert user.await_summary(session, memory)


def test_a_reused_session_id_begins_anew(user: User, new_id: NewId) -> None:
    session = new_id("session")
    user.say("My name is Edda.", session)
    assert "Edda" in user.say("What is my name?", session)
    user.end(session)
    assert "Edda" not in user.say("What is my name?", session)


def test_a_turn_without_memory_is_not_remembered(user: User, new_id: NewId) -> None:
    session, memory = new_id("session"), new_id("memory")
    user.say("My name is Edda.", session)
    user.say("I am vegetarian.", session, memory)
    user.end(session, memory)
    summary = user.await_summary(session, memory)
    assert "vegetarian" in summary
    assert "Edda" not in summary


def test_ending_what_never_began_stores_nothing(endpoint: RunningEndpoint, user: User, new_id: NewId) -> None:
    session, memory = new_id("session"), new_id("memory")
    assert user.end(session, memory) == END
    assert session not in [each["sessionId"] for each in endpoint.do(lambda e: e.sessions.overview())]
    assert user.memories(memory) == []


def test_the_idle_limit_ends_a_session() -> None:
    with running_endpoint() as endpoint:
        user = endpoint.user()
        user.say("My name is Edda.", "idle", "memory")
        endpoint.advance(seconds=1799)
        assert "Edda" in user.say("What is my name?", "idle", "memory")
        endpoint.advance(seconds=1801)
        assert "Edda" in user.await_summary("idle", "memory")
        (stored,) = user.memories("memory")
        assert (stored["sessionExpiryTime"] - stored["sessionStartTime"]).total_seconds() >= 1800


def test_a_session_whose_limit_is_over_gives_nothing_to_the_next_turn() -> None:
    with running_endpoint() as endpoint:
        user = endpoint.user()
        user.say("My name is Edda.", "idle")
        endpoint.advance(seconds=1801)
        assert "Edda" not in user.say("What is my name?", "idle")


def test_summaries_come_after_the_delay_and_not_before() -> None:
    with running_endpoint(summary_delay=60.0) as endpoint:
        user = endpoint.user()
        user.say("My name is Edda.", "s-1", "memory")
        user.end("s-1", "memory")
        endpoint.advance(seconds=58)
        assert user.memories("memory") == []
        endpoint.advance(seconds=3)
        assert "Edda" in user.await_summary("s-1", "memory")


def test_realistic_summaries_come_when_those_of_aws_do() -> None:
    with running_endpoint(summary_delay=None, realistic=True, seed=7) as endpoint:
        user = endpoint.user()
        for number in range(5):
            user.say("My name is Edda.", f"s-{number}", "memory")
            user.end(f"s-{number}", "memory")
        endpoint.advance(seconds=19)
        assert user.memories("memory") == []
        endpoint.advance(seconds=42)
        for number in range(5):
            assert "Edda" in user.await_summary(f"s-{number}", "memory")


def test_the_oldest_summaries_go_with_the_storage_days() -> None:
    with running_endpoint() as endpoint:
        user = endpoint.user()
        for session in ("old", "new"):
            user.say("My name is Edda.", session, "memory")
            user.end(session, "memory")
            user.await_summary(session, "memory")
            endpoint.advance(days=29 if session == "old" else 2)
        assert [m["sessionId"] for m in user.memories("memory")] == ["new"]
        endpoint.advance(days=30)
        assert user.memories("memory") == []
        assert "Edda" not in user.say("What is my name?", "later", "memory")


def remember_two_sessions(endpoint: Endpoint) -> None:
    agent = endpoint.at("us-east-1").agents.agent(AGENT["agentId"])
    assert agent
    agent["memoryConfiguration"]["sessionSummaryConfiguration"] = {"maxRecentSessions": 2}
    endpoint.at("us-east-1").agents.save_agent(agent)
    endpoint.at("us-east-1").agents.save_as_version(AGENT["agentId"], DRAFT)


def test_only_the_most_recent_sessions_enter_the_prompt() -> None:
    with running_endpoint() as endpoint:
        endpoint.do(remember_two_sessions)
        user = endpoint.user()
        for name in ("Edda", "Bruno", "Clara"):
            user.say(f"My name is {name}.", name, "memory")
            user.end(name, "memory")
            user.await_summary(name, "memory")
        prompt = str(user.events("hello", "next", "memory", enableTrace=True)[0])
        assert [name for name in ("Edda", "Bruno", "Clara") if name in prompt] == ["Bruno", "Clara"]
        assert prompt.index("Clara") < prompt.index("Bruno")


def test_prose_is_another_format() -> None:
    with running_endpoint(summary_format="prose") as endpoint:
        user = endpoint.user()
        user.say("My name is Edda.", "s-1", "memory")
        user.end("s-1", "memory")
        assert "<" not in user.await_summary("s-1", "memory")


def test_only_an_agent_with_memory_says_that_it_remembers(user: User, new_id: NewId) -> None:
    with_memory = user.say("What can you do?", new_id("session"), new_id("memory"))
    without = user.say("What can you do?", new_id("session"))
    assert "I remember what you tell me. " in with_memory
    assert "I remember what you tell me in this session. " in without
    assert "I'll remember it in this session." in user.say("I like tea.", new_id("session"))


def forget_sessions(endpoint: Endpoint) -> None:
    agents = endpoint.at("us-east-1").agents
    agent = agents.agent(AGENT["agentId"])
    assert agent
    agents.save_agent({name: value for name, value in agent.items() if name != "memoryConfiguration"})
    agents.save_as_version(AGENT["agentId"], DRAFT)


def test_an_agent_whose_memory_is_off_does_not_say_that_it_remembers() -> None:
    with running_endpoint() as endpoint:
        endpoint.do(forget_sessions)
        answer = endpoint.user().say("What can you do?", "session", "memory")
        assert "I remember what you tell me in this session. " in answer
