"""Snapshots of the client: a state or a script of one's own, compared with a stored SVG or text."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from difflib import get_close_matches, unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from travel_tui.pytest_plugin.svg_text import rows_of

if TYPE_CHECKING:
    from travel_tui.screenshots.capture import Picture
    from travel_tui.screenshots.scene import Bring, Scene, State

FOLDER = "__snapshots__"
"""Folder of the snapshots, beside the file of the test; in it each file of tests has its own."""
_TERMINAL = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")
"""Variables of the terminal in which the tests happen to run, which a snapshot must not show."""


_LONGEST = 100
"""Most characters of a test's name in a file's; file systems take 255 bytes."""


class TuiSnapshot:
    """Takes and compares snapshots for one test."""

    def __init__(self, file: Path, test: str, *, update: bool) -> None:
        """`file` and `test` name the snapshots; with `update` they are stored instead of compared."""
        self._folder = file.parent / FOLDER / file.stem
        self._name = _file_name(test)
        self._update = update
        self._taken: set[str] = set()

    def __call__(
        self,
        state: str | Bring,
        *,
        answers: Path | str | Sequence[str] | None = None,
        size: tuple[int, int] = (120, 40),
        theme: str | None = None,
        form: Literal["svg", "text"] = "svg",
        name: str = "",
    ) -> None:
        """Compare the client's screen with the stored one; fails the test where they differ or none is stored.

        `state` is one of `travel-tui shot`, or a coroutine function that brings the client to one: it gets a Scene,
        whose `user` types, presses keys and waits for what the screen shows. `answers` are what the agent says to it:
        texts, or a folder that /export wrote, whose conversation is played; without them the demo's recorded answers.
        `size` is in columns and rows, `name` tells several snapshots of a test apart.
        """
        if form not in ("svg", "text"):
            pytest.fail(f"form is {form!r}. Expected: svg or text.", pytrace=False)
        suffix = ".svg" if form == "svg" else ".txt"
        file = self._folder / f"{self._name}{f'-{name}' if name else self._next()}{suffix}"
        if file.name in self._taken:
            pytest.fail(f"The test has two snapshots named {name!r}; give each a name of its own.", pytrace=False)
        self._taken.add(file.name)
        with _surroundings():
            taken = _taken(_state(state, answers), size, theme)
        self._compare(file, taken.svg if form == "svg" else taken.text)

    def _next(self) -> str:
        return f"-{len(self._taken) + 1}" if self._taken else ""

    def _compare(self, file: Path, now: str) -> None:
        before = file.read_text(encoding="utf-8") if file.exists() else None
        new = file.with_name(f"{file.stem}.new{file.suffix}")
        if before == now or self._update:
            new.unlink(missing_ok=True)
        if before == now:
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        if self._update:
            file.write_text(now, encoding="utf-8")
            return
        new.write_text(now, encoding="utf-8")
        advice = f"Look at {new}, and store it with --tui-snapshot-update."
        if before is None:
            pytest.fail(f"There is no snapshot {file}. {advice}", pytrace=False)
        pytest.fail(f"The screen differs from {file}.\n{_difference(before, now)}\n{advice}", pytrace=False)


def _file_name(test: str) -> str:
    """Return the name of a test's files: its own, with a checksum where that was changed or cut, so that none share."""
    kept = re.sub(r"[^\w.\-\[\]]+", "_", test.replace("::", "."))
    if kept == test.replace("::", ".") and len(kept) <= _LONGEST:
        return kept
    return f"{kept[:_LONGEST].strip('_')}-{hashlib.sha256(test.encode()).hexdigest()[:8]}"


def _state(state: str | Bring, answers: Path | str | Sequence[str] | None) -> State:
    """Return the state of that name, or that of a script and its answers."""
    from travel_tui.pytest_plugin.answers import agent_with
    from travel_tui.screenshots.scene import State, demo_agent
    from travel_tui.screenshots.states import STATES

    if callable(state):
        script = state

        async def bring(scene: Scene) -> None:
            await script(scene)
            await scene.user.answered()  # what the script waited for may be there before the answer's end and its marks

        return State("", bring, demo_agent if answers is None else lambda: agent_with(answers))
    if answers is not None:
        pytest.fail("answers= is for a script of your own; the states of `travel-tui shot` have theirs.", pytrace=False)
    if state not in STATES:
        near = get_close_matches(state, STATES, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        pytest.fail(f"Unknown state {state!r}.{hint} `travel-tui shot` lists all states.", pytrace=False)
    return STATES[state]


def _taken(state: State, size: tuple[int, int], theme: str | None) -> Picture:
    """Take the picture, in a thread of its own: an asynchronous test already has an event loop in this one."""
    from travel_tui.screenshots.capture import LEAST, MOST, UnknownTheme, picture

    if not all(least <= given <= most for least, given, most in zip(LEAST, size, MOST, strict=True)):
        pytest.fail(f"size is from {LEAST} to {MOST}, in columns and rows; it is {size}.", pytrace=False)
    with ThreadPoolExecutor(1) as thread:
        try:
            return thread.submit(lambda: asyncio.run(picture(state, size, theme))).result()
        except UnknownTheme as error:
            pytest.fail(str(error), pytrace=False)


@contextmanager
def _surroundings() -> Iterator[None]:
    """Let the client see the same terminal everywhere, and leave this process as it was found."""
    collects, thresholds, frozen = gc.isenabled(), gc.get_threshold(), gc.get_freeze_count()
    with pytest.MonkeyPatch.context() as patch:
        for name in _TERMINAL:
            patch.delenv(name, raising=False)
        patch.setenv("COLORTERM", "truecolor")
        patch.setenv("TERM", "xterm-256color")
        try:
            yield
        finally:  # the client tunes the garbage collection of its process, which is not its own here
            gc.set_threshold(*thresholds)
            if not frozen:
                gc.unfreeze()
            if collects:
                gc.enable()


def _difference(before: str, now: str) -> str:
    """Return the rows that differ, of texts or of SVGs."""
    old, new = (rows_of(text) if text.startswith("<svg") else text.splitlines() for text in (before, now))
    lines = list(unified_diff(old, new, "stored", "now", lineterm="", n=1))
    return "\n".join(lines) if lines else "The text is the same; colours, styles or sizes differ."
