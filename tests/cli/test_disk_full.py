"""A disk that takes no more: commands say so in a sentence and end, and what was written before stays."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from py_compile import compile as compile_file

import pytest
from click.testing import CliRunner

import travel_tui as travel_tui_package
from tests.cli.headless import run
from tests.cli.terminal import installed
from tests.endpoint import RunningEndpoint
from tests.fakes import NOON
from travel_tui.archive import Archive, ArchiveError, SessionKey
from travel_tui.cli import travel_tui
from travel_tui.clock import Clock
from travel_tui.paths import archive_file, local_state, recall_results

LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
os.execv(sys.argv[2], sys.argv[2:])
"""
"""No file may become longer than so many bytes, which is how a test without rights has a full disk."""


def limited(size: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LIMITED, str(size), installed(), *arguments]
    # Python 3.11 keeps a module that it could compile but not write whole, and fails with it from then on.
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=60, check=False)


def test_an_endpoint_that_can_keep_nothing_says_so_and_ends() -> None:
    done = limited(8192, "local", "--port", "0")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert str(local_state()) in done.stderr


def test_a_command_that_can_keep_nothing_says_so_and_ends(endpoint: RunningEndpoint) -> None:
    done = limited(8192, "ask", "Hello", "--endpoint-url", endpoint.url)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(archive_file()) in done.stderr


@pytest.mark.parametrize("made", [False, True])
def test_doctor_tells_that_the_archive_cannot_grow(made: bool) -> None:
    if made:
        Archive(archive_file(), Clock(NOON)).close()
    done = limited(50_000, "doctor")
    shown = " ".join(done.stdout.split())
    assert "✗ archive" in shown
    assert "File too large" in shown
    assert "df -h" in shown


def test_doctor_tells_that_no_archive_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/proc/none")
    done = CliRunner().invoke(travel_tui, ["doctor"])
    assert "✗ archive" in done.stdout
    assert "/proc/none/travel-tui/archive.sqlite3 cannot be created" in " ".join(done.stdout.split())


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_an_answer_that_could_not_be_saved_is_printed_and_a_failure(
    endpoint: RunningEndpoint, form: tuple[str, ...]
) -> None:
    run(endpoint, "ask", "Hello")  # makes the archive, so that only the long turn does not fit
    done = limited(60_000, "ask", "I live in Oslo. " + "x" * 20_000, "--endpoint-url", endpoint.url, *form)
    assert "Oslo" in done.stdout
    assert done.returncode == 1
    assert "Error: The answer was received, but could not be saved. The archive" in done.stderr
    assert "next turn" not in done.stderr


CHECK = """\
tests:
  moved:
    sessions:
      - {memory_id: alice, turns: [{user: I live in Oslo.}], end_session: true}
      - {memory_id: alice, wait_memory: {}, turns: [{user: Where do I live?}]}
"""


def test_a_run_of_checks_that_cannot_begin_fails_and_leaves_the_run_before_as_the_last(
    endpoint: RunningEndpoint, tmp_path: Path
) -> None:
    check = tmp_path / "moved.yaml"
    check.write_text(CHECK)
    where = ("recall", "run", str(check), "--endpoint-url", endpoint.url)
    calls = endpoint.do(lambda each: len(list(each.calls)))
    nothing = limited(100, *where)
    assert (nothing.returncode, "--resume" in nothing.stderr) == (1, False), nothing.stderr
    assert "File too large. Check `ls -ld" in nothing.stderr
    assert "nothing was sent" in nothing.stderr
    assert endpoint.do(lambda each: len(list(each.calls))) == calls
    assert list(recall_results().iterdir()) == []
    (killed := recall_results() / "20260101T000000-killed.jsonl").touch()
    assert f"No results in {recall_results()} yet" in CliRunner().invoke(travel_tui, ["recall", "show", "last"]).stderr

    part = limited(1450, *where)
    assert (part.returncode, "resume with `travel-tui recall run --resume " in part.stderr) == (1, True), part.stderr
    killed.rename(killed.with_name("20990101T000000-killed.jsonl"))
    resume = ["recall", "run", "--resume", "last", "--endpoint-url", endpoint.url]
    resumed = CliRunner().invoke(travel_tui, resume)
    assert (resumed.exit_code, "undecided" in resumed.output) == (3, True), resumed.output
    again = CliRunner().invoke(travel_tui, [*resume, "--again"])
    assert again.exit_code == 0, again.output


def test_results_in_a_folder_that_takes_no_file_are_a_failure(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    check = tmp_path / "moved.yaml"
    check.write_text(CHECK)
    recall_results().parent.mkdir(parents=True)
    recall_results().symlink_to("/proc/none")
    done = CliRunner().invoke(travel_tui, ["recall", "run", str(check), "--endpoint-url", endpoint.url])
    assert (done.exit_code, "could not be written" in done.stderr) == (1, True), done.output


def test_what_was_kept_before_the_disk_was_full_stays_and_writing_goes_on_once_there_is_room() -> None:
    session = SessionKey("A/B@here", "s-1", "anna")
    with closing(Archive(archive_file(), Clock(NOON))) as archive:
        archive.open_session(session, NOON)
        archive.begin_turn(session, "I like trains.", NOON)
        with archive.exclusive() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(ArchiveError, match=r"disk of the archive .* is full\. Free some space"):
            archive.begin_turn(session, "x" * 100_000, NOON)
        assert [turn.text for turn in archive.turns(session)] == ["I like trains."]
        with archive.exclusive() as connection:
            connection.execute("PRAGMA max_page_count = 1000000")
        archive.begin_turn(session, "And planes.", NOON)
        assert [turn.text for turn in archive.turns(session)] == ["I like trains.", "And planes."]


def test_a_compiled_file_that_a_full_disk_cut_off_is_named_as_what_it_is(tmp_path: Path) -> None:
    module = Path(travel_tui_package.__file__).parent / "cli" / "sessions.py"
    compiled = tmp_path / "cache" / str(module.parent)[1:] / f"sessions.{sys.implementation.cache_tag}.pyc"
    compile_file(str(module), str(compiled))
    compiled.write_bytes(compiled.read_bytes()[:100])
    env = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([installed(), "sessions"], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 1
    assert f"compiled files in {tmp_path / 'cache'} is cut off" in done.stderr
    assert done.stderr.count("Error: ") == 1
