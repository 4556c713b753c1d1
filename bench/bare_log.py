"""A bare Textual log as reference: `python -m bench.bare_log FOUND` writes the cost of each frame to FOUND.

It is as wide as the conversation, and gets as many lines a second as a streaming answer.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise
from pathlib import Path

from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import RichLog

from bench.service import CHUNK, CHUNKS_A_SECOND, PARAGRAPH

WIDTH = 62
A_SECOND = 25
LINES = round(CHUNK * CHUNKS_A_SECOND * (1 / WIDTH + 1 / PARAGRAPH) / A_SECOND)
"""Lines per write."""
TIMES = 200


class BareLog(App[None]):
    """Writes lines to a log, and measures the cost between two writes."""

    CSS = f"RichLog {{ width: {WIDTH + 8}; }}"

    def __init__(self) -> None:
        super().__init__()
        self.worked: list[float] = []
        self._log = RichLog(wrap=True, min_width=WIDTH)

    def compose(self) -> ComposeResult:
        yield self._log

    def on_mount(self) -> None:
        self.set_interval(1 / A_SECOND, self._write)

    def _write(self) -> None:
        self.worked.append(time.thread_time())
        for _ in range(LINES):
            self._log.write(Text.assemble("flies from Boston to ", ("Paris", "italic"), " on 2027-09-01, stays eight"))
        if len(self.worked) > TIMES:
            self.exit()


if __name__ == "__main__":
    app = BareLog()
    app.run()
    Path(sys.argv[1]).write_text(json.dumps([after - before for before, after in pairwise(app.worked)]))
