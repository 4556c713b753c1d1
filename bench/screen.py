"""The client with a long history: 10,000 stored turns, 1,000 summaries, and a streaming answer.

Keys are sent to the terminal here, and the client records which frame shows them (bench/hooked.py), by the same clock.
The cost of a frame is the processor time of the screen's thread since the previous frame; it is compared with that of a
bare Textual log that gets as many lines.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from bench.hooked import OTHER_THEME_BYTES, STILL_BYTES, Frame
from bench.past import LONG, TURNS, fill
from bench.rest import resident_mb, used
from bench.service import SUMMARIES
from bench.start import BARE, painted, shows_key
from bench.terminal import Terminal
from travel_tui.cli.app_context import agent_key
from travel_tui.config import AgentConfig

KEYS = 120
STREAMED_S = 12.0
RESTED_S = 30.0
"""Seconds between two polls of a memory without awaited summaries (travel_tui/memory/polling_policy.py)."""
STARTS = 9
BETWEEN_S = (0.03, 0.12)
"""Seconds between two keys: minimum of a fast typist and maximum of a slow one."""
TIMES = 8
"""Number of changes of focus and of theme."""
FOCUS_IN, FOCUS_OUT, DOWN, F5 = "\x1b[I", "\x1b[O", "\x1b[B", "\x1b[15~"
CLEAR = "\x1b[18~\x7f"
"""Selects the whole prompt and deletes it."""
SETTLED_S = 6.0
"""Seconds until the garbage of the work is collected (travel_tui/tui/rendering/gc_tuning.py), which happens once."""
GENTLE_S = 12.0
"""Seconds until a newly opened memory is analysed."""


class Key(NamedTuple):
    """A typed letter: its time, and the length of the prompt once it is shown."""

    at: float
    typed: int


class Span(NamedTuple):
    """Start and end of a period."""

    began: float
    ended: float


class Noted(NamedTuple):
    """Records written by the client."""

    frames: Sequence[Frame]
    beats: Sequence[tuple[float, float]]

    def first(self, after: float, wanted: Callable[[Frame], bool]) -> float:
        """Return the milliseconds from a moment to the first matching frame."""
        found = next((frame.at for frame in self.frames if frame.at > after and wanted(frame)), float("inf"))
        return (found - after) * 1000

    def echoes(self, keys: Sequence[Key]) -> list[float]:
        """Return the milliseconds from each key to the first frame that shows it."""
        return [self.first(at, lambda frame, typed=typed: frame.typed >= typed) for at, typed in keys]

    def work(self, span: Span) -> list[float]:
        """Return the milliseconds of processor time of each frame."""
        frames = [frame for frame in self.frames if span.began <= frame.at < span.ended]
        if not all(frame.answering for frame in frames):
            raise SystemExit("the answer had come to its end while its frames were counted")
        return [(after.worked_s - before.worked_s) * 1000 for before, after in itertools.pairwise(frames)]

    def late(self, keys: Sequence[Key]) -> float:
        """Return the longest delay of the event loop, in milliseconds, while these keys were typed."""
        return max(late for due, late in self.beats if keys[0].at <= due < keys[-1].at + 1) * 1000


class Hands:
    """Types into the client's terminal."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.watch = terminal.read_for
        self._typed = 0

    def key(self, before: str = "") -> Key:
        """Type a letter directly after `before`, which may be another key."""
        self._typed += 1
        key = Key(perf_counter(), self._typed)
        self.terminal.send(f"{before}x")
        return key

    def keys(self, every: Callable[[int], str] = lambda _: "") -> list[Key]:
        """Type letters at a human rhythm, each directly after `every`'s text for it; the prompt is cleared first."""
        dice = random.Random(7)  # noqa: S311  the same rhythm each time
        self.clear()
        typed = []
        for number in range(KEYS):
            typed.append(self.key(every(number)))
            self.watch(dice.uniform(*BETWEEN_S))
        return typed

    def clear(self) -> None:
        self.terminal.send(CLEAR)
        self.watch(0.3)
        self._typed = 0

    def send(self, text: str) -> float:
        """Send a message; return the time when the sending key was pressed."""
        self.clear()
        self.terminal.send(text)
        self.watch(0.3)
        return self.press("\r")

    def press(self, key: str, seconds: float = 0.3) -> float:
        """Press a key and read for `seconds`; return the time when it was pressed."""
        at = perf_counter()
        self.terminal.send(key)
        self.watch(seconds)
        return at


class Seen(NamedTuple):
    """Actions on the client, and its records."""

    noted: Noted
    opened: list[Key]
    quiet: list[Key]
    resumed: tuple[float, float]
    """Time when the command was sent, and when a session was chosen."""
    streamed: Span
    streaming: list[Key]
    focused: list[Key]
    themed: list[Key]
    rest: float
    """Share of a core."""
    resident_mb: float


@contextmanager
def service() -> Iterator[str]:
    """Yield the service's URL."""
    with subprocess.Popen([sys.executable, "-m", "bench.service"], stdout=subprocess.PIPE, text=True) as child:
        try:
            yield child.stdout.readline().strip() if child.stdout else ""
        finally:
            child.terminate()


