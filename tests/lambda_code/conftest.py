"""The Lambda's code, imported afresh for each test, and what AWS says about its events and answers."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CODE = Path(__file__).parents[2] / "lambda"

Handler = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def _environment_of_a_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("BOOKINGS_TABLE", "BOOKINGS_DB", "BOOKINGS_SEED", "BOOKINGS_TTL_DAYS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Handler]]:
    """Imports the code as a new container would, and gives its handler."""
    modules = [file.stem for file in CODE.glob("*.py")]
    monkeypatch.syspath_prepend(str(CODE))

    def fresh() -> Handler:
        for name in modules:
            sys.modules.pop(name, None)
        handler: Handler = importlib.import_module("lambda_function").lambda_handler
        return handler

    yield fresh
    for name in modules:
        sys.modules.pop(name, None)


@pytest.fixture
def handler(load: Callable[[], Handler]) -> Handler:
    return load()


def event(function: str, **parameters: object) -> dict[str, Any]:
    """An event as Bedrock sends it to an action group with a function schema."""
    return {
        "messageVersion": "1.0",
        "agent": {
            "name": "travel-assistant-with-memory",
            "id": "TRAVELDEMO",
            "alias": "TSTALIASID",
            "version": "DRAFT",
        },
        "inputText": "Via AIR.",
        "sessionId": "2d9d7b5a-6f7c-4d0b-8d06-5b8b1b3f7f5e",
        "actionGroup": "BookingManagerActionGroup",
        "function": function,
        "parameters": [{"name": name, "type": "string", "value": value} for name, value in parameters.items()],
        "sessionAttributes": {"userId": "anna"},
        "promptSessionAttributes": {"channel": "terminal"},
    }


def trip(**changes: object) -> dict[str, Any]:
    """An event that books Anna's trip, with some parameters changed."""
    parameters: dict[str, object] = {
        "origin": "Boston",
        "destination": "NYC",
        "start_date": "2027-07-11",
        "end_date": "2027-07-22",
        "transportation_mode": "AIR",
    }
    return event("book_trip", **(parameters | changes))


def told(answer: dict[str, Any]) -> tuple[str, str | None]:
    """The body and the response state of an answer that keeps to the contract."""
    json.dumps(answer)
    assert set(answer) == {"messageVersion", "response", "sessionAttributes", "promptSessionAttributes"}
    assert answer["messageVersion"] == "1.0"
    assert set(answer["response"]) == {"actionGroup", "function", "functionResponse"}
    outcome = answer["response"]["functionResponse"]
    assert set(outcome) - {"responseState"} == {"responseBody"}
    assert set(outcome["responseBody"]) == {"TEXT"}
    body = outcome["responseBody"]["TEXT"]["body"]
    assert isinstance(body, str)
    assert body.strip()
    state = outcome.get("responseState")
    assert state in (None, "FAILURE", "REPROMPT")
    return body, state
