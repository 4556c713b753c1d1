"""Child process that runs a function: started as a script, so that it imports nothing of this project and starts fast.

It consists of two processes. The worker imports the function's code and answers events. The keeper runs none of that
code: it waits for the worker to end or for its standard input to close, which happens when the parent closes it or
dies, and then kills the worker with all processes that the worker forked.

A frame on the control socket is a length of four bytes, big-endian, followed by JSON. The worker sends {"worker": its
process id} and, once the code is loaded, {"ready": true}; then it receives {"event", "context"} and answers
{"error": null | kind, "payload", "last"}; after an answer with `last` it ends.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

ROOM_MB = 256
"""Address space in addition to the function's own memory: Python 3.11 with boto3 and a client maps 54 MB on Linux
x86-64
(VmPeak, measured), and every thread reserves up to 64 MB more without using it."""
LARGEST_ANSWER = 6_291_556
"""Bytes; AWS's own limit for the response of a synchronous call."""

Handler = Callable[[Any, Any], Any]


class LambdaContext:
    """Context object of a handler, with the fields that are meaningful outside AWS."""

    function_version = "$LATEST"
    identity = None
    client_context = None

    def __init__(self, told: dict[str, Any]) -> None:
        self.function_name: str = told["function_name"]
        self.invoked_function_arn: str = told["function_arn"]
        self.aws_request_id: str = told["request_id"]
        self.memory_limit_in_mb: str = str(told["memory_mb"])
        self.log_group_name = f"/aws/lambda/{self.function_name}"
        self.log_stream_name = self.aws_request_id
        self._deadline = time.monotonic() + told["timeout_s"]

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until the function is killed."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


class UnusableError(Exception):
    """The function's code cannot be loaded; `kind` is AWS's name for the error."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def keep(worker: int) -> NoReturn:
    """Wait until the worker ends or standard input closes, kill the rest of its group, and exit with its status."""
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    ended, status = os.waitpid(worker, os.WNOHANG)
    while not ended:
        readable, _, _ = select.select([0, woken], [], [])
        if 0 in readable:
            _kill_group(worker)
            ended, status = os.waitpid(worker, 0)
        else:
            os.read(woken, 64)
            ended, status = os.waitpid(worker, os.WNOHANG)
    _kill_group(worker)
    _remove(os.environ["HOME"])
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        os.kill(os.getpid(), -code)
    os._exit(code)


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS raises the latter for a group that has ended
        os.killpg(leader, signal.SIGKILL)


def _remove(home: str) -> None:
    """Remove the home folder created for this process; done here because the parent may be dead."""
    try:
        os.rmdir(home)  # noqa: PTH106 - pathlib would be one more import
    except OSError:
        import shutil

        shutil.rmtree(home, ignore_errors=True)


def work(control: int, code: str, handler: str, memory_mb: int, timeout_s: float) -> None:
    """Load the function, then answer events until the control socket closes."""
    me = os.getpid()
    _write(control, b'{"worker": %d}' % me)
    _limit_memory(memory_mb)
    _allow_cpu(timeout_s)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="backslashreplace")  # type: ignore[union-attr]
    loaded: Handler | UnusableError
    try:
        enter(code)
        loaded = load(handler)
    except UnusableError as error:
        print(f"[ERROR] {error.kind}: {error}", file=sys.stderr)  # noqa: T201 - its output is its log
        loaded = error
    _write(control, b'{"ready": true}')
    while request := _read(control):
        told = json.loads(request)
        context = LambdaContext(told["context"])
        os.environ["AWS_LAMBDA_FUNCTION_NAME"] = context.function_name
        _allow_cpu(timeout_s)
        if isinstance(loaded, UnusableError):
            _write(control, _failure(loaded.kind, loaded.kind, str(loaded), context, [], last=True))
            return
        answer = run(loaded, told["event"], context)
        if os.getpid() != me:
            os._exit(0)  # the handler forked and its child returned here: only the worker answers
        sys.stdout.flush()
        sys.stderr.flush()
        _write(control, answer)


def enter(code: str) -> None:
    """Enter the code's folder, unpacking a zip file first, and put it first on the import path."""
    try:
        folder = code if os.path.isdir(code) else _unpacked(code)  # noqa: PTH112 - pathlib would be one more import
        os.chdir(folder)
    except OSError as error:
        raise UnusableError("Runtime.ImportModuleError", f"Unable to open the code: {error}") from error
    os.environ["LAMBDA_TASK_ROOT"] = folder
    sys.path.insert(0, folder)


