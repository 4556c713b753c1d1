"""The local endpoint of a recall run: in memory, started for the run and stopped with it."""

from __future__ import annotations

import asyncio
import atexit
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from travel_tui.agent import AgentError, ErrorKind, Problem

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from travel_tui.local.models.choice import ModelChoice
    from travel_tui.local.state.folder import EndpointFile
    from travel_tui.recall.target import Target

READY_S = 20.0
DELAY_S = 0.02
"""Delay in seconds of a memory; above 0, so that a run has to wait for it as on AWS."""
_END_S = 3.0


@asynccontextmanager
async def local_target(
    faults: Sequence[str] = (),
    tz: ZoneInfo | None = None,
    model: ModelChoice | None = None,
    *,
    backend: str | None = None,
) -> AsyncIterator[Target]:
    """A target on an endpoint of its own, its built-in agent of `backend`; raises AgentError where none starts.

    Today is a day of `tz` there.

    With a recording its ids are the same every time, since they are part of what the model is asked.
    """
    from travel_tui.local.models.choice import flags_of

    flags = [part for fault in faults for part in ("--fault", fault)]
    flags += ["--tz", tz.key] if tz else []
    flags += flags_of(model)
    flags += ["--seed", "0"] if model and (model.record or model.replay) else []
    async with local_endpoint(flags) as endpoint:
        yield await endpoint_target(endpoint, backend)


@asynccontextmanager
async def local_endpoint(flags: Sequence[str] = ()) -> AsyncIterator[EndpointFile]:
    """An endpoint of its own, started with these flags of `travel-tui local`; raises AgentError where none starts."""
    with tempfile.TemporaryFile() as errors:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "travel_tui", "local", "--port", "0", "--in-memory", "--pace", "0",
            "--summary-delay", str(DELAY_S), "--extraction-delay", str(DELAY_S), "--require-key",
            "--until-stdin-closes", *flags,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
        )  # fmt: skip
        try:
            found = await _announced(child)
            if found is None:
                errors.seek(0)
                raise _not_started(errors.read().decode(errors="replace").strip())
            yield found
        finally:
            await _end(child)


async def endpoint_target(endpoint: EndpointFile, backend: str | None = None) -> Target:
    """Return the built-in agent of an endpoint that ends with the run, that of `backend`. Raises AgentError."""
    from travel_tui.backends.factory import capabilities_of, open_agent_in_thread
    from travel_tui.backends.shared.credentials import Credentials
    from travel_tui.cli.agent_options import built_in
    from travel_tui.cli.local_tool import call_answerer
    from travel_tui.recall.target import Target

    config = replace(built_in("local", backend), region=endpoint.region, endpoint_url=endpoint.url)
    keys = Credentials(endpoint.access_key_id, endpoint.secret_access_key)
    agent = await open_agent_in_thread(config, isolated=keys)
    moves: list[timedelta] = []

    async def advance(seconds: float) -> None:
        await asyncio.to_thread(_advance, endpoint, seconds)
        moves.append(timedelta(seconds=seconds))

    bookings: Path | None = None
    if config.agentcore is not None:
        bookings = Path(tempfile.mkdtemp(prefix="travel-tui-"))
        atexit.register(shutil.rmtree, bookings, ignore_errors=True)
    return Target(
        f"{config.agent_id}/{config.alias_id} on an endpoint of its own",
        agent,
        capabilities_of(config),
        advance,
        lambda: sum(moves, timedelta()),
        ends_with_run=True,
        answer_call=call_answerer(config, bookings),
    )


async def _announced(child: asyncio.subprocess.Process) -> EndpointFile | None:
    """Return the connection details that the endpoint prints once it listens."""
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
    """Advance the endpoint's clock; its control API requires the same signature as the other calls."""
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
        raise AgentError(Problem(ErrorKind.SERVICE, "The endpoint's clock could not be advanced.", why)) from error


def _not_started(why: str) -> AgentError:
    last = why.splitlines()[-1].removeprefix("Error: ") if why else f"It did not answer within {READY_S:.0f} s."
    advice = "`travel-tui local` shows the error in the terminal."
    return AgentError(Problem(ErrorKind.UNREACHABLE, "The local endpoint did not start.", last, advice))
