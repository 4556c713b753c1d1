"""travel-tui doctor --probe: find out on one's own harness what AWS does not document, and print a report."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from provision.agentcore_inventory import AgentCoreReport
    from provision.probe import Probe
    from travel_tui.agentcore_config import AgentCoreConfig
    from travel_tui.cli.agent_options import AgentSelection
    from travel_tui.config import AgentConfig

WAIT_S = 300.0
"""Seconds to wait for records after a turn: on AWS, facts take about a minute."""


def run_probe(which: AgentSelection, *, yes: bool, wait_s: float, as_json: bool) -> None:
    """Ask, probe the harness and print the report. Raises click's exceptions, also if something may be left."""
    from travel_tui.cli.command_context import confirm, print_json, run, status_line, warn
    from travel_tui.cli.probe_output import data, report
    from travel_tui.cli.redaction import pasteable

    config = which.require("--backend agentcore with --endpoint-url names the harness of `travel-tui local`")
    target = config.agentcore
    if target is None or target.harness_arn is None:
        raise click.UsageError(
            f"--probe finds out about harnesses of AgentCore, and {config.name} has none. Name one with --agent; "
            "`travel-tui connect --harness ARN` adds one to the config."
        )
    question = (
        f"Probe the harness {config.agent_id}? This sends up to three turns, which its model charges for, as a user of "
        f"its own, waits up to {wait_s:.0f} s after two of them, and then deletes this user's events and records."
    )
    if not confirm(question, yes=yes):
        raise click.ClickException("Nothing was sent.")
    found, probe = run(_prepared(config, target, wait_s))
    removal = f"`travel-tui memory delete --memory {probe.memory_id}{which.options}` deletes it."
    warn(f"The probe's user is {probe.memory_id}. Should anything of it be left, {removal}")
    try:
        points = run(probe.run(), stopped="Stopped.")
    finally:
        status_line()
        if probe.left:
            warn(pasteable(f"Some of the probe may be left: {probe.left} {removal}"))
    if as_json:
        for each in data(config, found, points):
            print_json(each)
    else:
        click.echo("\n".join(report(config, found, points)))
    if probe.left:
        raise SystemExit(1)


async def _prepared(config: AgentConfig, target: AgentCoreConfig, wait_s: float) -> tuple[AgentCoreReport, Probe]:
    """Return a report on the harness, and the probe; nothing is sent in its name. Raises AgentError."""
    from provision.agentcore_inventory import AgentCoreAccount
    from provision.connect import Account
    from provision.probe import Probe
    from travel_tui.backends.factory import open_agent_in_thread
    from travel_tui.backends.shared.threads import in_thread
    from travel_tui.clock import Clock
    from travel_tui.ids import Ids

    account = await in_thread(lambda: Account(config.profile, config.region, config.endpoint_url))
    found = await in_thread(lambda: AgentCoreAccount(account).look(target.harness_arn, target.agentcore_memory_id))
    agent = await open_agent_in_thread(config)
    return found, Probe(agent, account, target, Ids(), Clock().now(), wait_s=wait_s, say=_say)


def _say(text: str) -> None:
    from travel_tui.cli.command_context import status_line

    if sys.stderr.isatty():
        status_line(text)
    else:
        click.echo(text, err=True)
