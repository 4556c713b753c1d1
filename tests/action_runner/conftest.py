"""Makes runners of a few lines of source, and looks whether a process is still there."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import textwrap
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from travel_tui.action_runner import ActionRunner, InvocationResult

ARN = "arn:aws:lambda:us-east-1:123456789012:function:trips"
REQUEST = "7a1c9f6e-0d7a-4c9e-9f6b-3f6f2f1f0d11"

Make = Callable[..., ActionRunner]


@pytest.fixture
async def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Make]:
    """Makes runners of the given source, and holds that nothing of them is left when they are closed."""
    homes = tmp_path / "homes"
    homes.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(homes))
    made: list[ActionRunner] = []

    def of(source: str | Path, handler: str = "function.handler", **options: Any) -> ActionRunner:
        code = source if isinstance(source, Path) else write(tmp_path / f"code{len(made)}", source)
        options.setdefault("environment", {})
        options.setdefault("timeout_s", 20.0)
        made.append(ActionRunner(code, handler, **options))
        return made[-1]

    yield of
    for each in made:
        await each.close()
    assert list(homes.iterdir()) == []


def write(folder: Path, source: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "function.py").write_text(textwrap.dedent(source))
    return folder


async def call(runs: ActionRunner, event: dict[str, Any] | None = None) -> InvocationResult:
    return await runs.invoke(event or {}, function_name="trips", function_arn=ARN, request_id=REQUEST)


def runs_still(pid: int) -> bool:
    """Whether the process exists and is more than an entry that waits to be collected."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip() != "" and not done.stdout.startswith("Z")


async def eventually(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        await asyncio.sleep(0.01)


async def all_gone(pids: list[int]) -> None:
    await eventually(lambda: not any(runs_still(pid) for pid in pids))


ECHO = """
    import os
    calls = 0
    def handler(event, context):
        global calls
        calls += 1
        print("called with", sorted(event))
        return {"event": event, "calls": calls, "pid": os.getpid()}
"""
