"""What is built of this checkout, and empty environments with it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.examples import ROOT

OUTSIDE = dict(os.environ)
"""The variables of whoever runs the tests, with their home: what is downloaded once is in a cache there."""
UV = str(Path(sys.executable).with_name("uv"))


@dataclass(frozen=True, slots=True)
class Built:
    """What people install."""

    wheel: Path
    sdist: Path


def build(*arguments: str, where: Path) -> Path:
    """What `python -m build` makes."""
    command = [sys.executable, "-m", "build", "--no-isolation", *arguments, "--outdir", str(where)]
    where.mkdir(exist_ok=True)
    subprocess.run(command, check=True, capture_output=True, cwd=where)
    (made,) = where.iterdir()
    return made


def environment(folder: Path, python: str, distribution: Path, *extras: str) -> Path:
    """The folder of commands of a new environment that has a distribution and what it declares, and nothing else.

    Without `extras` that is what it needs always.
    """
    uv(["venv", "--python", python, str(folder)])
    commands = folder / "bin"
    named = f"{distribution}[{','.join(extras)}]" if extras else str(distribution)
    uv(["pip", "install", "--python", str(commands / "python"), "-c", str(ROOT / "constraints.txt"), named])
    return commands


def uv(arguments: list[str], **variables: str) -> None:
    """Run uv; what it says is shown where it fails."""
    done = subprocess.run([UV, *arguments], env={**OUTSIDE, **variables}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(
        build("--wheel", str(ROOT), where=tmp_path_factory.mktemp("wheel")),
        build("--sdist", str(ROOT), where=tmp_path_factory.mktemp("sdist")),
    )


@pytest.fixture(scope="session")
def from_wheel(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of an environment with the wheel."""
    return environment(tmp_path_factory.mktemp("from_wheel"), sys.executable, built.wheel)


@pytest.fixture(scope="session")
def with_pytest(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of an environment with the wheel and its plugin for pytest."""
    return environment(tmp_path_factory.mktemp("with_pytest"), sys.executable, built.wheel, "pytest")
