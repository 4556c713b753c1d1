"""What a caller gets from a function that raises, cannot be loaded, or ends its process."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.action_runner.conftest import ECHO, REQUEST, Make, all_gone, call, write


async def test_an_error_of_the_function_has_the_shape_of_aws(make: Make) -> None:
    runs = make(
        """
        def handler(event, context):
            return lookup(event)
        def lookup(event):
            raise KeyError("no such trip")
        """
    )
    outcome = await call(runs)
    assert outcome.error == "Unhandled"
    assert outcome.payload["errorType"] == "KeyError"
    assert outcome.payload["errorMessage"] == "'no such trip'"
    assert outcome.payload["requestId"] == REQUEST
    assert [line.split(",")[-1].split("\n")[0] for line in outcome.payload["stackTrace"]] == [
        " in handler",
        " in lookup",
    ]
    assert "KeyError: 'no such trip'" in outcome.log
    assert outcome.log.count("  File ") == 2
    assert "child.py" not in outcome.log
    assert (await call(runs)).error == "Unhandled"


@pytest.mark.parametrize(
    ("source", "handler", "error", "message"),
    [
        (
            "import nothing_of_that_name",
            "function.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'function'",
        ),
        ("1 / 0", "function.handler", "Runtime.ImportModuleError", "division by zero"),
        ("def handler(:", "function.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'function'"),
        (
            "handler = 7",
            "function.handler",
            "Runtime.HandlerNotFound",
            "Handler 'handler' missing on module 'function'",
        ),
        ("", "handler", "Runtime.MalformedHandlerName", "Bad handler 'handler'"),
        (
            "def handler(e, c): return {1, 2}",
            "function.handler",
            "Runtime.MarshalError",
            "set is not JSON serializable",
        ),
        (
            "def handler(e, c): return 'x' * 7_000_000",
            "function.handler",
            "Function.ResponseSizeTooLarge",
            "6291556 bytes",
        ),
    ],
)
async def test_code_that_cannot_be_used_is_named_as_aws_names_it(
    make: Make, source: str, handler: str, error: str, message: str
) -> None:
    outcome = await call(make(source, handler))
    assert outcome.error == error
    assert outcome.payload["errorType"] == error
    assert message in outcome.payload["errorMessage"]


@pytest.mark.parametrize(("content", "message"), [(None, "No such file"), (b"no zip file", "Unable to unpack")])
async def test_code_that_is_not_there_or_no_zip_file_is_an_error(
    make: Make, tmp_path: Path, content: bytes | None, message: str
) -> None:
    if content:
        (tmp_path / "code.zip").write_bytes(content)
    outcome = await call(make(tmp_path / "code.zip"))
    assert outcome.error == "Runtime.ImportModuleError"
    assert message in outcome.payload["errorMessage"]


async def test_code_that_could_not_be_loaded_is_loaded_anew_for_the_next_call(make: Make, tmp_path: Path) -> None:
    code = write(tmp_path / "code", "1 / 0")
    runs = make(code)
    await runs.warm()
    assert (await call(runs)).error == "Runtime.ImportModuleError"
    write(code, "def handler(event, context): return 'mended'")
    assert (await call(runs)).payload == "mended"


@pytest.mark.parametrize(
    ("leave", "how"),
    [
        ("sys.exit(3)", "exit status 3"),
        ("sys.exit('no more')", "exit status 1"),
        ("os._exit(0)", "exited without providing a reason"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "signal: killed"),
        ("os.killpg(0, signal.SIGTERM)", "signal: terminated"),
        ("os.abort()", "signal: aborted"),
        ("os.closerange(3, 4096); signal.pause()", "signal: killed"),
    ],
)
async def test_a_process_that_ends_is_told_and_started_again(make: Make, leave: str, how: str) -> None:
    runs = make(
        f"""
        import os, signal, sys
        def handler(event, context):
            if event.get("leave"):
                print("leaving")
                {leave}
            return os.getpid()
        """
    )
    before = (await call(runs)).payload
    outcome = await call(runs, {"leave": True})
    assert outcome.error == "Runtime.ExitError"
    assert how in outcome.payload["errorMessage"]
    assert REQUEST in outcome.payload["errorMessage"]
    assert "leaving" in outcome.log
    await all_gone([before])
    assert (await call(runs)).payload != before


async def test_a_process_that_died_between_calls_is_not_noticed_by_the_next(make: Make) -> None:
    runs = make(ECHO)
    first = (await call(runs)).payload["pid"]
    os.kill(first, signal.SIGKILL)
    await all_gone([first])
    outcome = await call(runs)
    assert outcome.error is None
    assert outcome.payload["calls"] == 1