def _unpacked(code: str) -> str:
    import zipfile

    folder = os.environ["HOME"] + "/task"
    try:
        with zipfile.ZipFile(code) as bundle:
            bundle.extractall(folder)
    except zipfile.BadZipFile as error:
        raise UnusableError("Runtime.ImportModuleError", f"Unable to unpack the code: {error}") from error
    return folder


def load(handler: str) -> Handler:
    """Return the function named by "module.name"; the module may be in folders, separated by slashes or full stops."""
    import importlib

    module_name, _, name = handler.rpartition(".")
    if not module_name:
        raise UnusableError("Runtime.MalformedHandlerName", f"Bad handler '{handler}': it needs a module and a name")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except SyntaxError as error:
        raise UnusableError(
            "Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}"
        ) from error
    except Exception as error:
        raise UnusableError(
            "Runtime.ImportModuleError", f"Unable to import module '{module_name}': {_said(error)}"
        ) from error
    found = getattr(module, name, None)
    if not callable(found):
        raise UnusableError("Runtime.HandlerNotFound", f"Handler '{name}' missing on module '{module_name}'")
    return found  # type: ignore[no-any-return]


def run(handler: Handler, event: Any, context: LambdaContext) -> bytes:
    """Call the handler and return the answer's frame; exceptions that end a process, such as SystemExit, propagate."""
    try:
        result = handler(event, context)
    except Exception as error:  # noqa: BLE001 - whatever the function raises is its answer
        import traceback

        error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next  # without this file's own frame
        stack = traceback.extract_tb(error.__traceback__)
        traceback.print_exception(error)
        return _failure("Unhandled", type(error).__name__, _said(error), context, traceback.format_list(stack))
    try:
        payload = json.dumps(result, default=_plain).encode()
    except (TypeError, ValueError, RecursionError) as error:
        kind = "Runtime.MarshalError"
        return _failure(kind, kind, f"Unable to marshal response: {error}", context, [])
    if len(payload) > LARGEST_ANSWER:
        kind = "Function.ResponseSizeTooLarge"
        message = f"Response payload size exceeded maximum allowed payload size ({LARGEST_ANSWER} bytes)."
        return _failure(kind, kind, message, context, [])
    return b'{"error": null, "payload": ' + payload + b', "last": false}'


def _failure(
    kind: str, error_type: str, message: str, context: LambdaContext, stack: list[str], *, last: bool = False
) -> bytes:
    payload = {
        "errorMessage": message[:100_000],
        "errorType": error_type,
        "requestId": context.aws_request_id,
        "stackTrace": stack,
    }
    return json.dumps({"error": kind, "payload": payload, "last": last}).encode()


def _said(error: Exception) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - the function's own __str__ may raise anything
        return f"an error of type {type(error).__name__} whose text cannot be read"


def _plain(value: object) -> float:
    # Same conversion as AWS's runtime, needed for DynamoDB's numbers; decimal is not imported for it.
    decimal = sys.modules.get("decimal")
    if decimal and isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _limit_memory(memory_mb: int) -> None:
    size = (ROOM_MB + memory_mb) * 1024 * 1024
    with suppress(ValueError, OSError):  # macOS has the limit but does not allow setting it
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_cpu(timeout_s: float) -> None:
    """Extend the processor time limit by one call's timeout; this matters if the function killed its keeper."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(time.process_time() + timeout_s) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (until if most == resource.RLIM_INFINITY else min(until, most), most))


def _read(control: int) -> bytes:
    """Read the next frame's content; empty when the other side has closed."""
    return _exactly(control, int.from_bytes(_exactly(control, 4), "big"))


def _exactly(control: int, size: int) -> bytes:
    parts = []
    while size:
        part = os.read(control, min(size, 1 << 20))
        if not part:
            return b""
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write(control: int, content: bytes) -> None:
    frame = memoryview(len(content).to_bytes(4, "big") + content)
    while frame:
        frame = frame[os.write(control, frame) :]


def main() -> None:
    """Fork into keeper and worker; runner.py passes the arguments."""
    control, code, handler, memory_mb, timeout_s = sys.argv[1:]
    worker = os.fork()
    if worker:
        with suppress(OSError):  # parent and child both set it, whichever is first
            os.setpgid(worker, worker)
        os.close(int(control))
        keep(worker)
    os.setpgid(0, 0)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - pathlib would be one more import
        os.dup2(nothing.fileno(), 0)
    del sys.argv[1:]
    work(int(control), code, handler, int(memory_mb), float(timeout_s))


if __name__ == "__main__":
    main()
