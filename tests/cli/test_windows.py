"""On Windows the command says where it runs, before it imports what Windows lacks."""

from __future__ import annotations

import subprocess
import sys

import pytest

BLOCKED = """
import sys
sys.platform = "win32"
for name in ("fcntl", "termios", "tty", "pty", "pwd", "grp", "resource"):
    sys.modules[name] = None
sys.argv = ["travel-tui", *sys.argv[1:]]
from travel_tui.cli import main
main()
"""


@pytest.mark.parametrize("arguments", [[], ["demo"], ["ask", "Hello"], ["--help"]])
def test_windows_is_told_to_use_wsl(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", BLOCKED, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert "WSL" in line
