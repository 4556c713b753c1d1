"""Output of doctor --probe, as a report to paste and as data: with the probe's own texts alone."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from travel_tui.cli.agent_options import endpoint_of_environment, on_this_machine
from travel_tui.cli.doctor_output import WIDEST
from travel_tui.cli.redaction import pasteable
from travel_tui.cli.wrapping import wrapped
from travel_tui.text import one_line

if TYPE_CHECKING:
    from provision.agentcore_inventory import AgentCoreReport
    from provision.probe_points import Point
    from travel_tui.config import AgentConfig

LOCAL_NOTE = "This is a local endpoint: the report says what that does, and nothing about AWS."


def report(config: AgentConfig, found: AgentCoreReport, points: Sequence[Point]) -> list[str]:
    """Format the report as lines."""
    width = min(shutil.get_terminal_size().columns, WIDEST)
    lines = list(wrapped([f"{label:<10}  {one_line(value)}" for label, value in _about(config, found).items()], width))
    for point in points:
        lines += ["", *textwrap.wrap(point.question, width)]
        told = pasteable(one_line(f"{point.answer}: {point.found}", 2000))
        lines += textwrap.wrap(told, width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    return lines


def data(config: AgentConfig, found: AgentCoreReport, points: Sequence[Point]) -> Iterator[dict[str, Any]]:
    """Yield the report as JSON data: first what was probed, then each point."""
    yield _about(config, found)
    for point in points:
        told = {"question": point.question, "answer": point.answer, "found": pasteable(point.found)}
        yield {"point": point.name, **told, "evidence": _pasteable(point.evidence)}


def _about(config: AgentConfig, found: AgentCoreReport) -> dict[str, str]:
    local = on_this_machine(config.endpoint_url or endpoint_of_environment("BEDROCK_AGENTCORE"))
    strategies = ", ".join(f"{each.name} ({each.type}) {each.namespace}" for each in found.strategies or ())
    about = {
        "probe": f"{datetime.now(UTC):%Y-%m-%d}, travel-tui {version('travel-tui')}, boto3 {version('boto3')}",
        "service": LOCAL_NOTE if local else f"AWS, {config.region or 'the Region of the AWS settings'}",
        "harness": f"version {found.version}, model {found.model}, {found.memory_kind} memory" if found.status else "",
        "strategies": strategies,
    }
    return {label: value for label, value in about.items() if value}


def _pasteable(value: Any) -> Any:
    if isinstance(value, str):
        return pasteable(value)
    if isinstance(value, dict):
        return {key: _pasteable(each) for key, each in value.items()}
    return [_pasteable(each) for each in value] if isinstance(value, list | tuple) else value
