"""What is done in a day, drawn at random, and the night after it."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

from tests.soak.endpoint_api import EndpointApi
from tests.soak.user import DOWN, ENTER, ESCAPE, F1, F2, F3, F5, FOCUS_IN, FOCUS_OUT, PALETTE, TAB, User

STEPS = 14
"""Things done in a day."""
NIGHT_S = 63.0
"""Seconds at rest: after a minute the client examines all its objects (travel_tui/tui/rendering/gc_tuning.py)."""
HOUR_S = 3600
SIZES = ((120, 40), (80, 24), (160, 50), (100, 30))
CITIES = ("Boston", "Rome", "Oslo", "Paris", "Lima", "Cairo", "Tokyo", "Madrid")
LIKES = ("tea", "window seats", "museums", "early flights", "trains", "quiet hotels")
FAULTS = (
    "InvokeAgent=ThrottlingException",
    "InvokeAgent=InternalServerException@before",
    "InvokeAgent=DependencyFailedException@stream",
    "InvokeAgent=BadGatewayException@2",
    "InvokeAgent=drop",
    "InvokeAgent=drop@1",
    "InvokeAgent=stall@1",
    "InvokeAgent=corrupt@1",
    "InvokeAgent=truncate@1",
    "InvokeAgent=no-final-chunk",
    "InvokeAgent=summary-never",
    "InvokeAgent=summary-forgets",
    "InvokeAgent=memory-not-injected",
    "InvokeAgent=memory-ignored",
    "GetAgentMemory=ThrottlingException",
    "GetAgentMemory=InternalServerException",
    "GetAgentMemory=drop",
    "DeleteAgentMemory=ThrottlingException",
)


class Days:
    """Works through days with a user; `number` counts them."""

    def __init__(self, user: User, api: EndpointApi, rng: random.Random, *, verbose: bool = False) -> None:
        self._user = user
        self._verbose = verbose
        self._api = api
        self._rng = rng
        self.number = 0
        self._messages = 0
        self._done: Counter[str] = Counter()
        self._ways: tuple[tuple[int, Callable[[], None]], ...] = (
            (10, self._say),
            (4, self._end_and_begin),
            (3, self._fault),
            (3, self._resize),
            (2, self._resume),
            (2, self._compare),
            (2, self._read),
            (2, self._theme),
            (2, self._go_away),
            (2, self._wait),
            (1, self._export),
            (1, self._other_user),
            (1, self._forget),
        )

    def work(self) -> None:
        """Do a day's things."""
        self.number += 1
        self._say()
        if self.number == 1:  # what a client does for the first time stays loaded, which is no growth
            for _, way in self._ways:
                self._do(way)
        for _ in range(STEPS):
            (chosen,) = self._rng.choices([way for _, way in self._ways], [weight for weight, _ in self._ways])
            self._do(chosen)

    def _do(self, way: Callable[[], None]) -> None:
        name = way.__name__.strip("_").replace("_", " ")
        self._done[name] += 1
        began = time.monotonic()
        way()
        if self._verbose:
            print(f"        {name}: {time.monotonic() - began:.1f} s", flush=True)

    def night(self) -> None:
        """End the session, let hours pass at the endpoint, begin a session, and leave the client alone."""
        self._api.clear_faults()
        self._end_and_begin()
        self._api.advance(self._rng.uniform(8, 40) * HOUR_S)
        self._user.resize(*SIZES[0])
        self._user.watch(NIGHT_S)

    def told(self) -> str:
        """Describe what was done how often."""
        return ", ".join(f"{number} × {what}" for what, number in sorted(self._done.items()))

    def _say(self) -> None:
        self._messages += 1
        there, back = self._rng.sample(CITIES, 2)
        day = self._rng.randint(1, 20)
        text = self._rng.choice(
            (
                f"Book a flight from {there} to {back}, 2027-09-{day:02} to 2027-09-{day + 7}.",
                f"I like {self._rng.choice(LIKES)}, and I live in {there}.",
                f"Hi, my name is Anna and I travel to {there} in May.",
                "Which trips do I have?",
                "What do you know about me?",
                "yes, that is correct, thanks!",
            )
        )
        self._user.say(f"{text} Message {self._messages}.")

    def _end_and_begin(self) -> None:
        self._user.command(F2, seconds=1)
        self._user.watch(1)
        self._api.advance(60)  # until the summary is due
        self._user.command(F5, seconds=1)
        # Where the end failed, the client asks whether to end the session first.
        self._user.command(F3, *self._rng.choice(((), (TAB, ENTER), (ENTER,))))

    def _fault(self) -> None:
        self._api.fault(f"{self._rng.choice(FAULTS)}:{self._rng.randint(1, 2)}")

    def _resize(self) -> None:
        self._user.resize(*self._rng.choice(SIZES))
        self._user.watch(0.5)

    def _resume(self) -> None:
        keys = (*[DOWN] * self._rng.randint(0, 3), ENTER, ENTER)
        self._user.command("/resume", *keys, seconds=1)

    def _compare(self) -> None:
        self._user.command("/twin", TAB, ENTER, seconds=3)

    def _read(self) -> None:
        like = self._rng.choice(LIKES)
        command, *keys = self._rng.choice(
            (
                ("/trace", DOWN, "r", DOWN),
                (f"/past {like}", ENTER),
                ("/past", DOWN, ENTER),
                (f"/why {like}",),
                ("/history",),
                (f"/find {like}",),
                (f"/note {like}",),
                ("/sources",),
                (F1,),
            )
        )
        self._user.command(command, *keys, seconds=1)

    def _theme(self) -> None:
        self._user.command(PALETTE, *"theme", ENTER, *[DOWN] * self._rng.randint(1, 5), ENTER, seconds=1)

    def _go_away(self) -> None:
        self._user.press(FOCUS_OUT)
        self._user.watch(self._rng.uniform(0.2, 3))
        self._user.press(FOCUS_IN)

    def _wait(self) -> None:
        self._api.advance(self._rng.uniform(60, 2 * HOUR_S))
        self._user.watch(self._rng.uniform(0.5, 5))

    def _export(self) -> None:
        self._user.export(f"day-{self.number}-{self._messages}", then_open=self._rng.random() < 0.5)

    def _other_user(self) -> None:
        self._user.command(f"/user {self._rng.choice(('anna', 'bert'))}", ESCAPE, seconds=1)

    def _forget(self) -> None:
        self._user.command("/forget", TAB, ENTER, seconds=1)
