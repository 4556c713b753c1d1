"""What provision is to build, from its options, and the options that say the same again."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from travel_tui.agentcore_config import AGENTCORE
from travel_tui.config import BACKENDS

if TYPE_CHECKING:
    from provision.provisioning import Where
    from provision.spec import Spec

_MAX_BYTES = 100_000
"""Maximum size of an instruction file that is read; an instruction of 4,000 characters has at most 16,000 bytes."""
MODEL = "us.anthropic.claude-sonnet-4-6"
_MODEL_ID = r"[0-9a-zA-Z.:/_-]{1,2048}"
"""CreateAgent's pattern for foundationModel, from botocore's model."""
NAME, AGENTCORE_NAME = "travel-assistant-with-memory", "travel-harness"
"""Default names. They differ, since both services' agents have a function and a table by their name."""
_NAME = r"([0-9a-zA-Z][_-]?){1,100}"
"""Pattern for names of agents and aliases, from botocore's model."""
STORAGE_DAYS = 30
"""Days that memory is kept, unless --storage-days says otherwise."""


def default_name(backend: str) -> str:
    """Return the name of an agent that was given none."""
    return AGENTCORE_NAME if backend == AGENTCORE else NAME


def command(where: Where, given: Mapping[str, Any]) -> str:
    """Return the command that provisions with these options; defaults are left out, except the name."""
    instruction = given["instruction"].name if given["instruction"] else None
    classic = given["backend"] != AGENTCORE
    values = {
        "--backend": given["backend"] if given["backend"] != BACKENDS[0] else None,
        "--name": given["name"],
        "--model": given["model"] if given["model"] != MODEL else None,
        "--instruction": instruction,
        "--storage-days": given["storage_days"] if given["storage_days"] != STORAGE_DAYS else None,
        "--recent-sessions": given["recent_sessions"] if classic else None,
        "--alias": given["alias"] if classic else None,
        "--memory": given["memory_id"],
        "--config": given["config"],
    }
    parts = [f"{option} {shlex.quote(str(value))}" for option, value in values.items() if value is not None]
    parts += ["--no-table"] if given["no_table"] else []
    return f"{' '.join(['travel-tui provision', *parts])}{where.options}"


def spec_of(account_of: Callable[[], tuple[str, str, str]], name: str, wanted: dict[str, Any]) -> Spec:
    """Return the specification given by the options, for the Region, account and partition of `account_of`."""
    from provision.spec import INSTRUCTION, Spec
    from travel_tui.cli.plain_text import plain_text

    for option, value, most in (("--name", name, 80), ("--alias", wanted["alias"], 100)):
        if value is not None and (not re.fullmatch(_NAME, value) or len(value) > most):
            raise click.UsageError(
                f"{option} may have letters, digits, single hyphens and underscores, at most {most} characters."
            )
    if not re.fullmatch(_MODEL_ID, wanted["model"]):
        raise click.UsageError(f"--model is {wanted['model']!r}. Expected: an id or ARN such as {MODEL}.")
    instruction = INSTRUCTION
    if file := wanted["instruction"]:
        content = file.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            raise click.UsageError(
                f"An instruction has 40 to 4,000 characters; this file has over {_MAX_BYTES:,} bytes."
            )
        instruction = plain_text(content, "The instruction")
    if not 40 <= len(instruction) <= 4000:
        raise click.UsageError(f"An instruction has 40 to 4,000 characters; this one has {len(instruction):,}.")
    region, account, partition = account_of()
    return Spec(
        region=region,
        account=account,
        partition=partition,
        name=name,
        model=wanted["model"],
        instruction=instruction,
        storage_days=wanted["storage_days"],
        recent_sessions=wanted["recent_sessions"],
        table=not wanted["no_table"],
        alias=wanted["alias"],
        backend=wanted["backend"],
    )
