"""What is installed: a wheel, and a wheel made from the sdist, in an environment of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal

ROOT = Path(__file__).resolve().parent.parent


def build(*arguments: str, where: Path) -> Path:
    command = [sys.executable, "-m", "build", "--no-isolation", *arguments, "--outdir", str(where)]
    subprocess.run(command, check=True, capture_output=True, cwd=where)
    (made,) = where.iterdir()
    return made


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel of the checkout, and the wheel of its sdist."""
    direct = build("--wheel", str(ROOT), where=tmp_path_factory.mktemp("direct"))
    sdist = build("--sdist", str(ROOT), where=tmp_path_factory.mktemp("sdist"))
    unpacked = tmp_path_factory.mktemp("unpacked")
    subprocess.run([sys.executable, "-m", "tarfile", "-e", str(sdist), str(unpacked)], check=True)
    (source,) = unpacked.iterdir()
    return direct, build("--wheel", str(source), where=tmp_path_factory.mktemp("indirect"))


def test_both_wheels_hold_the_same_and_all_of_it(wheels: tuple[Path, Path]) -> None:
    contents = []
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            contents.append({info.filename: info.CRC for info in archive.infolist()})
    direct, indirect = contents
    assert direct == indirect
    sources = {str(p.relative_to(ROOT)) for folder in ("travel_tui", "provision") for p in (ROOT / folder).rglob("*")}
    kept = {name for name in sources if Path(name).suffix in (".py", ".tcss", ".tsv")}
    assert kept <= set(direct)
    assert {"travel_tui/_lambda/lambda_function.py"} <= set(direct)
    assert not [name for name in direct if "__pycache__" in name or name.startswith(("tests", "bench"))]


def test_the_demo_runs_where_only_the_wheel_is_installed(wheels: tuple[Path, Path], tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    venv.create(empty, with_pip=True)
    python, constraints = str(empty / "bin" / "python"), str(ROOT / "constraints.txt")
    install = [python, "-m", "pip", "install", "-q", "-c", constraints, str(wheels[1])]
    subprocess.run(install, check=True, capture_output=True)
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "provision").mkdir(parents=True)
    (elsewhere / "provision" / "__init__.py").write_text("raise SystemExit('the wrong provision was imported')")
    before = Path.cwd()
    os.chdir(elsewhere)
    try:
        terminal = Terminal(
            str(empty / "bin" / "travel-tui"), "demo", environment={**os.environ, "TERM": "xterm-256color"}
        )
    finally:
        os.chdir(before)
    try:
        terminal.sees("Nothing is remembered yet")
        terminal.send("\t\r")
        terminal.sees("Your booking id is", "book_trip")
        terminal.send("\x11\x11")
        assert terminal.ended() == 0
    finally:
        terminal.close()
