"""Writing to a path that the user gave: files are replaced whole, everything else is written to and stays."""

from __future__ import annotations

import os
import pty
import stat
import subprocess
import sys
import tty
from pathlib import Path

import pytest

from travel_tui.paths import write_whole

TEXT = "# Memory anna\n"
WRITE = f"""
import sys
from pathlib import Path
from travel_tui.paths import write_whole
write_whole(Path(sys.argv[1]), {TEXT!r})
"""


def in_shell(arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Write to a path as a shell names it."""
    command = f"'{sys.executable}' -c \"$0\" {arguments}"
    return subprocess.run(
        ["bash", "-c", command, WRITE], capture_output=True, text=True, timeout=60, check=False, cwd=folder
    )


def test_a_file_is_replaced_whole_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    file, link = tmp_path / "kept.md", tmp_path / "link.md"
    file.write_text("before")
    link.symlink_to(file)
    write_whole(link, TEXT)
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == (TEXT, 0o600)
    assert link.is_symlink()
    assert sorted(tmp_path.glob("*.md")) == [file, link]


@pytest.mark.parametrize("linked", [False, True])
def test_a_named_pipe_stays_one_and_its_reader_gets_the_text(tmp_path: Path, linked: bool) -> None:
    pipe = named = tmp_path / "pipe"
    os.mkfifo(pipe)
    if linked:
        named = tmp_path / "link"
        named.symlink_to(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)  # opened first, so that the writer waits for nobody
    write_whole(named, TEXT)
    assert pipe.is_fifo()
    assert os.read(reader, 1000).decode() == TEXT
    assert named.is_symlink() is linked
    os.close(reader)


def test_a_device_behind_a_link_stays_one(tmp_path: Path) -> None:
    terminal, device = pty.openpty()  # a device of the test's own, which nobody misses
    tty.setraw(device)
    link = tmp_path / "link"
    link.symlink_to(os.ttyname(device))
    write_whole(link, TEXT)
    assert os.read(terminal, 1000).decode() == TEXT
    assert stat.S_ISCHR(link.stat().st_mode)
    assert link.is_symlink()
    os.close(terminal)
    os.close(device)


@pytest.mark.parametrize(
    "arguments", ["/dev/stdout | cat", "/dev/fd/3 3>&1 >/dev/null | cat", ">(cat >made); wait $!; cat made"]
)
def test_pipes_of_the_shell_take_it(tmp_path: Path, arguments: str) -> None:
    done = in_shell(arguments, tmp_path)
    assert (done.stdout, done.stderr) == (TEXT, "")


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_that_is_appended_to_a_file_leaves_what_the_file_has(tmp_path: Path, name: str) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    done = in_shell(f"{name} >>log", tmp_path)
    assert done.stderr == ""
    assert log.read_text() == f"before\n{TEXT}"


def test_a_folder_is_refused_and_stays(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole(folder, TEXT)
    assert [each.name for each in tmp_path.iterdir() if each.name != "home"] == ["folder"]
