"""travel-tui doctor: check the setup and print a report that is safe to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from travel_tui.cli.doctor_probe import WAIT_S, run_probe
from travel_tui.cli.options import FiniteRange, agent_options

if TYPE_CHECKING:
    from provision.doctor_result import CheckResult
    from travel_tui.cli.agent_options import AgentSelection
    from travel_tui.config import AgentConfig


@click.command(short_help="Check your setup and suggest fixes.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON, one object per line.")
@click.option("--probe", is_flag=True, help="Find out on your harness what AWS does not document; sends three turns.")
@click.option(
    "--timeout", "timeout_s", type=FiniteRange(min=0.1), default=WAIT_S, show_default=True, metavar="SECONDS",
    help="With --probe: longest wait for records after a turn.",
)  # fmt: skip
@click.option("--yes", is_flag=True, help="With --probe: do not ask for confirmation.")
@agent_options
def doctor(as_json: bool, probe: bool, timeout_s: float, yes: bool, which: AgentSelection) -> None:
    """Check versions, config, credentials, the agent and its dependencies, the terminal and the archive.

    Nothing is changed and no model is called. The output is safe to share: account numbers are shortened, and keys are
    left out. The exit status is 1 if a problem is found.

    With --probe it does something else, after a question: it talks with your harness as a user of its own, and reports
    how the service behaves where its documentation does not say.
    """
    if probe:
        run_probe(which, yes=yes, wait_s=timeout_s, as_json=as_json)
        return
    if yes:
        raise click.UsageError("--yes is for --probe: nothing else is asked.")
    import asyncio

    from provision.doctor_result import CheckStatus
    from travel_tui.cli.command_context import print_json, status_line
    from travel_tui.cli.doctor_output import data, screen

    status_line("Checking…")
    try:
        sections = asyncio.run(check_all(which))
    finally:
        status_line()
    if as_json:
        for section, findings in sections.items():
            for finding in findings:
                print_json(data(section, finding))
    else:
        click.echo("\n".join(screen(sections)))
    if any(each.verdict is CheckStatus.BROKEN for findings in sections.values() for each in findings):
        raise SystemExit(1)


async def check_all(which: AgentSelection) -> dict[str, list[CheckResult]]:
    """Run all checks and return their results by section."""
    import asyncio

    from provision.doctor import Examination
    from travel_tui.cli.agent_options import own_memory_id
    from travel_tui.cli.doctor_local import archive, config, demo, terminal, versions
    from travel_tui.cli.doctor_models import models

    here = versions()
    configured, agent = config(which)
    at = terminal()  # before anything awaits, because it queries the terminal itself
    place = agent or _place(which)
    examined = Examination(place, place.memory_id or own_memory_id()).findings()
    aws, kept, served = await asyncio.gather(examined, archive(), models())
    return {"this program": [*here, *configured], "AWS": aws, "this machine": [*at, *kept, *demo(), *served]}


def _place(which: AgentSelection) -> AgentConfig:
    """Return the AWS location to check when there is no agent."""
    from travel_tui.config import AgentConfig

    return AgentConfig("", "", "", which.region, which.profile, which.endpoint_url)
