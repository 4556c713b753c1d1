"""Transitional states: CREATING becomes ACTIVE, DELETING ends with the resource's removal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from travel_tui.local.durations import LONGEST
from travel_tui.local.state.scope import Scope
from travel_tui.local.state.transitions import Transition, Transitions

if TYPE_CHECKING:
    from travel_tui.local.state.database import Database
    from travel_tui.local.time import EndpointClock


class Lifecycle:
    """Runs the steps of all services when they fall due on the endpoint's clock."""

    def __init__(self, clock: EndpointClock, database: Database, take: Callable[[Transition], None]) -> None:
        """`take` takes a step that is due."""
        self._clock = clock
        self._database = database
        self._take = take
        self._transitions = Transitions(database)
        self._wake = asyncio.Event()
        self._transitions.cap_due_times(clock.seconds() + LONGEST)
        clock.on_advance(self.run_due)

    def schedule(self, seconds: float, scope: Scope, service: str, name: str, *target: str) -> None:
        """Schedule a service's step, with `target` as its arguments.

        A step that is due at once runs after the current response is produced and before the next request is read.
        """
        self._transitions.add(self._clock.seconds() + seconds, scope, service, name, target)
        if seconds > 0:
            self._wake.set()
        else:
            asyncio.get_running_loop().call_soon(self.run_due)

    def run_due(self) -> None:
        """Take all steps that are due, each whole or not at all."""
        while due := self._transitions.first_due(self._clock.seconds()):
            with self._database.transaction():
                self._transitions.done(due)
                self._take(due)
        self._wake.set()

    async def run(self) -> None:
        """Run steps whenever they fall due, until cancelled."""
        while True:
            self.run_due()
            self._wake.clear()
            await self._clock.wait(self._transitions.next_due(), self._wake)
