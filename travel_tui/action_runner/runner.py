"""Runner that keeps one warm process for a function and sends it one event at a time."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from travel_tui.action_runner.process import FunctionProcess, GoneError

INIT_S = 10.0
"""Seconds allowed for loading the code even if the function's own timeout is shorter, as in AWS."""


@dataclass(frozen=True, slots=True)
class InvocationResult:
    """Result of a call.

    `payload` is the function's return value, or on an error AWS's own shape: errorMessage, errorType, and if the
    function's code raised, requestId and stackTrace. `error` is None on success, "Unhandled" if the code raised,
    "Timeout", or AWS's name of another error, such as Runtime.ExitError. `log` is the printed output.
    """

    payload: Any
    error: str | None
    log: str
    duration_ms: float


class ActionRunner:
    """Runs the code of one function; calls are queued in the order they arrive.

    `code` is a folder or a zip file. `environment` is added to a clean one: only PATH is passed on from this process's
    environment. `memory_mb` is the function's own memory, in addition to the interpreter's. `log` receives the output
    of
    each call. Processes get their home folders in `homes`, or in the system's temporary folder. The process is started
    at
    the first call and again after a timeout, a crash or an exit.
    """

    def __init__(
        self,
        code: Path,
        handler: str = "lambda_function.lambda_handler",
        *,
        environment: Mapping[str, str],
        timeout_s: float = 180,
        memory_mb: int = 128,
        log: Callable[[str], None] | None = None,
        homes: Path | None = None,
    ) -> None:
        self._code = code.resolve()
        self._handler = handler
        self._environment = dict(environment)
        self._timeout_s = timeout_s
        self._memory_mb = memory_mb
        self._log = log
        self._homes = homes
        self._lock = asyncio.Lock()
        self._process: FunctionProcess | None = None
        self._ending: set[asyncio.Task[tuple[int, str]]] = set()
        self._closed = False

    async def warm(self) -> None:
        """Start a process ahead of the first call; code that cannot be loaded is reported by the next call."""
        async with self._lock:
            try:
                async with asyncio.timeout(self._init_s):
                    await self._ready()
            except (GoneError, TimeoutError):
                await self._end()
            except BaseException:
                self._abandon()
                raise

    async def invoke(
        self, event: Mapping[str, Any], *, function_name: str, function_arn: str, request_id: str
    ) -> InvocationResult:
        """Call the function with an event, which must be JSON; raises RuntimeError once the runner is closed.

        Cancelling a call kills its process, so that its answer cannot be mistaken for the next call's.
        """
        context = {
            "function_name": function_name,
            "function_arn": function_arn,
            "request_id": request_id,
            "memory_mb": self._memory_mb,
            "timeout_s": self._timeout_s,
        }
        content = json.dumps({"event": event, "context": context}).encode()
        async with self._lock:
            invocation = await self._call(content, request_id)
        if self._log and invocation.log:
            self._log(invocation.log)
        return invocation

    async def close(self) -> None:
        """Kill the process, even during a call, and wait until it is gone."""
        self._closed = True
        if self._process:
            self._process.let_go()
        async with self._lock:
            await self._end()
        if self._ending:
            await asyncio.wait(self._ending)

    @property
    def _init_s(self) -> float:
        return max(self._timeout_s, INIT_S)

    async def _call(self, content: bytes, request_id: str) -> InvocationResult:
        began = time.perf_counter()
        limit = self._init_s
        try:
            async with asyncio.timeout(limit):
                process = await self._ready()
            began, limit = time.perf_counter(), self._timeout_s
            async with asyncio.timeout(limit):
                answer = await process.ask(content)
            took = _since(began)
            payload, error, last = _read(answer)
        except TimeoutError:
            took = _since(began)
            _, said = await self._end()
            return InvocationResult(_timed_out(request_id, limit), "Timeout", said, took)
        except GoneError:
            took = _since(began)
            code, said = await self._end()
            return InvocationResult(_exited(request_id, code), "Runtime.ExitError", said, took)
        except BaseException:
            self._abandon()
            raise
        said = process.log()
        if last:
            await self._end()
        return InvocationResult(payload, error, said, took)

    async def _ready(self) -> FunctionProcess:
        self._check_open()
        if self._process and not self._process.alive:
            await self._end()
        if self._process is None:
            arguments = (str(self._code), self._handler, str(self._memory_mb), str(self._timeout_s))
            self._process = await FunctionProcess.start(arguments, self._clean_environment(), self._homes)
            self._check_open()
            await self._process.ready()
        return self._process

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("The runner of this function is closed.")

    async def _end(self) -> tuple[int, str]:
        """Kill the process, if there is one; return its exit code and remaining output."""
        task = self._abandon()
        return await asyncio.shield(task) if task else (0, "")

    def _abandon(self) -> asyncio.Task[tuple[int, str]] | None:
        """Start killing the process; the returned task ends when it is gone."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.let_go()
        task = asyncio.create_task(process.ended())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        return task

    def _clean_environment(self) -> dict[str, str]:
        region = self._environment.get("AWS_REGION") or self._environment.get("AWS_DEFAULT_REGION") or "us-east-1"
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self._memory_mb),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "_HANDLER": self._handler,
            **self._environment,
            # Overrides `environment`: the function must not use the credentials of the user who runs this.
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def _read(answer: bytes) -> tuple[Any, str | None, bool]:
    """Parse the child's answer: the payload, the kind of error, and whether the child exits after it."""
    try:
        told = json.loads(answer)
        return told["payload"], told["error"], told["last"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:  # the function itself wrote to the socket
        raise GoneError from error


def _timed_out(request_id: str, limit_s: float) -> dict[str, str]:
    message = f"RequestId: {request_id} Error: Task timed out after {limit_s:.2f} seconds"
    return {"errorType": "Sandbox.Timedout", "errorMessage": message}


def _exited(request_id: str, code: int) -> dict[str, str]:
    if code == 0:
        how = "Runtime exited without providing a reason"
    elif code > 0:
        how = f"Runtime exited with error: exit status {code}"
    else:
        how = f"Runtime exited with error: signal: {(signal.strsignal(-code) or str(-code)).lower()}"
    return {"errorType": "Runtime.ExitError", "errorMessage": f"RequestId: {request_id} Error: {how}"}
