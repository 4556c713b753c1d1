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
from tests.provision.site import (
    AFTER,
    HARNESS_SPEC,
    KINDS,
    SPEC,
    WHOLE,
    WHOLE_HARNESS,
    Killed,
    Site,
    Trouble,
    counts,
    site,
)

SOAK = bool(os.environ.get("TRAVEL_TUI_SOAK"))
SEED = 7
CALLS = {"provision": 80, "destroy": 80}
"""More than either makes; a number beyond its last call is a run without trouble."""
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


def cases(case: Case, what: str, share: int) -> list[Trouble]:
    """The troubles to try: all of them, or a seeded share of one in so many."""
    every = [Trouble(kind, at) for at in range(case.calls[what]) for kind in (*KINDS, *AFTER)]
    return (
        every if SOAK else random.Random(f"{SEED} {what} {share}").sample(every, -(-len(every) // (share * case.rarer)))
    )


SHARES = pytest.mark.parametrize("share", [150, pytest.param(40, marks=pytest.mark.slow)] if not SOAK else [1])
ON_BOTH = pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)


def shared(tmp_path: Path, case: Case, what: str, share: int, trial: Callable[[Site, Trouble], None]) -> None:
    """Try each trouble on the same endpoint, reset in between."""
    tried = cases(case, what, share)
    if SOAK:
        print(f"{case.name} {what}: {len(tried)} cases", file=sys.__stderr__)
    with site(tmp_path) as here:
        for trouble in tried:
            here.reset()
            here.config = tmp_path / f"{trouble.kind}-{trouble.at}" / "config.toml"
            trial(here, trouble)


@SHARES
@ON_BOTH
def test_a_provision_that_failed_anywhere_is_completed_by_the_next(tmp_path: Path, case: Case, share: int) -> None:
    def trial(here: Site, trouble: Trouble) -> None:
        with suppress(ProvisionError, Killed):
            here.provision(case.spec, trouble)
        here.endpoint.do(lambda its: its.faults.clear())
        here.provision(case.spec)
        assert counts(here.everything()) == case.whole, trouble
        assert here.left_to_do(case.spec) == [], trouble

    shared(tmp_path, case, "provision", share, trial)


@SHARES
@ON_BOTH
def test_a_destruction_that_failed_anywhere_is_completed_by_the_next(tmp_path: Path, case: Case, share: int) -> None:
    def trial(here: Site, trouble: Trouble) -> None:
        here.provision(case.spec)
        with suppress(ProvisionError, Killed):
            here.destroy(case.spec, trouble)
        here.endpoint.do(lambda its: its.faults.clear())
        assert here.destroy(case.spec) == [], trouble
        assert counts(here.everything()) == dict.fromkeys(case.whole, 0), trouble

    shared(tmp_path, case, "destroy", share, trial)


@ON_BOTH
def test_the_matrix_reaches_beyond_the_last_call(tmp_path: Path, case: Case) -> None:
    with site(tmp_path) as here:
        here.provision(case.spec)
        made = {"provision": len(here.calls)}
        here.destroy(case.spec)
        made["destroy"] = len(here.calls)
        assert all(most >= made[what] >= most * 0.8 for what, most in case.calls.items()), made
