"""Process that runs one function: start, communication, log and termination."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")
MAX_LOG = 256 * 1024
"""Bytes of output kept for one call; the last ones are kept, since they contain the traceback."""
READS_AT_ONCE = 8
"""Maximum consecutive reads of the output, so that a function that prints endlessly does not block the event loop; one
read takes at most a full pipe."""
MAX_FRAME = 16 * 1024 * 1024
"""Maximum bytes of one answer; the child sends less than half, so a larger frame is not an answer."""
GRACE_S = 3.0
"""Seconds that the child's keeper may take to kill and reap before it is killed itself; it needs milliseconds."""


class GoneError(Exception):
    """The process ended, or sent an invalid frame, before it answered."""


class FunctionProcess:
    """A started child. It lives until `let_go`, until it exits, or until this process ends."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._life = -1
        self._worker = 0
        self._log = b""
        self._log_end = -1
        self._process: asyncio.subprocess.Process
        self._socket: socket.socket
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    @classmethod
    async def start(
        cls, arguments: tuple[str, ...], environment: Mapping[str, str], homes: Path | None = None
    ) -> FunctionProcess:
        """Start a child with its own home folder, in `homes` or else the system's temporary folder."""
        self = cls()
        try:
            await self._start(arguments, environment, homes)
        except BaseException:
            self.let_go()
            self._open.close()
            raise
        return self

    async def _start(self, arguments: tuple[str, ...], environment: Mapping[str, str], homes: Path | None) -> None:
        home = tempfile.mkdtemp(prefix="travel-tui-function-", dir=homes)
        self._open.callback(shutil.rmtree, home, ignore_errors=True)
        with ExitStack() as theirs:
            self._socket, control = socket.socketpair()
            theirs.enter_context(control)
            self._open.callback(self._socket.close)
            life, self._life = os.pipe()
            theirs.callback(os.close, life)
            self._log_end, output = os.pipe()
            theirs.callback(os.close, output)
            self._open.callback(os.close, self._log_end)
            os.set_blocking(self._log_end, False)
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-s", "-B", str(CHILD), str(control.fileno()), *arguments,
                stdin=life, stdout=output, stderr=output, pass_fds=(control.fileno(),), start_new_session=True,
                cwd=home, env={**environment, "HOME": home, "TMPDIR": home},
            )  # fmt: skip
        self._reader, self._writer = await asyncio.open_unix_connection(sock=self._socket)
        self._open.callback(self._writer.transport.abort)
        loop = asyncio.get_running_loop()
        loop.add_reader(self._log_end, self._listen)
        self._open.callback(loop.remove_reader, self._log_end)

    @property
    def alive(self) -> bool:
        """Whether it can be called; False also if it exited between two calls."""
        return self._life >= 0 and self._held

    @property
    def _held(self) -> bool:
        """Whether the other end of the socket is open and has sent nothing."""
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False  # it closed, or sent data without a request

    async def ask(self, content: bytes) -> bytes:
        """Send a frame's content and return that of the answer; raises GoneError."""
        try:
            self._writer.write(len(content).to_bytes(4, "big") + content)
            await self._writer.drain()
        except ConnectionError as error:
            raise GoneError from error
        return await self.answer()

    async def ready(self) -> None:
        """Wait until the function's code is loaded; raises GoneError."""
        self._worker = int(json.loads(await self.answer())["worker"])
        await self.answer()

    async def answer(self) -> bytes:
        """Return the content of the next frame; raises GoneError."""
        try:
            size = int.from_bytes(await self._reader.readexactly(4), "big")
            if size > MAX_FRAME:
                raise GoneError
            return await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise GoneError from error

    def log(self) -> str:
        """Return the output since the last call."""
        self._listen()
        said, self._log = self._log, b""
        return said.decode("utf-8", "replace")

    def let_go(self) -> None:
        """Have the child killed with all its descendants; `ended` waits for that."""
        life, self._life = self._life, -1
        if life >= 0:
            os.close(life)
            self._kill_worker()

    def _kill_worker(self) -> None:
        """Kill the worker directly: its keeper, which does the same, may have been killed by the function or the
        system."""
        if self._worker and self._held:  # it holds the socket, so its process id was not reused
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._worker, signal.SIGKILL)

    async def ended(self) -> tuple[int, str]:
        """Kill, wait and clean up; return the exit code, negative for a signal, and the rest of the log."""
        self.let_go()
        try:
            async with asyncio.timeout(GRACE_S):
                code = await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            code = await self._process.wait()
        self._kill_worker()
        said = self.log()
        self._open.close()
        return code, said

    def _listen(self) -> None:
        for _ in range(READS_AT_ONCE):
            try:
                said = os.read(self._log_end, 65_536)
            except BlockingIOError:
                return
            if not said:
                asyncio.get_running_loop().remove_reader(self._log_end)
                return
            self._log = (self._log + said)[-MAX_LOG:]
