"""What the drivers build on in Textual, and what they make of a terminal that fails."""

from __future__ import annotations

import hashlib
import inspect
import os
import threading
from collections.abc import Callable

import pytest
from textual._parser import Parser
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.drivers.web_driver import WebDriver

from tests.endpoint import until
from travel_tui.tui.terminal.drivers import Output

SEEN = {
    LinuxDriver.run_input_thread: "d796af6d69db",
    LinuxDriver.start_application_mode: "7c41f5ba11a8",
    LinuxDriver.stop_application_mode: "9a7e99c8d4bd",
    LinuxDriver.disable_input: "6154c5a7c174",
    LinuxDriver._sigtstp_application: "26c3c19ce181",
    LinuxDriver._sigcont_application: "1d7463a74df1",
    LinuxDriver.write: "b78a34033db5",
    LinuxDriver.close: "c32293a24c1a",
    Parser.tick: "44606084ad3b",
    WriterThread.run: "314021aab4f5",
    WriterThread.stop: "e02ca6dd8268",
    WebDriver.__init__: "37aff7eba903",
    WebDriver.run_input_thread: "3864aaf4ca91",
    WebDriver.write: "31cd430836b7",
    WebDriver.on_meta: "4e52d693ece0",
    WebDriver.start_application_mode: "712a1fe2c912",
    WebDriver.stop_application_mode: "baf3ad299a87",
}
"""The parts that were read when the drivers were written, by what their source was then."""


@pytest.mark.parametrize("part", SEEN, ids=lambda part: part.__qualname__)
def test_textual_is_as_it_was(part: Callable[..., object]) -> None:
    name = part.__qualname__
    changed = f"{name} has changed. Compare drivers.py or web_driver.py of tui/terminal, then note its new sum."
    assert hashlib.sha256(inspect.getsource(part).encode()).hexdigest()[:12] == SEEN[part], changed


def test_output_that_fails_is_told_once_and_holds_nobody_up() -> None:
    read_end, write_end = os.pipe()
    lost = threading.Semaphore(0)
    thread = WriterThread(Output(write_end, "utf-8", lost.release))  # type: ignore[arg-type]
    thread.start()
    thread.write("héllo")
    assert os.read(read_end, 99).decode() == "héllo"
    os.close(read_end)
    for _ in range(100):  # more than its queue has room for
        thread.write("lost")
    thread.stop()
    assert lost.acquire(blocking=False)
    assert not lost.acquire(blocking=False)
    os.close(write_end)


def test_output_waits_for_a_terminal_that_is_full_also_where_another_made_it_non_blocking() -> None:
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    text = "x" * 500_000
    output = Output(write_end, "ascii", pytest.fail)
    writing = threading.Thread(target=output.write, args=(text,))
    writing.start()
    taken = b""
    while len(taken) < len(text):
        taken += os.read(read_end, 65536)
    until(lambda: not writing.is_alive())
    os.close(read_end)
    os.close(write_end)
