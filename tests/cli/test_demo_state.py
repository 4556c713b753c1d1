"""The folder of the demo's state: demos that start at the same moment never take each other's files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.cli.terminal import running
from tests.endpoint import until
from travel_tui.cli.demo_state import CLIENTS, lock_state
from travel_tui.file_lock import is_locked, lock_file
from travel_tui.local.state.folder import LOCK, StateFolder

ROUNDS = 60

DEMO = """
import os, sys
from pathlib import Path
import click
from travel_tui.cli.demo_state import lock_state
from travel_tui.local.state.database import StateError
from travel_tui.local.state.folder import StateFolder

state = Path(sys.argv[1])
for line in sys.stdin:
    mine = state / f"archive-{os.getpid()}"
    try:
        with lock_state(state, emptied=sys.argv[2] == "emptied"):
            mine.touch()
            try:
                folder = StateFolder(state)
            except StateError:
                folder = None  # it joins the endpoint of the other
            if folder:
                folder.database.touch()
            print("began", flush=True)
            sys.stdin.readline()
            lost = [] if mine.exists() else ["archive"]
            if folder:
                lost += [] if folder.database.exists() else ["database"]
                lost += [] if os.path.samestat(os.fstat(folder._lock), (state / "lock").stat()) else ["lock"]
                folder.close()
            print(*lost, flush=True)
    except click.ClickException:
        print("refused", flush=True)
        sys.stdin.readline()
        print(flush=True)
"""


@pytest.mark.parametrize("kinds", [("emptied", "emptied"), ("emptied", "joined"), ("joined", "joined")])
def test_two_that_begin_at_once_lose_no_file_and_one_of_them_runs(tmp_path: Path, kinds: tuple[str, str]) -> None:
    state = tmp_path / "state"
    demos = [
        subprocess.Popen(
            [sys.executable, "-c", DEMO, str(state), kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for kind in kinds
    ]

    def told() -> list[str]:
        """Have both go on at once, and hear what each says."""
        for demo in demos:
            assert demo.stdin
            demo.stdin.write("on\n")
            demo.stdin.flush()
        return [demo.stdout.readline().strip() if demo.stdout else "" for demo in demos]

    try:
        for _ in range(ROUNDS):
            began = told()
            assert "began" in began
            assert "refused" not in began or "emptied" in kinds
            assert told() == ["", ""], "what was lost"
    finally:
        for demo in demos:
            demo.communicate()


def test_a_state_in_use_is_not_emptied_nor_one_whose_endpoint_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    (state / "memory").touch()
    with lock_state(state, emptied=False), pytest.raises(click.ClickException, match="Quit it first"):
        lock_state(state, emptied=True).__enter__()
    monkeypatch.setattr("travel_tui.cli.demo_state.ENDING_S", 0.05)
    starting = lock_file(state / LOCK)
    assert starting is not None
    with pytest.raises(click.ClickException, match="Quit it first"):
        lock_state(state, emptied=True).__enter__()
    assert (state / "memory").exists()
    os.close(starting)
    with lock_state(state, emptied=True):
        assert sorted(each.name for each in state.iterdir()) == sorted([CLIENTS, LOCK])
        assert not is_locked(state / LOCK)
        StateFolder(state).close()


def test_a_lock_whose_file_was_replaced_is_taken_on_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    old = lock_file(file)
    file.unlink()
    new = lock_file(file)
    assert None not in (old, new)
    assert lock_file(file) is None


def test_scratch_folders_of_runs_that_begin_together_are_never_the_others_leftovers(tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    code = (
        "import sys\nfrom travel_tui.local.scratch import scratch_folder\n"
        "for _ in range(40):\n with scratch_folder() as mine:\n  (mine / 'x').touch(); assert (mine / 'x').exists()\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "TMPDIR": str(folder)}) for _ in "12"]
    assert [run.wait(60) for run in runs] == [0, 0]
    assert list(folder.iterdir()) == []


def test_two_repeatable_demos_started_at_once_one_runs_and_the_other_says_why_not() -> None:
    with running("demo", "--seed", "7") as first, running("demo", "--seed", "7") as second:
        both = (first, second)

        def settled() -> bool:
            for each in both:
                each._read(0.01)
            return sum(each.status == 1 for each in both) == 1

        until(settled)
        (refused,) = (each for each in both if each.status == 1)
        (running_demo,) = (each for each in both if each.status is None)
        assert b"Quit it first" in refused.raw
        running_demo.sees("No memories yet")
        running_demo.send("Hello\r")
        running_demo.sees("1 turn", "enter send")
        assert "failed" not in running_demo.flat()
