"""The Lambda functions that action groups call, each run by an ActionRunner in its own process."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from travel_tui.action_runner import ActionRunner, InvocationResult

_MAX_WARM = 16
"""Maximum functions whose processes are kept for the next call."""


@dataclass(frozen=True, slots=True)
class FunctionCode:
    """A Lambda function as last created or changed."""

    arn: str
    name: str
    code: Path
    """The folder or zip file that contains its files."""
    handler: str = "lambda_function.lambda_handler"
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 30.0
    memory_mb: int = 256
    revision: str = ""
    """Distinguishes successive contents of the same `code` path."""


def packaged_code() -> Path:
    """Return the folder of the Lambda code shipped with travel-tui: in the installed package, else in the checkout."""
    installed = Path(str(files("travel_tui"))) / "_lambda"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[3] / "lambda"


@dataclass(slots=True)
class _Kept:
    code: FunctionCode
    runner: ActionRunner
    calls: int = 0


def log_of(invocation: InvocationResult, request_id: str, memory_mb: int) -> str:
    """Return the log of a call: what it printed, between Lambda's own lines."""
    said = invocation.log if invocation.log.endswith("\n") or not invocation.log else f"{invocation.log}\n"
    return (
        f"START RequestId: {request_id} Version: $LATEST\n{said}END RequestId: {request_id}\n"
        f"REPORT RequestId: {request_id}\tDuration: {invocation.duration_ms:.2f} ms\t"
        f"Billed Duration: {math.ceil(invocation.duration_ms)} ms\tMemory Size: {memory_mb} MB\n"
    )


class Functions:
    """Finds functions by ARN and keeps a runner for each of the most recently called ones."""

    def __init__(
        self,
        find: Callable[[str], FunctionCode | None],
        allowed: Callable[[str, str], bool] = lambda _function_arn, _agent_arn: True,
        log: Callable[[FunctionCode, str], None] = lambda _code, _text: None,
        homes: Path | None = None,
    ) -> None:
        """`allowed` checks whether a function's policy lets an agent invoke it; `log` receives a call's output.

        `homes` is the folder for the processes' home folders; None uses the system's temporary one.
        """
        self.find = find
        self.allowed = allowed
        self.log = log
        self._homes = homes
        self._kept: dict[str, _Kept] = {}
        self._closing: set[asyncio.Task[None]] = set()

    async def invoke(self, arn: str, event: Any, request_id: str) -> InvocationResult | None:
        """Invoke a function; return None if there is none with that ARN."""
        code = self.find(arn)
        if code is None:
            return None
        kept = self._keep(code)
        kept.calls += 1
        try:
            invocation = await kept.runner.invoke(
                event, function_name=code.name, function_arn=arn, request_id=request_id
            )
            self.log(code, log_of(invocation, request_id, code.memory_mb))
            return invocation
        finally:
            kept.calls -= 1
            if self._kept.get(code.arn) is not kept and not kept.calls:
                self._close(kept)

    async def warm(self, arn: str) -> None:
        """Start a function's process ahead of its first call."""
        code = self.find(arn)
        if code:
            await self._keep(code).runner.warm()

    async def close(self) -> None:
        """Stop all processes."""
        runners, self._kept = [kept.runner for kept in self._kept.values()], {}
        await asyncio.gather(*(runner.close() for runner in runners), *self._closing)

    def _keep(self, code: FunctionCode) -> _Kept:
        from travel_tui.action_runner import ActionRunner

        kept = self._kept.pop(code.arn, None)
        if kept and kept.code != code:
            self._let_go(kept)
            kept = None
        if kept is None:
            runner = ActionRunner(
                code.code,
                code.handler,
                environment=dict(code.environment),
                timeout_s=code.timeout_s,
                memory_mb=code.memory_mb,
                homes=self._homes,
            )
            kept = _Kept(code, runner)
        self._kept[code.arn] = kept  # the last entry is the most recently used
        if len(self._kept) > _MAX_WARM:
            self._let_go(self._kept.pop(next(iter(self._kept))))
        return kept

    def _let_go(self, kept: _Kept) -> None:
        """Close an evicted runner now, or when its last running call finishes."""
        if not kept.calls:
            self._close(kept)

    def _close(self, kept: _Kept) -> None:
        task = asyncio.create_task(kept.runner.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
