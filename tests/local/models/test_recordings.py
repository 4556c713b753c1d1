"""Recordings of a model: they answer without it, refuse what is new, and are refused themselves when damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botocore.exceptions import EventStreamError

from tests.endpoint import User, running_endpoint
from tests.local.models.model_server import ModelServer, Said
from tests.local.models.test_turns import BOOK, STREAMED
from travel_tui.local.models.choice import ChoiceError, ModelChoice, read_address
from travel_tui.local.models.opening import open_model

HEAD = {"format": "travel-tui model recording", "version": 1, "model": "m"}


def story(user: User) -> list[str]:
    """A conversation, its summary, and a question about it."""
    booked = user.say("Book a trip to Paris", "first-session", "anna", **STREAMED)
    user.end("first-session", "anna")
    summary = user.await_summary("first-session", "anna")
    return [booked, summary, user.say("Where am I going?", "second-session", "anna")]


def test_a_recording_answers_on_another_day_without_the_model(server: ModelServer, tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    server.says(
        Said(calls=(BOOK,), reasoning="Book it."),
        Said("Booked:\nParis 🗼"),
        Said("<topic name='user goals'>A trip to Paris.</topic>"),
        Said("To Paris."),
    )
    with running_endpoint(seed=1, model=ModelChoice(read_address(server.address), record=file)) as endpoint:
        told = story(endpoint.user())
    assert told[0] == "Booked:\nParis 🗼"
    asked = len(server.asked)
    assert file.stat().st_mode & 0o777 == 0o600
    assert '"Paris 🗼"' in file.read_text()  # texts are lists of lines, so that changes show in a diff

    with running_endpoint(seed=1, model=ModelChoice(replay=file)) as endpoint:
        endpoint.advance(days=40)
        user = endpoint.user()
        assert story(user) == told
        with pytest.raises(EventStreamError, match="no answer to this: 'Where else'"):
            user.say("Where else", "third-session", "anna")
    assert len(server.asked) == asked


def test_the_same_question_is_answered_in_the_recorded_order(server: ModelServer, tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    server.says(Said("One."), Said("Two."))
    with running_endpoint(model=ModelChoice(read_address(server.address), record=file)) as endpoint:
        recorded = [endpoint.user().say("Count", f"session-{number}") for number in range(2)]
    with running_endpoint(model=ModelChoice(replay=file)) as endpoint:
        replayed = [endpoint.user().say("Count", f"session-{number}") for number in range(3)]
    assert (recorded, replayed) == (["One.", "Two."], ["One.", "Two.", "Two."])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no recording"),
        ("hello", "no recording"),
        (json.dumps({"format": "other"}), "no recording"),
        (json.dumps({**HEAD, "version": 9}), "has version 9; this travel-tui reads 1"),
        (json.dumps(HEAD) + '{"request": {', "ends in the middle"),
        (json.dumps(HEAD) + '{"request": {}, "answer": {"text": 1}}', "damaged"),
    ],
)
def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "model.json"
    file.write_text(text)
    with pytest.raises(ChoiceError, match=why):
        open_model(ModelChoice(replay=file))
    assert file.read_text() == text


def test_a_recording_of_another_model_is_not_added_to(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    file.write_text(json.dumps({**HEAD, "model": "other"}))
    with pytest.raises(ChoiceError, match="a recording of other"):
        open_model(ModelChoice(read_address("openai:http://127.0.0.1:1/v1#m"), record=file))
