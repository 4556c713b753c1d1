"""Every call of a provision and of a destruction fails in turn; run again, it is as if nothing had been.

All of it takes minutes and is `make soak`; `make check` draws a fortieth of it, `make test` fewer still.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from provision.errors import ProvisionError
from provision.spec import Spec
from tests.provision.sandbox import (
    AFTER,
    HARNESS_SPEC,
    KINDS,
    SPEC,
    WHOLE,
    WHOLE_HARNESS,
    InjectedFailure,
    Killed,
    Sandbox,
    counts,
    running_sandbox,
)

SOAK = bool(os.environ.get("TRAVEL_TUI_SOAK"))
SEED = 7
CALLS = {"provision": 80, "destroy": 80}
"""More than either makes; a number beyond its last call is a run without failure."""
HARNESS_CALLS = {"provision": 98, "destroy": 94}
"""The same on AgentCore."""


@dataclass(frozen=True)
class Case:
    """What is provisioned, what there is then, and how many calls that and its destruction take at most."""

    name: str
    spec: Spec
    whole: dict[str, int]
    calls: dict[str, int]
    rarer: int = 1
    """How much fewer cases are drawn: most resources are the agent's too."""


CASES = (Case("agent", SPEC, WHOLE, CALLS), Case("harness", HARNESS_SPEC, WHOLE_HARNESS, HARNESS_CALLS, rarer=4))


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3 repeats calls without pausing."""
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)


def cases(case: Case, what: str, share: int) -> list[InjectedFailure]:
    """The troubles to try: all of them, or a seeded share of one in so many."""
    every = [InjectedFailure(kind, at) for at in range(case.calls[what]) for kind in (*KINDS, *AFTER)]
    return (
        every if SOAK else random.Random(f"{SEED} {what} {share}").sample(every, -(-len(every) // (share * case.rarer)))
    )


SHARES = pytest.mark.parametrize("share", [150, pytest.param(40, marks=pytest.mark.slow)] if not SOAK else [1])
ON_BOTH = pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)


def shared(
    tmp_path: Path, case: Case, what: str, share: int, trial: Callable[[Sandbox, InjectedFailure], None]
) -> None:
    """Try each failure on the same endpoint, reset in between."""
    tried = cases(case, what, share)
    if SOAK:
        print(f"{case.name} {what}: {len(tried)} cases", file=sys.__stderr__)
    with running_sandbox(tmp_path) as sandbox:
        for failure in tried:
            sandbox.reset()
            sandbox.config = tmp_path / f"{failure.kind}-{failure.at}" / "config.toml"
            trial(sandbox, failure)


@SHARES
@ON_BOTH
def test_a_provision_that_failed_anywhere_is_completed_by_the_next(tmp_path: Path, case: Case, share: int) -> None:
    def trial(sandbox: Sandbox, failure: InjectedFailure) -> None:
        with suppress(ProvisionError, Killed):
            sandbox.provision(case.spec, failure)
        sandbox.endpoint.do(lambda its: its.faults.clear())
        sandbox.provision(case.spec)
        assert counts(sandbox.everything()) == case.whole, failure
        assert sandbox.left_to_do(case.spec) == [], failure

    shared(tmp_path, case, "provision", share, trial)


@SHARES
@ON_BOTH
def test_a_destruction_that_failed_anywhere_is_completed_by_the_next(tmp_path: Path, case: Case, share: int) -> None:
    def trial(sandbox: Sandbox, failure: InjectedFailure) -> None:
        sandbox.provision(case.spec)
        with suppress(ProvisionError, Killed):
            sandbox.destroy(case.spec, failure)
        sandbox.endpoint.do(lambda its: its.faults.clear())
        assert sandbox.destroy(case.spec) == [], failure
        assert counts(sandbox.everything()) == dict.fromkeys(case.whole, 0), failure

    shared(tmp_path, case, "destroy", share, trial)


@ON_BOTH
def test_the_matrix_reaches_beyond_the_last_call(tmp_path: Path, case: Case) -> None:
    with running_sandbox(tmp_path) as sandbox:
        sandbox.provision(case.spec)
        made = {"provision": len(sandbox.calls)}
        sandbox.destroy(case.spec)
        made["destroy"] = len(sandbox.calls)
        assert all(most >= made[what] >= most * 0.8 for what, most in case.calls.items()), made
