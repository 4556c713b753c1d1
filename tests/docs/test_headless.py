"""docs/headless.md: what it lists is what there is. tests/installed runs its examples."""

from __future__ import annotations

import json
import re

from provision.doctor_result import CheckStatus
from tests.docs.examples import ROOT, examples
from travel_tui.agent import ErrorKind
from travel_tui.cli.ask import ask
from travel_tui.cli.demo import demo
from travel_tui.cli.doctor import doctor
from travel_tui.cli.memory import memory
from travel_tui.cli.migrate import migrate
from travel_tui.cli.sessions import sessions
from travel_tui.conversation.lifecycle import SessionState
from travel_tui.migration.plan import RecordStatus

PAGE = ROOT / "docs" / "headless.md"
TEXT = PAGE.read_text(encoding="utf-8")
SHOWN = [json.loads(line) for each in examples(PAGE) if each.language == "json" for line in each.text.splitlines()]


def first_column(head: str) -> str:
    """The first cells of the table with this head."""
    rows = re.search(rf"\| {head} \|.*?\n\n", TEXT, re.DOTALL)
    assert rows
    return "\n".join(line.split("|")[1] for line in rows.group().splitlines()[2:] if line)


def test_every_event_is_shown_and_named() -> None:
    shown = {each["event"] for each in SHOWN if "event" in each}
    assert set(re.findall(r"`(\w+)`", first_column("event"))) == {*shown, "return_control"}


def test_every_cause_of_a_failure_is_named() -> None:
    (listed,) = re.findall(r"`cause` is one of: (.*?)\.\n", TEXT, re.DOTALL)
    assert {" ".join(each.split()) for each in listed.split(",")} == {cause.value for cause in ErrorKind}


def test_every_verdict_of_doctor_is_named() -> None:
    verdicts = set(re.findall(r"`(\w+)`", TEXT.split("`verdict` is")[1].split("##")[0])) - {"advice"}
    assert verdicts == set(CheckStatus)


def test_every_flag_and_state_that_is_named_is_there() -> None:
    flags = {
        flag
        for command in (ask, demo, doctor, migrate, sessions, *sessions.commands.values(), *memory.commands.values())
        for each in command.params
        for flag in (*each.opts, *each.secondary_opts)
    }
    assert set(re.findall(r"--[a-z][a-z-]+", TEXT)) - flags == {"--help"}
    assert set(re.findall(r"`(\w+)`", first_column("state"))) == set(SessionState) - {SessionState.ENDING}


def test_every_status_of_a_migrated_record_is_named() -> None:
    told = TEXT.split("`status` is one of")[1].split("##")[0]
    assert set(re.findall(r"`([a-z ]+)`", told)) - {"reason"} == set(RecordStatus)