def work(url: str, archive: Path, found: Path) -> Seen:
    """Operate the client for some two minutes."""
    terminal = Terminal([sys.executable, "-m", "bench.hooked", url, str(archive), str(found)], os.environ)
    hands = Hands(terminal)
    terminal.until("older")
    opened = hands.keys()
    hands.watch(GENTLE_S)
    quiet = hands.keys()
    asked = hands.send("/resume")
    hands.watch(2)
    chosen = hands.press("\r", 3)
    hands.send(f"{STREAMED_S + 2:g}")
    hands.watch(1)
    began = perf_counter()
    hands.watch(STREAMED_S)
    streamed = Span(began, perf_counter())
    hands.watch(4)
    hands.send(f"{KEYS * BETWEEN_S[1] + 2:g}")
    streaming = hands.keys(lambda number: F5 if number % 20 == 10 else "")
    hands.watch(10)
    hands.clear()
    focused, themed = [], []
    for _ in range(TIMES):
        for change in (FOCUS_OUT, FOCUS_IN):
            focused.append(hands.key(change))
            hands.watch(1)
    for _ in range(TIMES):
        themed.append(hands.key(OTHER_THEME_BYTES))
        hands.watch(2)
    hands.press(STILL_BYTES, SETTLED_S)
    before = used(terminal.pid)
    hands.watch(RESTED_S)
    rest = (used(terminal.pid) - before) / RESTED_S
    resident = resident_mb(terminal.pid)
    terminal.close()
    told = json.loads(found.read_text())
    noted = Noted([Frame(*frame) for frame in told["frames"]], told["beats"])
    return Seen(noted, opened, quiet, (asked, chosen), streamed, streaming, focused, themed, rest, resident)


def quantiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the median, the 95th percentile, and the maximum."""
    return statistics.median(values), statistics.quantiles(values, n=20)[-1], max(values)


def line(what: str, shown: str, goal: str, *missed: bool) -> str:
    return f"{what:<44} {shown:<38} goal {goal}{' MISSED' if any(missed) else ''}"


def keys_line(what: str, echoes: Sequence[float], late: float) -> str:
    p50, p95, most = quantiles(echoes)
    shown = f"p50 {p50:5.1f}  p95 {p95:5.1f}  most {most:5.1f} ms"
    return line(f"a key shows, {what}", f"{shown}, loop late {late:.0f} ms", "p95 ≤ 16", p95 > 16)


def start(home: Path, url: str) -> float:
    """Return the time to first paint with the long history, as a multiple of that of a bare app."""
    environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    client = [str(Path(sys.executable).parent / "travel-tui"), "chat", "--endpoint-url", url, "--memory", "anna"]
    client += ["--agent-id", "TRAVELDEMO", "--region", "us-east-1"]
    bare, echoed = [], []
    for _ in range(STARTS):
        bare.append(painted([sys.executable, "-c", BARE], environment))
        echoed.append(shows_key(client, environment))
    return statistics.median(echoed) / statistics.median(bare)


def log(found: Path) -> list[float]:
    """Return the milliseconds of processor time that a bare log takes for the lines of one frame of an answer."""
    terminal = Terminal([sys.executable, "-m", "bench.bare_log", str(found)], os.environ)
    with suppress(OSError):  # the program of the terminal has ended
        terminal.read_for(60)
    terminal.close()
    return [seconds * 1000 for seconds in json.loads(found.read_text())]


def report() -> Iterator[str]:
    """Measure; yield a line per figure."""
    with tempfile.TemporaryDirectory() as folder, service() as url:
        home = Path(folder)
        archive = home / "travel-tui" / "archive.sqlite3"
        config = AgentConfig("travel", "TRAVELDEMO", "TSTALIASID", "us-east-1", endpoint_url=url)
        fill(archive, agent_key(config), "anna")
        times = start(home, url)
        bare = quantiles(log(home / "log.json"))
        seen = work(url, archive, home / "found.json")
    noted = seen.noted
    yield f"{TURNS:,} stored turns, {LONG:,} of them in the session resumed, and {SUMMARIES:,} summaries:"
    yield line("first paint and a typed key", f"{times:.2f} × bare", "1.5", times > 1.5)
    for what, keys in (("just opened", seen.opened), ("at rest", seen.quiet), ("while it streams", seen.streaming)):
        yield keys_line(what, noted.echoes(keys), noted.late(keys))
    frames = noted.work(seen.streamed)
    p50, p95, most = quantiles(frames)
    shown = f"p50 {p50:5.1f}  p95 {p95:5.1f}  most {most:5.1f} ms"
    yield line("work per streamed frame", shown, "8, 16", p50 > 8, p95 > 16)
    p50, p95, most = bare
    yield f"{'  the same lines in a bare Textual log':<44} p50 {p50:5.1f}  p95 {p95:5.1f}  most {most:5.1f} ms"
    a_second = len(frames) / (seen.streamed.ended - seen.streamed.began)
    yield line("frames while it streams", f"{a_second:.0f} a second", "≤ 30", a_second > 30)
    for what, keys, goal in (("focus in or out", seen.focused, 80), ("another theme", seen.themed, 300)):
        longest = max(*noted.echoes(keys), noted.late(keys))
        typical = statistics.median(noted.echoes(keys))
        yield line(
            f"{what}, and a key shows", f"p50 {typical:5.0f}  most {longest:5.0f} ms", f"≤ {goal}", longest > goal
        )
    asked, chosen = seen.resumed
    listed = noted.first(asked, lambda frame: frame.screens > 1)
    gone_on = noted.first(chosen, lambda frame: frame.screens == 1 and frame.said.endswith(f"({TURNS})"))
    whole = listed + gone_on
    yield line("resume", f"listed {listed:.0f} ms, chosen {gone_on:.0f} ms", "≤ 1,000 together", whole > 1000)
    yield line("processor at rest", f"{seen.rest * 100:.2f} % of a core", "≤ 1", seen.rest > 0.01)
    yield line("resident memory", f"{seen.resident_mb:.0f} MB", "≤ 150", seen.resident_mb > 150)
