"""The endpoint that a recall run starts for itself: in memory, at once, and gone with the run."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from travel_tui.agent import AgentError, Cause, Trouble

if TYPE_CHECKING:
    from travel_tui.local.state.folder import EndpointFile
    from travel_tui.recall.target import Target

READY_S = 20.0
SUMMARY_DELAY_S = 0.02
"""Long enough that a summary is not there at once, which a run has to bear."""
_END_S = 3.0


@asynccontextmanager
async def local_target(faults: Sequence[str] = ()) -> AsyncIterator[Target]:
    """A target on an endpoint of its own; raises AgentError where none starts."""
    from travel_tui.bedrock.client import Credentials, open_agent_in_thread
    from travel_tui.config import AgentConfig
    from travel_tui.recall.target import Target

    with tempfile.TemporaryFile() as errors:
        flags = [part for fault in faults for part in ("--fault", fault)]
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "travel_tui", "local", "--port", "0", "--in-memory", "--pace", "0",
            "--summary-delay", str(SUMMARY_DELAY_S), "--require-key", "--until-stdin-closes", *flags,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
        )  # fmt: skip
        try:
            found = await _announced(child)
            if found is None:
                errors.seek(0)
                raise _not_started(errors.read().decode(errors="replace").strip())
            config = AgentConfig("local", "TRAVELDEMO", "TSTALIASID", region=found.region, endpoint_url=found.url)
            keys = Credentials(found.access_key_id, found.secret_access_key)
            agent = await open_agent_in_thread(config, isolated=keys)

            async def advance(seconds: float) -> None:
                await asyncio.to_thread(_advance, found, seconds)

            yield Target("TRAVELDEMO/TSTALIASID on an endpoint of its own", agent, advance)
        finally:
            await _end(child)


async def _announced(child: asyncio.subprocess.Process) -> EndpointFile | None:
    """What the endpoint says of itself once it listens."""
    from pathlib import Path

    from travel_tui.local.state.folder import read_endpoint_file

    if child.stdout is None:
        return None
    try:
        async with asyncio.timeout(READY_S):
            await child.stdout.readline()
            line = (await child.stdout.readline()).decode().strip()
    except TimeoutError:
        return None
    return read_endpoint_file(Path(line.removeprefix("its key is in ")).parent) if line else None


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.stdin is not None:
        child.stdin.close()
    try:
        await asyncio.wait_for(child.wait(), _END_S)
    except TimeoutError:
        child.kill()
        await child.wait()


def _advance(endpoint: EndpointFile, seconds: float) -> None:
    """Move the endpoint's clock on; its own API wants the same signature as all else."""
    import urllib.request

    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    url = f"{endpoint.url}/_local/advance"
    request = AWSRequest("POST", url, data=json.dumps({"seconds": seconds}).encode())
    keys = Credentials(endpoint.access_key_id, endpoint.secret_access_key)
    SigV4Auth(keys, "bedrock", endpoint.region).add_auth(request)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, request.data, dict(request.headers)), timeout=READY_S):  # noqa: S310 - loopback
            pass
    except OSError as error:
        why = f"{url}: {error}."
        raise AgentError(Trouble(Cause.SERVICE, "The endpoint's clock was not moved on.", why)) from error


def _not_started(why: str) -> AgentError:
    last = why.splitlines()[-1] if why else f"It did not answer within {READY_S:.0f} s."
    advice = "`travel-tui local` shows in the terminal what is wrong."
    return AgentError(Trouble(Cause.UNREACHABLE, "The local endpoint did not start.", last, advice))
