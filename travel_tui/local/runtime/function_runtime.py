"""The agent runtime's view of Lambda functions, by ARN: code to run, invoke permission, log."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from travel_tui.local.runtime import policy
from travel_tui.local.runtime.functions import FunctionCode
from travel_tui.local.runtime.log_groups import ensure_group
from travel_tui.local.state.function_code import CodeStore
from travel_tui.local.state.logs import LogEvents
from travel_tui.local.state.resources import Resources, resources_everywhere
from travel_tui.local.state.scope import scope_of_arn

if TYPE_CHECKING:
    from travel_tui.local.state.database import Database
    from travel_tui.local.state.folder import EndpointFile
    from travel_tui.local.state.resources import Document
    from travel_tui.local.time import EndpointClock

KIND = "function"


class FunctionRuntime:
    """The functions that were uploaded to an endpoint."""

    def __init__(
        self,
        clock: EndpointClock,
        database: Database,
        scratch: Path,
        announced: Callable[[], EndpointFile | None],
    ) -> None:
        """`scratch` holds the code that runs; `announced` tells where the endpoint listens, once it does."""
        self.code = CodeStore(database)
        self._clock = clock
        self._database = database
        self._announced = announced
        self._scratch = scratch
        self._running: set[asyncio.Task[Any]] = set()

    def find(self, arn: str) -> FunctionCode | None:
        """Return a function's runnable code; None if there is none with that ARN, or it is not ready."""
        function = self._function(arn)
        if function is None or function["State"] != "Active":
            return None
        return FunctionCode(
            arn=function["FunctionArn"],
            name=function["FunctionName"],
            code=self._file(function["sha256"]),
            handler=function["Handler"],
            environment=self._environment(function),
            timeout_s=function["Timeout"],
            memory_mb=function["MemorySize"],
            revision=function["sha256"],
        )

    def allows(self, function_arn: str, agent_arn: str) -> bool:
        """Whether a function's policy lets an agent invoke it."""
        function = self._function(function_arn)
        context = {"aws:sourcearn": agent_arn, "aws:sourceaccount": scope_of_arn(agent_arn).account}
        document = {"Statement": function["statements"] if function else []}
        return policy.allows(document, "bedrock.amazonaws.com", "lambda:InvokeFunction", context)

    def keep_log(self, code: FunctionCode, text: str) -> None:
        """Keep what a call printed in the function's log group, which is made where it is missing."""
        now = self._clock.now()
        group = f"/aws/lambda/{code.name}"
        scope = scope_of_arn(code.arn)
        ensure_group(Resources(self._database, scope), scope, group, now)
        sandbox = hashlib.md5(f"{code.arn} {code.revision}".encode(), usedforsecurity=False).hexdigest()
        stream = f"{now:%Y/%m/%d}/[$LATEST]{sandbox}"
        LogEvents(self._database, scope).add(group, stream, int(now.timestamp() * 1000), text)

    def drop(self, sha256: str) -> None:
        """Delete code that no function uses any more."""
        if not any(function["sha256"] == sha256 for function in resources_everywhere(self._database, KIND)):
            self.code.delete(sha256)
            self._path(sha256).unlink(missing_ok=True)

    def in_background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run an asynchronous call."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        """Cancel the asynchronous calls."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _function(self, arn: str) -> Document | None:
        parts = arn.split(":")
        if len(parts) != 7 and parts[7:] != ["$LATEST"]:
            return None
        return Resources(self._database, scope_of_arn(arn)).get(KIND, parts[6])

    def _path(self, sha256: str) -> Path:
        return self._scratch / f"code-{sha256}.zip"

    def _file(self, sha256: str) -> Path:
        path = self._path(sha256)
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(self.code.get(sha256) or b"")
        return path

    def _environment(self, function: Document) -> dict[str, str]:
        environment = {
            "AWS_LAMBDA_FUNCTION_NAME": function["FunctionName"],
            "AWS_REGION": scope_of_arn(function["FunctionArn"]).region,
            "AWS_DEFAULT_REGION": scope_of_arn(function["FunctionArn"]).region,
        }
        here = self._announced()
        if here:  # what its code asks of AWS is asked here, with this endpoint's own key
            environment |= {
                "AWS_ENDPOINT_URL": here.url,
                "AWS_ACCESS_KEY_ID": here.access_key_id,
                "AWS_SECRET_ACCESS_KEY": here.secret_access_key,
            }
        own: dict[str, str] = function.get("Environment", {}).get("Variables", {})
        return environment | own
