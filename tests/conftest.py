"""Fixtures for all tests: a fixed time zone, colours and animation, and a home folder without AWS settings."""

from __future__ import annotations

import os
import sys
import time

# Tests start some two hundred processes of the client, each of which would compile all of it again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Textual reads these at import.
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["COLORTERM"] = "truecolor"
os.environ["TERM"] = "xterm-256color"
os.environ["TZ"] = "UTC"
time.tzset()

import gc  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from functools import cache  # noqa: E402
from pathlib import Path  # noqa: E402

import pytest  # noqa: E402
from botocore.loaders import JSONFileLoader  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

from travel_tui.tui.rendering import gc_tuning  # noqa: E402

# Deadlines and the check for slow data generation use wall time: both fail on a busy machine.
settings.register_profile("travel-tui", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("travel-tui"), max_examples=30)
settings.load_profile("travel-tui")

_load_file = JSONFileLoader.load_file


@cache
def _model(path: str) -> object:
    return _load_file(JSONFileLoader(), path)


# boto3 loads a service's model once per session, and each test creates a session: a third of a provision's time.
setattr(JSONFileLoader, "load_file", lambda _, path: _model(path))  # noqa: B010 - mypy knows no such assignment


LONGEST_ID = 100
"""Characters of a parameter in the name of its test."""


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a long text by its beginning and length: each worker has all names, and sends them to the one over it."""
    if not isinstance(val, str | bytes) or len(val) <= LONGEST_ID:
        return None
    return f"{val[: LONGEST_ID // 4]!a}...{len(val)}"


def pytest_collection_finish() -> None:
    """Exclude imported objects from garbage collection: collecting the rest takes a tenth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="module")
def _collected() -> Iterator[None]:
    """Collect the garbage of a file's tests, and exclude what remains, such as service models."""
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_frozen_client(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Prevent this test's client from freezing its objects for good, and collect it; it leaves some 20 MB behind.

    While a client runs, no object becomes older than the second of the three generations, so that these two are enough.
    """
    thresholds = gc.get_threshold()
    with monkeypatch.context() as patch:
        patch.setattr(gc, "freeze", lambda: None)
        patch.setattr(gc, "unfreeze", lambda: None)
        patch.setattr(gc_tuning, "PENDING", gc_tuning.NEVER)
        yield
    gc.enable()
    if gc.get_threshold() != thresholds:
        gc.set_threshold(*thresholds)
        gc.collect(1)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a separate home folder, without any AWS settings of the user who runs the tests."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    for name in [name for name in os.environ if name.startswith("AWS_") or name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
