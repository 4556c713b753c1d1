"""Textual's private API: unchanged since it was read, and used by the modules alone that are there for it."""

from __future__ import annotations

import ast
import hashlib
import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import textual
from textual._compositor import Compositor
from textual._wrap import compute_wrap_offsets
from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, OptionList, TextArea
from textual.widgets._toast import ToastRack
from textual.widgets.text_area import Document, WrappedDocument

import travel_tui

PACKAGE = Path(travel_tui.__file__).parent
ALLOWED = {
    PACKAGE / "tui" / name
    for name in (
        "textual_compat.py",
        "textual_caches.py",
        "timers.py",
        "terminal/drivers.py",
        "terminal/web_driver.py",
        "terminal/input_parser.py",
    )
}
SEEN: dict[Any, str] = {
    App._watch_app_focus: "ed02ca94ee99",
    App._refresh_notifications: "9f3bd1575e51",
    App._handle_exception: "baea2e7f88e7",
    App._start_widget: "82b8c97aaa60",
    App._background_screens: "d925a6b09405",
    App._display: "4b78dff6669a",
    App.copy_to_clipboard: "f3e8b4ade76a",
    App.set_keymap: "3cc3fdf069eb",
    ToastRack._toast_id: "67745ec6bf38",
    ToastRack.show: "764c33fbdc91",
    MessagePump._close_messages: "2e1d874dba92",
    Screen._update_timer: "6736ab93692e",
    Screen._on_timer_update: "421401660de1",
    Screen._push_result_callback: "fedf253e12e2",
    Compositor.render_strips: "061fb81ef37c",
    Widget._forward_event: "66c264581d9b",
    Widget._size_updated: "21ffb00b8a98",
    Widget._set_dirty: "9c280366b898",
    Widget._scroll_update: "edb9f6257285",
    Widget.release_anchor: "9d4c2fde14cc",
    Widget.vertical_scrollbar: "6b140a728f0b",
    OptionList._get_left_gutter_width: "acae4419dd46",
    OptionList._update_lines: "fe2bedbdc372",
    OptionList.get_content_height: "12b0199588ef",
    Input._value: "33f9515a42e7",
    TextArea._rewrap_and_refresh_virtual_size: "32725265da6e",
    TextArea._set_document: "3bea23d1becf",
    TextArea._replace_via_keyboard: "68ca5b810d1a",
    TextArea._delete_via_keyboard: "f7d6f8f129ab",
    Document.__init__: "2cc784cd1dbd",
    Document.text: "0691a57763f7",
    WrappedDocument.__init__: "573cae07b1a1",
    WrappedDocument.wrap: "7e67ba98b0c4",
    compute_wrap_offsets: "3b70f925334d",
}
"""The parts that were read when textual_compat was written, by what their source was then."""


def plain(part: Any) -> Callable[..., object]:
    """The function of a property, or the part itself."""
    found: Any = part.fget if isinstance(part, property) else part
    return cast("Callable[..., object]", found)


@pytest.mark.parametrize("part", SEEN, ids=lambda part: plain(part).__qualname__)
def test_textual_is_as_it_was(part: Any) -> None:
    changed = (
        f"{plain(part).__qualname__} has changed. Compare travel_tui/tui/textual_compat.py with it, then note its new "
        "sum."
    )
    assert hashlib.sha256(inspect.getsource(plain(part)).encode()).hexdigest()[:12] == SEEN[part], changed


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (App, "_clipboard"),
        (App, "_keymap"),
        (App, "_notifications"),
        (App, "_closing"),
        (App, "_driver"),
        (DOMNode, "_bindings"),
        (Screen, "_result_callbacks"),
        (Screen, "_compositor"),
        (Widget, "_repaint_regions"),
        (Widget, "_anchor_released"),
        (Widget, "_vertical_scrollbar"),
        (OptionList, "_lines"),
    ],
)
def test_textual_has_the_attributes_that_are_used(make: Callable[[], object], name: str) -> None:
    assert hasattr(make(), name)


def test_other_modules_use_no_private_names_of_textual() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{use}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path not in ALLOWED and "_lambda" not in path.parts
        if "textual" in (text := path.read_text()) or path.is_relative_to(PACKAGE / "tui")
        for use in uses(path, ast.parse(text))
    ]
    assert not found, "\n".join(found)


def test_a_use_of_private_names_is_found() -> None:
    for code in (
        "from textual._context import active_app",
        "from textual.widgets._toast import Toast",
        "from textual import _xterm_parser",
        "import textual._wrap",
        "def clear(app):\n    app._clipboard = ''",
        "class MainScreen:\n    def close(self):\n        self._compositor.clear()",
        "class MainScreen:\n    def close(self):\n        super()._on_timer_update()",
        "class MainScreen:\n    def _size_updated(self):\n        pass",
        "class MainScreen:\n    _bindings = None",
    ):
        assert list(uses(PACKAGE / "tui" / "screens" / "main.py", ast.parse(code))), code
    for code in (
        "class MainScreen:\n    _prompt = None\n\n    def on_key(self):\n        self._controller.close()",
        "import os\nos._exit(1)",
        "from textual.widgets.text_area import Document",
    ):
        assert not list(uses(PACKAGE / "tui" / "screens" / "main.py", ast.parse(code))), code


def uses(path: Path, tree: ast.Module) -> Iterator[str]:
    """Where a module uses private names of Textual, as the line's number and the name."""
    modules = {alias.asname or alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "textual":
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            yield from (f"{node.lineno}: {name}" for name in names if private(name))
        elif isinstance(node, ast.Import):
            names = [part for alias in node.names for part in alias.name.split(".") if alias.name.startswith("textual")]
            yield from (f"{node.lineno}: {name}" for name in names if private(name))
        elif isinstance(node, ast.Attribute) and node.attr in all_of_textual():
            owner = ast.unparse(node.value)
            if owner not in ("self", "cls", "super()") and owner not in modules:
                yield f"{node.lineno}: {owner}.{node.attr}"
    module = importlib.import_module(".".join(("travel_tui", *path.relative_to(PACKAGE).with_suffix("").parts)))
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            inherited = names_of_bases(getattr(module, node.name))
            yield from (f"{line}: {node.name}.{name}" for line, name in own_uses(node) if name in inherited)


def own_uses(of: ast.ClassDef) -> Iterator[tuple[int, str]]:
    """The names that a class defines, and those it uses of itself and of its bases, with their lines."""
    for node in ast.walk(of):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("self", "cls", "super()"):
            yield node.lineno, node.attr
    for each in of.body:
        targets = (
            each.targets if isinstance(each, ast.Assign) else [each.target] if isinstance(each, ast.AnnAssign) else []
        )
        yield from ((each.lineno, target.id) for target in targets if isinstance(target, ast.Name))


def private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


@cache
def named_in(file: Path) -> set[str]:
    """The private names that a file defines or sets."""
    text = file.read_text(encoding="utf-8")
    return {*filter(private, re.findall(r"\b(?:def |class |self\.)(_[a-z]\w*)(?=\(|[^=\n]*=)", text))}


@cache
def all_of_textual() -> set[str]:
    """The private names of all of Textual."""
    return set().union(*map(named_in, Path(textual.__file__).parent.rglob("*.py")))


@cache
def names_of_bases(of: type) -> set[str]:
    """The private names that a class may inherit from Textual: those in the modules of its bases."""
    bases = [base for base in of.__mro__ if base.__module__.partition(".")[0] == "textual"]
    return set().union(*(named_in(Path(inspect.getfile(base))) for base in bases))
