"""Run dialogues in the format of run_dialogues.py with the agent in this process; a store stands in for the Lambda."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from travel_tui.local.scripted_agent import decide, summarise
from travel_tui.local.scripted_agent.messages import (
    CompletedCall,
    Function,
    FunctionParameter,
    Reply,
    ToolCall,
    ToolResult,
    Turn,
    TurnContext,
    UserMessage,
)

TODAY = date(2026, 11, 23)
ALTERNATIVES = {
    "nyc": "new york",
    "new york city": "new york",
    "washington dc": "washington",
    "washington d c": "washington",
    "koln": "cologne",
    "krakow": "cracow",
    "wien": "vienna",
}


def _function(name: str, description: str, *parameters: tuple[str, str, str]) -> Function:
    return Function(
        name,
        tuple(FunctionParameter(n, t, True, d) for n, t, d in parameters),
        description,
        "BookingManagerActionGroup",
    )


TRAVEL = (
    _function(
        "book_trip",
        "book a trip for a customer",
        ("origin", "string", "city of origin for the trip"),
        ("destination", "string", "city of destination for the trip"),
        ("start_date", "string", "the start date for the trip in the format YYYY-MM-DD"),
        ("end_date", "string", "the end date for the trip in the format YYYY-MM-DD"),
        ("transportation_mode", "string", "the transportation mode. One of TRAIN or AIR"),
    ),
    _function(
        "update_existing_trip_dates",
        "update start or end date for an existing trip reservation",
        ("booking_id", "integer", "the id of the trip to update"),
        ("new_start_date", "string", "the new start date for the trip in the format YYYY-MM-DD"),
        ("new_end_date", "string", "the new end date for the trip in the format YYYY-MM-DD"),
    ),
    _function(
        "delete_existing_trip_reservation",
        "delete an existing trip reservation",
        ("booking_id", "integer", "the id of the trip to update"),
    ),
)


@dataclass
class BookingStore:
    """Bookings, kept as the Lambda keeps them."""

    trips: dict[str, dict[str, str]] = field(default_factory=dict)
    made: int = 0

    def run(self, function: str, parameters: dict[str, str]) -> tuple[str, str | None]:
        if function == "book_trip":
            self.made += 1
            booking = f"{(self.made * 2654435761 + 0x9F0B135C) % 2**32:08x}"
            self.trips[booking] = dict(parameters)
            p = parameters
            words = (
                f"Successfully booked trip from {p['origin']} ({p['start_date']}) to {p['destination']} "
                f"({p['end_date']}) via {p['transportation_mode']}. Your booking_id is {booking}"
            )
            return json.dumps(words), None
        booking = parameters.get("booking_id", "")
        if function in ("update_existing_trip_dates", "delete_existing_trip_reservation"):
            if booking not in self.trips:
                return f"There is no booking with the id {booking}.", "REPROMPT"
            if function.startswith("delete"):
                del self.trips[booking]
                return json.dumps(f"Successfully deleted reservation {booking}."), None
            self.trips[booking] |= {"start_date": parameters["new_start_date"], "end_date": parameters["new_end_date"]}
            return json.dumps(f"Successfully updated trip {booking}."), None
        return "Invalid function", "FAILURE"


@dataclass
class AgentSession:
    """One session with the agent."""

    store: BookingStore
    memories: tuple[str, ...] = ()
    functions: tuple[Function, ...] = TRAVEL
    today: date = TODAY
    state: dict[str, Any] = field(default_factory=dict)
    exchanges: list[Turn] = field(default_factory=list)

    def say(self, text: str) -> tuple[str, list[tuple[str, dict[str, str]]]]:
        context = TurnContext(self.today, self.functions, self.memories)
        message: UserMessage | ToolResult = UserMessage(text)
        calls: list[CompletedCall] = []
        for _ in range(8):
            decision = decide(context, self.state, message)
            self.state = json.loads(json.dumps(decision.state))
            assert decision.rationale
            if isinstance(decision.action, Reply):
                self.exchanges.append(Turn(text, decision.action.text, tuple(calls)))
                return decision.action.text, [(c.function, dict(c.parameters)) for c in calls]
            assert isinstance(decision.action, ToolCall)
            result, state = self.store.run(decision.action.function.name, dict(decision.action.parameters))
            calls.append(CompletedCall(decision.action.function.name, dict(decision.action.parameters), result, state))
            message = ToolResult(decision.action.function.name, result, state)
        raise AssertionError("the agent never stops calling")

    def end(self, style: str = "topics") -> str:
        return summarise(self.exchanges, self.state, style=style)  # type: ignore[arg-type]


def plain(value: object) -> str:
    text = unicodedata.normalize("NFKD", str(value)).encode("ascii", "ignore").decode().lower()
    text = re.sub(r"[^a-z0-9-]+", " ", text).strip()
    return ALTERNATIVES.get(text, text)


def check(turn: dict[str, Any], answer: str, calls: list[tuple[str, dict[str, str]]], saved: str) -> list[str]:
    wrong = []
    if "call" in turn:
        function, wanted = turn["call"]
        wanted = {k: str(v).replace("$SAVED", saved) for k, v in wanted.items()}
        if not any(f == function and all(plain(p.get(k, "")) == plain(v) for k, v in wanted.items()) for f, p in calls):
            wrong.append(f"wanted {function} {wanted}, got {calls or 'no call'}")
    if turn.get("no_call") and calls:
        wrong.append(f"wanted no call, got {calls}")
    wrong += [
        f"the answer lacks /{turn[k]}/" for k in ("say", "say_2") if k in turn and not re.search(turn[k], answer, re.I)
    ]
    if "say_not" in turn and re.search(turn["say_not"], answer, re.I):
        wrong.append(f"the answer has /{turn['say_not']}/")
    return wrong


def run_dialogue(
    sessions: list[list[dict[str, Any]]],
    style: str = "topics",
    end: Callable[[AgentSession, str], str] = AgentSession.end,
) -> list[str]:
    """Run the sessions of one user; return what went wrong, with the transcript.

    `end` makes the memory of a session.
    """
    store, saved, wrong, transcript = BookingStore(), "", [], []
    remembered: dict[str, list[str]] = {}
    for turns in sessions:
        open_sessions: dict[str, AgentSession] = {}
        memory = ""
        for turn in turns:
            memory = str(turn.get("memory", ""))
            if turn.get("delete_memory"):
                remembered.pop(memory, None)
            service = open_sessions.setdefault(memory, AgentSession(store, tuple(remembered.get(memory, ()))))
            text = turn["user"].replace("$SAVED", saved)
            answer, calls = service.say(text)
            transcript.append(f"    user: {text}\n    agent: {answer}")
            if "then" in turn and not calls:
                more, calls = service.say(turn["then"])
                transcript.append(f"    user: {turn['then']}\n    agent: {more}")
                answer += "\n" + more
            wrong += [f"{text!r}: {w}" for w in check(turn, answer, calls, saved)]
            if "save" in turn:
                hit = re.search(turn["save"], answer)
                saved = hit.group() if hit else saved
                wrong += [] if hit else [f"{text!r}: nothing to save by /{turn['save']}/"]
        for key, service in open_sessions.items():
            if key == memory:
                remembered.setdefault(key, []).insert(0, end(service, style))
                transcript.append(f"    memory: {remembered[key][0]}")
    return [*wrong, *transcript] if wrong else []


def load_dialogues(path: Path) -> list[tuple[str, list[list[dict[str, Any]]]]]:
    """The dialogues of a file by name."""
    book = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = [(t["user"][:60], [[t]]) for t in book.get("single") or []]
    found += [(d["name"], [d["turns"]]) for d in book.get("multi") or []]
    found += [(d["name"], d["sessions"]) for d in book.get("sessions") or []]
    return found
