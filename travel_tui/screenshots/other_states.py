"""Other states: help, palette, presentation mode, first start, and the result of a recall run."""

from __future__ import annotations

from typing import Any

from textual.app import App

from travel_tui.agent import ToolCall
from travel_tui.clock import Clock
from travel_tui.recall.results import Check, Outcome, Run, SessionResult, StoredMemory, TestResult, TurnResult
from travel_tui.recall.verdict import RecallVerdict
from travel_tui.screenshots.recording import recording
from travel_tui.screenshots.scene import Scene, State
from travel_tui.screenshots.scripted_agent import ScriptedAgent
from travel_tui.screenshots.story_states import BOOK, TRIPS, recalled, start
from travel_tui.tui.app import TravelApp
from travel_tui.tui.recall_viewer import RecallViewer, shown_tests


async def keys(scene: Scene) -> None:
    await start(scene)
    await scene.user.press("f1")
    await scene.user.sees("stop the answer")


async def palette(scene: Scene) -> None:
    await start(scene)
    await scene.user.press("ctrl+p", *"mem")
    await scene.user.sees("Filter memories")


async def commands(scene: Scene) -> None:
    await recalled(scene)
    await scene.user.press("slash", "e")
    await scene.user.sees("▸ /edit", "/export")


async def stage(scene: Scene) -> None:
    await recalled(scene)
    await scene.user.say("/stage")
    await scene.user.until(lambda: scene.user.main.has_class("-stage"), "the stage")


async def choice(scene: Scene) -> None:
    await scene.user.sees("No agent is configured yet.")


async def result(scene: Scene) -> None:
    await scene.user.press("down")
    await scene.user.sees("stored but not put in the prompt")


def unconfigured(_agent: ScriptedAgent, _clock: Clock) -> App[Any]:
    return TravelApp(None, config_file="~/.config/travel-tui/config.toml")


def checked(_agent: ScriptedAgent, _clock: Clock) -> App[Any]:
    """Return the viewer with a recall result: one test passed and one failed."""
    said, remembered = recording().turns, recording().summaries["booked"]
    answers = {
        name: "".join(getattr(event, "text", "") for event in turn if not hasattr(event, "trace_id"))
        for name, turn in said.items()
    }
    called = [event.function for event in said["book"] if isinstance(event, ToolCall)]
    session_id = "6513270e-269e-4d37-b2a7-4de452e6b438"
    stored = (StoredMemory(session_id, remembered),)

    def test(name: str, known: bool) -> TestResult:
        verdict = RecallVerdict.HELD if known else RecallVerdict.NOT_INJECTED
        check = Check("answer", "icontains '23 July 2027'", verdict, True, known, known)
        booking = TurnResult(BOOK, answers["book"], tuple(called), "", 1.3, ())
        asked = answers["trips" if known else "trips, nothing known"]
        question = TurnResult(TRIPS, asked, (), remembered if known else "", 0.9, (check,))
        first = SessionResult("session 1", session_id, "alice", (), turns=(booking,))
        second = SessionResult("session 2", "", "alice", stored, 3.1, turns=(question,))
        outcome = Outcome.HELD if known else Outcome.BROKE
        return TestResult(name, "trips.yaml", name, "knowledge-update", 1, outcome, "", 5.3, (first, second), stored)

    run = Run("1", "2027-06-01 16:04", "TRAVELDEMO/TSTALIASID", (test("extended", True), test("forgotten", False)), 2)
    return RecallViewer(f"{run.started} on {run.target}", shown_tests(run.tests))


STATES = {
    "keys": State("Keys and commands of the screen", keys),
    "palette": State("All commands, by a few letters", palette),
    "commands": State("The commands that the prompt offers after a slash", commands),
    "stage": State("More space and shorter ids, for an audience", stage),
    "choice": State("The first start, without an agent", choice, app=unconfigured),
    "recall-result": State("A result of recall checks", result, app=checked),
}
