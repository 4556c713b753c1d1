"""Days of work in minutes: `python -m tests.soak --minutes 30 --seed 7`, for which `make soak-long` stands.

Status 1 where something was found. With the same seed the same is done in the same order; how far it comes in the time
depends on the machine.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.terminal import installed
from tests.endpoint import AGENT, EndpointProcess, endpoint_process
from tests.soak.accounts import Accounts
from tests.soak.days import Days
from tests.soak.endpoint_api import EndpointApi
from tests.soak.figures import Figures, findings
from tests.soak.user import SoakTerminal, User
from travel_tui.config import AgentConfig, save_agent
from travel_tui.paths import archive_file, config_file

WARM_UP_S = 600.0
"""Seconds that are not measured, at most a third of the run: caches fill, and threads start."""


def main() -> int:
    """Run it and print what was seen; return the exit status."""
    options = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    options.add_argument("--minutes", type=float, default=30.0)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    options.add_argument("--verbose", action="store_true", help="print each thing that is done")
    chosen = options.parse_args()
    print(f"{chosen.minutes:g} minutes, seed {chosen.seed}; `make soak-long SEED={chosen.seed}` does the same again.")
    with tempfile.TemporaryDirectory(prefix="travel-tui-soak-") as name:
        home = Path(name)
        _use_home(home)
        found = _run(home, chosen.minutes * 60, chosen.seed, verbose=chosen.verbose)
    print(*(f"FOUND: {each}" for each in found), sep="\n")
    print("Nothing was found." if not found else f"{len(found)} found.")
    return 1 if found else 0


def _run(home: Path, seconds: float, seed: int, *, verbose: bool) -> list[str]:
    log, began = home / "client.log", time.monotonic()
    with endpoint_process(home / "state", "--seed", str(seed), "--pace", "200") as endpoint:
        api = EndpointApi(endpoint.url)
        _configure(endpoint)
        with _client(log) as terminal:
            accounts = Accounts(archive_file(), api)
            user = User(terminal, accounts, home)
            user.begin()
            days = Days(user, api, random.Random(seed), verbose=verbose)
            figures = {"client": Figures(terminal.pid, home), "endpoint": Figures(endpoint.process.pid, home)}
            while time.monotonic() - began < seconds:
                days.work()
                days.night()
                accounts.hear()
                at = time.monotonic() - began
                for who, each in figures.items():
                    print(f"{at:6.0f} s  day {days.number:3}  {who:<8}  {each.take(at)}", flush=True)
                if wrong := user.wrong(log):
                    return wrong
            found = user.leave()
            accounts.hear()
        found += user.wrong(log)
    found += accounts.check()
    print(f"{days.number} days; {accounts.told()}; done: {days.told()}")
    for who, each in figures.items():
        lines, missed = findings(who, each, after_s=min(WARM_UP_S, seconds / 3))
        print(*lines, sep="\n")
        found += missed
    return found


def _use_home(home: Path) -> None:
    """Let this process and those that it starts use a home folder of their own, without any AWS settings."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "XDG_")) or name.lower().endswith("_proxy")]:
        del os.environ[name]
    for folder in ("temporary", "work"):
        (home / folder).mkdir()
    os.environ |= {"HOME": str(home), "TMPDIR": str(home / "temporary"), "AWS_EC2_METADATA_DISABLED": "true"}


def _configure(endpoint: EndpointProcess) -> None:
    ids = (AGENT["agentId"], AGENT["agentAliasId"])
    save_agent(config_file(), AgentConfig("travel", *ids, "us-east-1", endpoint_url=endpoint.url, memory_id="anna"))


@contextmanager
def _client(log: Path) -> Iterator[SoakTerminal]:
    terminal = SoakTerminal(
        installed(), "chat", "--log", str(log), "--log-level", "info",
        environment={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
    )  # fmt: skip
    try:
        yield terminal
    finally:
        terminal.close()


if __name__ == "__main__":
    sys.exit(main())
