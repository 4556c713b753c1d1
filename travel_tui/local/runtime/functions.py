"""The Lambda functions that action groups call, each run by an ActionRunner in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from travel_tui.action_runner import ActionRunner, Invocation


@dataclass(frozen=True, slots=True)
class FunctionCode:
    """A Lambda function as it was created."""

    arn: str
    name: str
    code: Path
    """The folder that holds its files."""
    handler: str = "lambda_function.lambda_handler"
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 30.0
    memory_mb: int = 256


def packaged_code() -> Path:
    """The folder of the Lambda's code that travel-tui brings: in the installed package, else in the checkout."""
    installed = Path(str(files("travel_tui"))) / "_lambda"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[3] / "lambda"


class Functions:
    """Finds functions by ARN and keeps one runner for each that was called."""

    def __init__(self, find: Callable[[str], FunctionCode | None]) -> None:
        self._find = find
        self._runners: dict[str, ActionRunner] = {}

    async def invoke(self, arn: str, event: Mapping[str, Any], request_id: str) -> Invocation | None:
        """Invoke a function; None where there is none of that ARN."""
        code = self._find(arn)
        if code is None:
            return None
        runner = self._runner(code)
        return await runner.invoke(event, function_name=code.name, function_arn=arn, request_id=request_id)

    async def warm(self, arn: str) -> None:
        """Start a function's process ahead of its first call."""
        code = self._find(arn)
        if code:
            await self._runner(code).warm()

    async def close(self) -> None:
        """End all processes."""
        runners, self._runners = list(self._runners.values()), {}
        await asyncio.gather(*(runner.close() for runner in runners))

    def _runner(self, code: FunctionCode) -> ActionRunner:
        from travel_tui.action_runner import ActionRunner

        key = code.arn
        if key not in self._runners:
            self._runners[key] = ActionRunner(
                code.code,
                code.handler,
                environment=dict(code.environment),
                timeout_s=code.timeout_s,
                memory_mb=code.memory_mb,
            )
        return self._runners[key]
