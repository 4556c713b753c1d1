"""What travel_tui/web builds on in textual-serve beside its documented class."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from importlib.resources import files

import pytest
from textual_serve.app_service import AppService
from textual_serve.server import Server

SEEN = {
    AppService.start: "677839f69c78",
    AppService.run: "065799c360c5",
    AppService._open_app_process: "1202e78eb3e9",
    AppService.on_meta: "eba44f1309ee",
    Server._make_app: "f49af73ecb6e",
    Server.handle_index: "c961f57f6af2",
    Server.handle_websocket: "87c0c9d50be8",
}
"""The parts that were read, by what their source was then."""


@pytest.mark.parametrize("part", SEEN, ids=lambda part: part.__qualname__)
def test_textual_serve_is_as_it_was(part: Callable[..., object]) -> None:
    changed = f"{part.__qualname__} has changed. Compare travel_tui/web with it, then note its new sum."
    assert hashlib.sha256(inspect.getsource(part).encode()).hexdigest()[:12] == SEEN[part], changed


def test_its_page_and_script_have_what_ours_builds_on() -> None:
    page = (files("textual_serve") / "templates" / "app_index.html").read_text()
    for part in ("</head>", "static.url", "closed-dialog", 'class="message"', "textual-terminal"):
        assert part in page
    script = (files("textual_serve") / "static" / "js" / "textual.js").read_text()
    for part in ("window.onload=", "new WebSocket(", "sessionWebsocketUrl", "xterm-helper-textarea", '"-closed"'):
        assert part in script
