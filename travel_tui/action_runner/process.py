"""One process that runs a function: how it is started, spoken to, listened to and ended."""

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
MOST_LOG = 256 * 1024
"""Bytes of output kept for one call; of more the last are kept, where a traceback stands."""
READS_AT_ONCE = 8
"""Reads of its output in one go, so that a function that prints without end does not hold up everything else; what a
pipe can hold is one read."""
MOST_FRAME = 16 * 1024 * 1024
"""Bytes of one answer that are read; the child sends less than half, so more is not an answer."""
GRACE_S = 3.0
"""How long the child's keeper may take to kill and reap before it is killed itself; it takes milliseconds."""


class GoneError(Exception):
    """The process ended, or said what it cannot say, before it answered."""


class FunctionProcess:
    """A started child. It lives until `let_go`, until it ends by itself, or until this process ends."""

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
        """Start a child with a home folder of its own, in `homes` or else the system's temporary folder."""
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
        """Whether it can be asked; False also where it ended by itself between two calls."""
        return self._life >= 0 and self._held

    @property
    def _held(self) -> bool:
        """Whether the other end of the socket is open and silent."""
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False  # it closed, or says what nobody asked

    async def ask(self, content: bytes) -> bytes:
        """Send a frame's content and give back that of the answer; raises GoneError."""
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
        """The content of the next frame; raises GoneError."""
        try:
            size = int.from_bytes(await self._reader.readexactly(4), "big")
            if size > MOST_FRAME:
                raise GoneError
            return await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise GoneError from error

    def log(self) -> str:
        """What was printed since the last time, up to now."""
        self._listen()
        said, self._log = self._log, b""
        return said.decode("utf-8", "replace")

    def let_go(self) -> None:
        """Have it killed with all that it forked; `ended` waits for that."""
        life, self._life = self._life, -1
        if life >= 0:
            os.close(life)

    async def ended(self) -> tuple[int, str]:
        """Let go, wait until it is gone, clean up: its exit code, negative for a signal, and what `log` had left."""
        self.let_go()
        try:
            async with asyncio.timeout(GRACE_S):
                code = await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            code = await self._process.wait()
        if self._worker and self._held:  # the function killed its keeper, which would have seen to this
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._worker, signal.SIGKILL)
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
            self._log = (self._log + said)[-MOST_LOG:]
