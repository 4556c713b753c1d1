"""An answer that comes faster than one can read: what the terminal was told is what stands there, and what was said
before it is above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyte
import pytest

from tests.fakes import FakeAgent, Gate, answer
from tests.parts import in_part
from tests.tui.client import NARROW, WIDE, PilotUser, client, running_client
from travel_tui.agent import TextDelta, TurnCompleted
from travel_tui.tui.app import TravelApp
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
from travel_tui.tui.widgets.chat.answer import Answer

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen

PIECES = 24
LONG = "Day {0}: the *train* to the `coast` leaves at nine, the boat to the islands later. " * 3 + "{0} is over.\n\n"


class TerminalCopy:
    """A terminal that is told what a real one would be."""

    def __init__(self, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
        self.screen = pyte.Screen(*size)
        stream = pyte.Stream(self.screen)
        display = TravelApp._display

        def displayed(app: TravelApp, screen: Screen[Any], shown: RenderableType | None) -> None:
            display(app, screen, shown)
            if shown is not None and not app._batch_count:
                written: str = shown.render_segments(app.console)  # type: ignore[union-attr]
                stream.feed(written.replace("\n", "\r\n"))

        monkeypatch.setattr(TravelApp, "_display", displayed)

    def rows(self) -> list[str]:
        return [row.rstrip() for row in self.screen.display]


async def long_answer(user: PilotUser, gates: list[Gate], terminal: TerminalCopy | None = None) -> None:
    """Let it come, piece by piece, each as soon as the one before is on the screen."""
    ahead = False
    for number, gate in enumerate(gates):
        await user.sees(f"{number} is over")
        if terminal is not None:
            await user.until(lambda: terminal.rows() == [row.rstrip() for row in user.text().split("\n")], "a repaint")
            newest = user.app.screen.query(Answer).last()
            ahead = ahead or newest.size.height > len(newest.laid_out(newest.size.width))
        gate.open()
    assert terminal is None or ahead, "it never came fast enough to have room kept for it"
    await user.sees("enter send")


def script() -> tuple[list[Gate], FakeAgent]:
    gates = [Gate() for _ in range(PIECES)]
    rushing = [event for n, gate in enumerate(gates) for event in (TextDelta(LONG.format(n)), gate)]
    return gates, FakeAgent([answer("Well met."), answer("Well said."), (*rushing, TurnCompleted())])


@pytest.mark.parametrize("size", in_part([WIDE, NARROW], 2))
async def test_what_the_terminal_was_told_is_what_stands_there(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = TerminalCopy(size, monkeypatch)
    gates, agent = script()
    async with running_client(client(agent), size) as user:
        for text, heard in (("Hello", "Well met."), ("I like trains", "Well said.")):
            await user.say(text)
            await user.sees(heard, "enter send")
        await user.say("Plan it")
        await long_answer(user, gates, terminal)
        await user.settled()
        assert terminal.rows() == [row.rstrip() for row in user.text().split("\n")]


@pytest.mark.slow
async def test_what_was_said_before_a_long_answer_leaves_the_screen_and_comes_back_by_scrolling_up() -> None:
    gates, agent = script()
    async with running_client(client(agent)) as user:
        for text, heard in (("Hello", "Well met."), ("I like trains", "Well said.")):
            await user.say(text)
            await user.sees(heard, "enter send")
        await user.say("Plan it")
        await long_answer(user, gates)
        assert len(user.app.screen.query(AgentTurn)) == 1
        await user.settled()  # the line under the answer and the marks in it move what stands above
        shown = user.flat()
        for _ in range(40):
            await user.press("pageup")
            await user.settled()
            shown += user.flat()
            if "Well met." in user.flat():
                break
        await user.sees("Hello", "Well met.", "I like trains", "Well said.", "Plan it")
        assert [number for number in range(PIECES) if f"{number} is over." not in shown] == []
