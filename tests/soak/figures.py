"""A process in figures: its memory, threads, open files and the files of its folder, and whether they grow."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

MEMORY_MB_PER_HOUR = 1.0
SLACK = 2
"""Threads, connections or files that may come later than the rest: pools start them as they are needed."""
FEWEST = 3
"""Samples below which no slope is told."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at a process."""

    at_s: float
    memory_mb: float
    """Memory that is the process's own, in MB of 10^6 bytes (Private_* in /proc/PID/smaps_rollup)."""
    threads: int
    descriptors: int
    files: int

    def __str__(self) -> str:
        counts = f"{self.threads} threads, {self.descriptors} open files, {self.files} files in the home"
        return f"{self.memory_mb:7.2f} MB, {counts}"


class Figures:
    """The samples of a process (Linux) and of a folder."""

    def __init__(self, pid: int, folder: Path) -> None:
        self._process = Path(f"/proc/{pid}")
        self._folder = folder
        self.samples: list[Sample] = []

    def take(self, at_s: float) -> Sample:
        """Take a sample. Raises OSError if the process has ended."""
        rollup = (self._process / "smaps_rollup").read_text().splitlines()
        kilobytes = sum(int(line.split()[1]) for line in rollup if line.startswith("Private_"))
        found = Sample(
            at_s,
            kilobytes * 1024 / 1e6,
            len([*(self._process / "task").iterdir()]),
            len([*(self._process / "fd").iterdir()]),
            sum(each.is_file() for each in self._folder.rglob("*")),
        )
        self.samples.append(found)
        return found


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the median of the slopes between all pairs of points (Theil 1950, Sen 1968): one jump does not move it."""
    return statistics.median((y - v) / (x - u) for (u, v), (x, y) in combinations(points, 2) if x != u)


def findings(who: str, figures: Figures, *, after_s: float) -> tuple[list[str], list[str]]:
    """Return lines about a process after the first `after_s` seconds, and what grows."""
    samples = [each for each in figures.samples if each.at_s >= after_s]
    if len(samples) < FEWEST:
        return [f"{who}: {len(samples)} samples after {after_s:.0f} s, too few to tell growth"], []
    found = slope([(each.at_s, each.memory_mb) for each in samples]) * 3600
    span = f"from {samples[0].at_s:.0f} to {samples[-1].at_s:.0f} s, {len(samples)} samples"
    lines = [
        f"{who}: memory {samples[0].memory_mb:.1f} to {samples[-1].memory_mb:.1f} MB, {found:+.2f} MB an hour ({span})"
    ]
    missed = [f"{who}: memory grows {found:.2f} MB an hour"] if found > MEMORY_MB_PER_HOUR else []
    half = len(samples) // 2
    for name in ("threads", "descriptors", "files"):
        counts = [int(getattr(each, name)) for each in samples]
        lines.append(f"{who}: {name} {min(counts)} to {max(counts)}")
        if max(counts[half:]) > max(counts[:half]) + SLACK:
            missed.append(f"{who}: {name} grow from {counts[0]} to {counts[-1]}")
    return lines, missed
