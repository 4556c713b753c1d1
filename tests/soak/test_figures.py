"""What a soak calls growth."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.soak.figures import Figures, Sample, findings, slope


def figures(*samples: Sample) -> Figures:
    found = Figures(os.getpid(), Path())
    found.samples += samples
    return found


def test_a_slope_is_that_of_most_points() -> None:
    points = [(float(second), 100 + second / 100) for second in range(0, 600, 60)]
    assert slope(points) == pytest.approx(0.01)
    assert slope([*points, (600.0, 500.0)]) == pytest.approx(0.01, rel=0.01)


def test_memory_that_grows_is_found_and_the_warm_up_is_left_out() -> None:
    growing = [Sample(60.0 * n, 100 + n / 20, 6, 15, 11) for n in range(10)]
    lines, missed = findings("client", figures(*growing), after_s=0)
    assert missed == ["client: memory grows 3.00 MB an hour"]
    assert "+3.00 MB an hour (from 0 to 540 s, 10 samples)" in lines[0]
    warming_up = [Sample(60.0 * n, 100 + min(n, 5), 6, 15, 11) for n in range(10)]
    assert findings("client", figures(*warming_up), after_s=300)[1] == []
    assert "too few" in findings("client", figures(*warming_up), after_s=480)[0][0]


@pytest.mark.parametrize("name", ["threads", "descriptors", "files"])
def test_counts_that_grow_are_found(name: str) -> None:
    counts = {"threads": 6, "descriptors": 15, "files": 11}
    samples = [Sample(60.0 * n, 100, **{**counts, name: counts[name] + n}) for n in range(10)]
    assert findings("client", figures(*samples), after_s=0)[1] == [
        f"client: {name} grow from {counts[name]} to {counts[name] + 9}"
    ]


def test_this_process_has_figures(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("")
    found = Figures(os.getpid(), tmp_path).take(1.0)
    assert found.files == 1
    assert min(found.memory_mb, found.threads, found.descriptors) > 0
