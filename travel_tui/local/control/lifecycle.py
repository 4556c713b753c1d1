"""States that pass by themselves: CREATING becomes ACTIVE, DELETING ends in nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from travel_tui.local.durations import LONGEST
from travel_tui.local.operations import step
from travel_tui.local.state.transitions import Transitions

if TYPE_CHECKING:
    from travel_tui.local.endpoint import Endpoint
    from travel_tui.local.state.database import Database


class Lifecycle:
    """Takes the steps of all services when they fall due on the endpoint's clock."""

    def __init__(self, endpoint: Endpoint, database: Database) -> None:
        self._endpoint = endpoint
        self._database = database
        self._transitions = Transitions(database)
        self._wake = asyncio.Event()
        self._transitions.none_due_after(endpoint.clock.seconds() + LONGEST)
        endpoint.clock.on_advance(self.settle)

    def after(self, seconds: float, service: str, name: str, *target: str) -> None:
        """Have a service's step taken, with `target` as its arguments.

        One that is due at once is taken after the answer that is being made, and before the next request is read.
        """
        self._transitions.add(self._endpoint.clock.seconds() + seconds, service, name, target)
        if seconds > 0:
            self._wake.set()
        else:
            asyncio.get_running_loop().call_soon(self.settle)

    def settle(self) -> None:
        """Take all steps that are due, each whole or not at all."""
        while due := self._transitions.first_due(self._endpoint.clock.seconds()):
            with self._database.transaction():
                self._transitions.done(due)
                step(due.service, due.step)(self._endpoint, *due.target)
        self._wake.set()

    async def run(self) -> None:
        """Settle whenever something falls due, for ever."""
        while True:
            self.settle()
            self._wake.clear()
            await self._endpoint.clock.wait(self._transitions.next_due(), self._wake)
