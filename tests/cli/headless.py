"""The commands without a screen, run as scripts run them."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from tests.endpoint import RunningEndpoint
from travel_tui.cli import travel_tui

BOOKING = "Hi, my name is Anna. Book a flight from Boston to NYC, July 11th 2027 to July 22nd 2027."


def run(endpoint: RunningEndpoint | None, *arguments: str, given: str = "") -> Result:
    """What `travel-tui …` prints with `given` on standard input, and with which status."""
    place = ("--endpoint-url", endpoint.url) if endpoint else ()
    return CliRunner().invoke(travel_tui, [*arguments, *place], input=given)


def lines(result: Result) -> list[dict[str, Any]]:
    """The objects on standard output, one a line."""
    assert result.exit_code == 0, result.output
    assert result.stdout.isascii(), "nothing that a terminal would obey"
    return [json.loads(line) for line in result.stdout.splitlines()]


def remembered(endpoint: RunningEndpoint, *texts: str, memory: str = "anna") -> str:
    """Talk, end the session, wait for its memory; the session's id."""
    more = ("--memory", memory, "--json")
    session = "new"
    for number, text in enumerate(texts):
        named = ("--session", session) if number else ()
        session = lines(run(endpoint, "ask", text, *named, *more))[0]["session_id"]
    lines(run(endpoint, "ask", "--session", session, "--end", *more))
    lines(run(endpoint, "memory", "wait", "--session", session, *more))
    return session
