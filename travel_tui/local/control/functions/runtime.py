"""What the runtime asks of Lambda functions: their code as it is to be run, who may invoke them, their log."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from travel_tui.local.control import policy
from travel_tui.local.control.log_groups import ensure_group
from travel_tui.local.runtime.functions import FunctionCode
from travel_tui.local.settings import ACCOUNT
from travel_tui.local.state.function_code import CodeStore

if TYPE_CHECKING:
    from travel_tui.local.endpoint import Endpoint
    from travel_tui.local.state.database import Database
    from travel_tui.local.state.resources import Document, Resources

KIND = "function"


class FunctionRuntime:
    """The functions that were uploaded to an endpoint."""

    def __init__(self, endpoint: Endpoint, resources: Resources, database: Database, scratch: Path) -> None:
        self.code = CodeStore(database)
        self._endpoint = endpoint
        self._resources = resources
        self._scratch = scratch
        self._running: set[asyncio.Task[Any]] = set()

    def find(self, arn: str) -> FunctionCode | None:
        """A function as it is to be run; None where there is none of that ARN, or none that is ready."""
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
        context = {"aws:sourcearn": agent_arn, "aws:sourceaccount": ACCOUNT}
        document = {"Statement": function["statements"] if function else []}
        return policy.allows(document, "bedrock.amazonaws.com", "lambda:InvokeFunction", context)

    def keep_log(self, code: FunctionCode, text: str) -> None:
        """Keep what a call printed in the function's log group, which is made where it is missing."""
        now = self._endpoint.clock.now()
        group = f"/aws/lambda/{code.name}"
        ensure_group(self._endpoint, group)
        sandbox = hashlib.md5(f"{code.arn} {code.revision}".encode(), usedforsecurity=False).hexdigest()
        stream = f"{now:%Y/%m/%d}/[$LATEST]{sandbox}"
        self._endpoint.control.logs.add(group, stream, int(now.timestamp() * 1000), text)

    def drop(self, sha256: str) -> None:
        """Forget code that no function has any more."""
        if not any(function["sha256"] == sha256 for function in self._resources.all(KIND)):
            self.code.delete(sha256)
            self._path(sha256).unlink(missing_ok=True)

    def in_background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run a call that nobody waits for."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        """End the calls that nobody waits for."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _function(self, arn: str) -> Document | None:
        parts = arn.split(":")
        return self._resources.get(KIND, parts[6]) if len(parts) == 7 or parts[7:] == ["$LATEST"] else None

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
            "AWS_REGION": self._endpoint.settings.region,
        }
        here = self._endpoint.announced
        if here:  # what its code asks of AWS is asked here, with this endpoint's own key
            environment |= {
                "AWS_ENDPOINT_URL": here.url,
                "AWS_ACCESS_KEY_ID": here.access_key_id,
                "AWS_SECRET_ACCESS_KEY": here.secret_access_key,
            }
        own: dict[str, str] = function.get("Environment", {}).get("Variables", {})
        return environment | own
