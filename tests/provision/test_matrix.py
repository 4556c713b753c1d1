"""Every call of a provision and of a destruction fails in turn; run again, it is as if nothing had been.

All of it takes minutes and is `make soak`; `make check` draws a tenth of it, `make test` a hundredth.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from provision.errors import ProvisionError
from tests.provision.sandbox import AFTER, KINDS, WHOLE, InjectedFailure, Killed, Sandbox, counts, running_sandbox

SOAK = bool(os.environ.get("TRAVEL_TUI_SOAK"))
SEED = 7
CALLS = {"provision": 90, "destroy": 92}
"""More than either makes; a number beyond its last call is a run without a failure."""


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3 repeats calls without pausing."""
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)


def cases(what: str, share: int) -> list[InjectedFailure]:
    """The failures to try: all of them, or a seeded share of one in so many."""
    every = [InjectedFailure(kind, at) for at in range(CALLS[what]) for kind in (*KINDS, *AFTER)]
    return every if SOAK else random.Random(f"{SEED} {what} {share}").sample(every, len(every) // share)


SHARES = pytest.mark.parametrize("share", [100, pytest.param(40, marks=pytest.mark.slow)] if not SOAK else [1])


def shared(tmp_path: Path, what: str, share: int, trial: Callable[[Sandbox, InjectedFailure], None]) -> None:
    """Try each failure on the same endpoint, reset in between."""
    tried = cases(what, share)
    if SOAK:
        print(f"{what}: {len(tried)} cases", file=sys.__stderr__)
    with running_sandbox(tmp_path) as sandbox:
        for failure in tried:
            sandbox.reset()
            sandbox.config = tmp_path / f"{failure.kind}-{failure.at}" / "config.toml"
            trial(sandbox, failure)


@SHARES
def test_a_provision_that_failed_anywhere_is_completed_by_the_next(tmp_path: Path, share: int) -> None:
    def trial(sandbox: Sandbox, failure: InjectedFailure) -> None:
        with suppress(ProvisionError, Killed):
            sandbox.provision(failure=failure)
        sandbox.endpoint.do(lambda its: its.faults.clear())
        sandbox.provision()
        assert counts(sandbox.everything()) == WHOLE, failure
        assert sandbox.left_to_do() == [], failure

    shared(tmp_path, "provision", share, trial)


@SHARES
def test_a_destruction_that_failed_anywhere_is_completed_by_the_next(tmp_path: Path, share: int) -> None:
    def trial(sandbox: Sandbox, failure: InjectedFailure) -> None:
        sandbox.provision()
        with suppress(ProvisionError, Killed):
            sandbox.destroy(failure=failure)
        sandbox.endpoint.do(lambda its: its.faults.clear())
        assert sandbox.destroy() == [], failure
        assert counts(sandbox.everything()) == dict.fromkeys(WHOLE, 0), failure

    shared(tmp_path, "destroy", share, trial)


@pytest.mark.parametrize("what", CALLS)
def test_the_matrix_reaches_beyond_the_last_call(tmp_path: Path, what: str) -> None:
    with running_sandbox(tmp_path) as sandbox:
        sandbox.provision()
        made = len(sandbox.calls)
        if what == "destroy":
            sandbox.destroy()
            made = len(sandbox.calls)
        assert CALLS[what] >= made >= CALLS[what] * 0.8, made
