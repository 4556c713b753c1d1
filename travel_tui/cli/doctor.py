"""travel-tui doctor: one screen on which one sees what is missing, safe to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import which_agent

if TYPE_CHECKING:
    from provision.finding import Finding
    from travel_tui.cli.which import Which
    from travel_tui.config import AgentConfig


@click.command(short_help="Look at what there is, and say what to do.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON, one object a line.")
@which_agent
def doctor(as_json: bool, which: Which) -> None:
    """Look at versions, config, credentials, the agent and all it needs, the terminal and the archive.

    Nothing is changed and no model is called. What is printed can be pasted: account numbers are shortened, and there
    are no keys in it. The exit status is 1 where something is broken.
    """
    import asyncio

    from provision.finding import Verdict
    from travel_tui.cli.doctor_text import data, screen
    from travel_tui.cli.headless import passing, print_json

    passing("Looking…")
    try:
        sections = asyncio.run(_sections(which))
    finally:
        passing()
    if as_json:
        for section, findings in sections.items():
            for finding in findings:
                print_json(data(section, finding))
    else:
        click.echo("\n".join(screen(sections)))
    if any(each.verdict is Verdict.BROKEN for findings in sections.values() for each in findings):
        raise SystemExit(1)


async def _sections(which: Which) -> dict[str, list[Finding]]:
    """All that was found, by the part of the screen."""
    import asyncio

    from provision.doctor import Examination
    from travel_tui.cli.doctor_here import archive, config, terminal, versions
    from travel_tui.cli.which import own_memory_id

    here = versions()
    configured, agent = config(which)
    at = terminal()  # before anything waits: it asks the terminal itself
    place = agent or _place(which)
    aws, kept = await asyncio.gather(Examination(place, place.memory_id or own_memory_id()).findings(), archive())
    return {"this program": [*here, *configured], "AWS": aws, "this machine": [*at, *kept]}


def _place(which: Which) -> AgentConfig:
    """Where to look without an agent."""
    from travel_tui.config import AgentConfig

    return AgentConfig("", "", "", which.region, which.profile, which.endpoint_url)
