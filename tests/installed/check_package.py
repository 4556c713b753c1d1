"""The wheel and the sdist, installed into empty environments. `make installed` runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import requires
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.docs.examples import ROOT
from tests.installed.conftest import UV, Built, build, environment, uv


def contents(wheel: Path) -> dict[str, int]:
    """The files of a wheel and their checksums."""
    with zipfile.ZipFile(wheel) as archive:
        return {info.filename: info.CRC for info in archive.infolist()}


@pytest.fixture(scope="session")
def unpacked(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is in the sdist."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(built.sdist) as archive:
        archive.extractall(folder, filter="data")
    (source,) = folder.iterdir()
    return source


def test_the_sdist_makes_the_same_wheel_and_all_of_it(built: Built, unpacked: Path, tmp_path: Path) -> None:
    held = contents(built.wheel)
    assert held == contents(build("--wheel", str(unpacked), where=tmp_path / "wheel"))
    sources = {str(p.relative_to(ROOT)) for folder in ("travel_tui", "provision") for p in (ROOT / folder).rglob("*")}
    assert {
        name
        for name in sources
        if Path(name).suffix
        in (".py", ".tcss", ".tsv", ".txt", ".gz", ".yaml", ".json", ".js", ".css", ".html", ".svg")
    } <= set(held)
    assert {"travel_tui/_lambda/lambda_function.py"} <= set(held)
    assert not [name for name in held if "__pycache__" in name or name.startswith(("tests", "bench"))]


def test_the_wheel_says_who_made_it_and_under_which_licence_and_has_types(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        (metadata,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        told = wheel.read(metadata).decode()
        assert wheel.read(f"{Path(metadata).parent}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
        assert {"travel_tui/py.typed", "provision/py.typed"} <= set(wheel.namelist())
    for line in ("Author: travel-tui contributors", "License-Expression: MIT", "Classifier: Typing :: Typed"):
        assert f"\n{line}\n" in told
    assert "# travel-tui" in told, "the README"


def test_completion_scripts_are_where_shells_look(built: Built, from_wheel: Path) -> None:
    shared = Path("share")
    places = {
        "travel-tui.bash": shared / "bash-completion" / "completions" / "travel-tui",
        "_travel-tui": shared / "zsh" / "site-functions" / "_travel-tui",
        "travel-tui.fish": shared / "fish" / "vendor_completions.d" / "travel-tui.fish",
    }
    for name, place in places.items():
        written = (ROOT / "travel_tui" / "cli" / "completions" / name).read_bytes()
        assert (from_wheel.parent / place).read_bytes() == written


def test_programs_that_import_it_are_checked_with_its_types(from_wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        "from pathlib import Path\nfrom travel_tui.config import load\nload(Path('config.toml')).no_such_name\n"
    )
    told = subprocess.run(
        [sys.executable, "-m", "mypy", "--python-executable", from_wheel / "python", "program.py"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    assert "missing library stubs" not in told
    assert 'has no attribute "no_such_name"' in told


def test_the_sdist_has_the_tests_the_docs_and_the_tools(unpacked: Path) -> None:
    folders = (".github", "tests", "docs", "bench", "examples", "findings", "lambda")
    kept = {p.relative_to(ROOT) for folder in folders for p in (ROOT / folder).rglob("*") if p.is_file()}
    there = {p.relative_to(unpacked) for folder in folders for p in (unpacked / folder).rglob("*") if p.is_file()}
    made = {"__pycache__", ".pytest_cache"}
    assert {path for path in kept if not made & set(path.parts)} == there, "other tests may compile meanwhile"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "tests/docs/test_links.py"],
        cwd=unpacked, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_sdist_has_what_its_make_needs(unpacked: Path) -> None:
    done = subprocess.run(["make", "--dry-run", "demo"], cwd=unpacked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_only_what_is_declared_is_there(from_wheel: Path) -> None:
    listed = subprocess.run(
        [from_wheel / "python", "-c", "import importlib.metadata as m; print(*(d.name for d in m.distributions()))"],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    found = {_normal(name) for name in listed}
    needed = [each for each in requires("travel-tui") or () if "extra ==" not in each]
    declared = {_normal(re.split(r"[^\w.-]", each)[0]) for each in needed}
    assert declared <= found
    assert not found & {"pytest", "moto", "mypy", "pip"}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def python(version: str) -> str | None:
    """The command of a Python of that version; None where there is none that answers."""
    found = subprocess.run(
        [UV, "python", "find", "--no-python-downloads", version], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_the_wheel_works_on_each_python(version: str, built: Built, from_wheel: Path, tmp_path: Path) -> None:
    if f"{sys.version_info.major}.{sys.version_info.minor}" == version:
        commands = from_wheel
    elif found := python(version):
        commands = environment(tmp_path / "environment", found, built.wheel)
    else:
        pytest.skip(f"there is no Python {version}")
    works(commands, tmp_path)


def test_the_sdist_works(built: Built, tmp_path: Path) -> None:
    works(environment(tmp_path / "environment", sys.executable, built.sdist), tmp_path)


def test_uv_tool_install_puts_the_command_on_the_path(built: Built, tmp_path: Path) -> None:
    variables = {
        "UV_TOOL_DIR": str(tmp_path / "tools"),
        "UV_TOOL_BIN_DIR": str(tmp_path / "bin"),
        "UV_CONSTRAINT": str(ROOT / "constraints.txt"),
    }
    uv(["tool", "install", "--python", sys.executable, str(built.wheel)], **variables)
    assert "Usage: travel-tui" in run(tmp_path / "bin", tmp_path, "--help")


def run(commands: Path, home: Path, *arguments: str) -> str:
    """What the installed travel-tui prints, in a folder that has another `provision` to import."""
    (home / "provision").mkdir(exist_ok=True)
    (home / "provision" / "__init__.py").write_text("raise SystemExit('the wrong provision was imported')")
    done = subprocess.run(
        [commands / "travel-tui", *arguments], cwd=home, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def works(commands: Path, home: Path) -> None:
    """The commands of an environment do what they should: an agent is asked, and a check holds."""
    assert "Usage: travel-tui" in run(commands, home, "--help")
    assert "Your booking id is" in run(
        commands, home, "ask", "Book a flight from Boston to NYC, July 11th 2027 to July 22nd 2027.", "--demo"
    )
    (_, advice, _) = run(commands, home, "recall", "new", "moved").split("`")
    run(commands, home, *advice.split()[1:])


def test_a_command_of_an_extra_says_what_to_install(from_wheel: Path) -> None:
    done = subprocess.run([from_wheel / "travel-tui", "serve", "demo"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "Error: serve needs the package textual-serve: `pip install 'travel-tui[serve]'`."
    ]


def test_the_demo_runs_on_a_screen(from_wheel: Path) -> None:
    demo = Terminal(str(from_wheel / "travel-tui"), "demo", environment={**os.environ, "TERM": "xterm-256color"})
    try:
        demo.sees("No memories yet")
        demo.send("\t\r")
        demo.sees("Your booking id is", "book_trip")
        demo.send("\x11\x11")
        assert demo.ended() == 0, demo.text()
    finally:
        demo.close()
