"""AgentCore behind a key, by many clients at once, and with much text."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from tests.endpoint import client_at, running_endpoint
from tests.local.agentcore.clients import DEMO, AgentCore, said, session_id
from tests.local.services.clients import refused

NAMES = ("Ada", "Bea", "Cem", "Dora", "Edda", "Finn", "Gus", "Hana", "Ivo", "Jana")


def test_signed_requests_are_accepted_whatever_is_in_their_paths_and_queries() -> None:
    with running_endpoint(require_key=True) as own, closing(AgentCore(own)) as core:
        arn = core.control.get_harness(harnessId=DEMO)["harness"]["arn"]
        memory = core.control.get_memory(memoryId=DEMO)["memory"]["arn"]
        event_id = core.tell(memory, "team/anna:eu", "s", "I like tea.")
        named = {"memoryId": memory, "actorId": "team/anna:eu", "sessionId": "s", "eventId": event_id}
        assert core.data.get_event(**named)["event"]["eventId"] == event_id
        assert said(core.invoke(arn, session_id(), "What can you do?"))
        with closing(client_at(own.url, None, "bedrock-agentcore")) as stranger, refused("UnrecognizedClientException"):
            stranger.list_actors(memoryId=DEMO)


def test_sessions_at_once_are_not_mixed_up(core: AgentCore) -> None:
    arn = core.control.get_harness(harnessId=DEMO)["harness"]["arn"]

    def talk(name: str) -> str:
        session, actor = session_id(), f"crowd-{name}"
        core.invoke(arn, session, f"My name is {name}.", actorId=actor)
        return said(core.invoke(arn, session, "What is my name?", actorId=actor))

    with ThreadPoolExecutor(len(NAMES)) as pool:
        answers = list(pool.map(talk, NAMES))
    for name, answer in zip(NAMES, answers, strict=True):
        assert name in answer
        assert not any(other in answer for other in NAMES if other != name)
    for name in NAMES:
        assert core.await_text(DEMO, f"/facts/crowd-{name}/", name) == [f"The user's name is {name}."]


def test_calls_at_once_in_one_session_wait_for_each_other(core: AgentCore) -> None:
    arn = core.control.get_harness(harnessId=DEMO)["harness"]["arn"]
    actor, session = session_id(), session_id()
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda n: said(core.invoke(arn, session, f"I like tea {n}.", actorId=actor)), range(5)))
    assert all(answers)
    events = core.data.list_events(memoryId=DEMO, actorId=actor, sessionId=session)["events"]
    texts = {event["payload"][0]["conversational"]["content"]["text"] for event in events}
    assert texts == {f"I like tea {number}." for number in range(5)}


def test_a_long_message_is_answered_and_kept(core: AgentCore) -> None:
    arn = core.control.get_harness(harnessId=DEMO)["harness"]["arn"]
    actor, session = session_id(), session_id()
    text = "My name is Edda. " + "The weather is fine. " * 12_000
    assert said(core.invoke(arn, session, text, actorId=actor))
    (event,) = core.data.list_events(memoryId=DEMO, actorId=actor, sessionId=session)["events"]
    parts = [p["conversational"]["content"]["text"] for p in event["payload"] if p["conversational"]["role"] == "USER"]
    assert "".join(parts) == text
    core.await_text(DEMO, f"/facts/{actor}/", "Edda")
