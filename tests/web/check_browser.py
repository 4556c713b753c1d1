"""The client in Chromium. `make test-web` runs it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright", reason="playwright is not installed; `make test-web` installs it")

from tests.endpoint import until
from tests.web.browser import CHROMIUM, Tab, chromium
from tests.web.relay import relay_to
from tests.web.server import Served, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium; on Debian: apt install chromium")

START = "What will the agent remember tomorrow?"
BOOK = "Book a flight from Boston to NYC, July 11th 2027 to July 22nd 2027."

OpenTab = Callable[..., Tab]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[OpenTab]:
    """Opens tabs, each of a browser profile of its own; what went wrong in one fails the test."""
    tabs: list[Tab] = []
    with ExitStack() as opened:

        def open_one(**options: Any) -> Tab:
            given = {"viewport": {"width": 1280, "height": 800}, **options}
            context = browser.new_context(**given)
            opened.callback(context.close)
            tabs.append(Tab(context.new_page()))
            return tabs[-1]

        yield open_one
        assert [problem for tab in tabs for problem in tab.problems] == []


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The clipboard of the machine that serves: a file, once something is copied to it."""
    held, program = tmp_path / "held", tmp_path / "bin" / "xclip"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n/bin/cat > {held}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    monkeypatch.setenv("DISPLAY", ":99")
    return held


@pytest.fixture
def served(tmp_path: Path, desktop: Path) -> Iterator[Served]:
    with serving(tmp_path, "demo") as running:
        yield running
    until(lambda: not running.clients())


@pytest.fixture
def anna(open_tab: OpenTab, served: Served) -> Tab:
    """Anna's tab with the demo in it."""
    tab = open_tab()
    tab.open(served.url)
    tab.sees(START)
    return tab


def test_what_is_typed_at_once_is_in_the_prompt_and_the_page_is_painted(open_tab: OpenTab, served: Served) -> None:
    tab = open_tab()
    tab.page.goto(served.url, wait_until="commit")
    tab.page.wait_for_selector("head script[src*='page.js']", state="attached")
    tab.page.wait_for_function("window.onload !== null && typeof onEarlyKey === 'function'")
    tab.type("Hi, my name is Anna.")
    tab.sees(START, "Hi, my name is Anna.")
    assert tab.page.title() == "travel-tui demo"
    painted = (
        "() => [...document.querySelectorAll('.xterm-screen canvas')].some(each => each.getContext('2d')"
        "?.getImageData(0, 0, each.width, each.height).data.some(value => value > 0))"
    )
    tab.page.wait_for_function(painted)
    assert tab.page.evaluate("document.fonts.check('16px \"Roboto Mono\"')")


def test_keys_of_the_client_are_not_the_browsers(anna: Tab) -> None:
    anna.press("F1")
    anna.sees("pgup scroll up")
    anna.press("Escape")
    anna.misses("pgup scroll up")
    anna.type("one")
    anna.press("Shift+Enter")
    anna.type("two")
    anna.press("Control+j")
    anna.type("three")
    anna.press("F5", "Control+o", "Control+o")
    anna.sees("one", "two", "three")
    anna.press("Enter")
    anna.sees("1 turn")
    anna.press("F2")
    anna.sees("stored after")
    anna.press("F3", "Control+q")
    anna.is_told("The client has ended.")
    anna.page.get_by_role("button", name="Start again").click()
    anna.sees(START)


@pytest.mark.parametrize("clipboard", ["allowed", "denied", "missing"])
def test_copies_go_to_the_browsers_clipboard_and_pastes_come_from_it(
    clipboard: str, open_tab: OpenTab, served: Served, desktop: Path
) -> None:
    anna = open_tab(permissions=["clipboard-read", *(["clipboard-write"] if clipboard == "allowed" else [])])
    if clipboard == "missing":  # as on a page that another machine serves without HTTPS
        anna.page.add_init_script("delete Navigator.prototype.clipboard")
    anna.open(served.url)
    anna.sees(START)
    anna.type(BOOK)
    anna.press("Enter")
    anna.sees("Your booking id is", "enter send")
    anna.press("F8")
    anna.sees("Answer sent to your browser's clipboard.")
    anna.type("It said: ")
    anna.press("Control+v")
    anna.sees("It said: Done! Your trip")
    assert not desktop.exists()


def test_a_screenshot_is_shown_in_another_tab(anna: Tab) -> None:
    anna.press("Control+p")
    anna.type("screenshot")
    anna.sees("Screenshot")
    with anna.page.expect_popup() as opened:
        anna.press("Enter")
    opened.value.wait_for_selector("svg")
    assert "agent" in (opened.value.text_content("svg") or "")


def test_the_client_has_the_size_of_the_window(anna: Tab) -> None:
    wide = anna.size
    anna.page.set_viewport_size({"width": 640, "height": 480})
    anna.until(lambda: anna.size[0] < 80 < wide[0], "fewer columns")
    anna.sees("F4 panes")
    anna.page.set_viewport_size({"width": 1280, "height": 800})
    anna.until(lambda: anna.size == wide, "the size as before")
    anna.misses("F4 panes")


def test_the_mouse_clicks_and_scrolls(anna: Tab) -> None:
    anna.click("F1 keys")
    anna.sees("pgup scroll up")
    top = anna.text
    anna.page.mouse.move(400, 400)
    anna.page.mouse.wheel(0, 600)
    anna.until(lambda: anna.text != top, "another part of the list of keys")


def test_the_page_is_light_or_dark_as_the_browser_and_its_margins_as_the_client(
    open_tab: OpenTab, served: Served
) -> None:
    back = "getComputedStyle(document.querySelector('.closed-dialog .shade')).backgroundColor"
    margin = "getComputedStyle(document.body).backgroundColor"
    found = {}
    for scheme in ("light", "dark"):
        tab = open_tab(color_scheme=scheme)
        tab.open(served.url)
        tab.sees(START)
        found[scheme] = tab.colour(back)
    assert found == {"light": "rgb(239, 241, 245)", "dark": "rgb(26, 27, 38)"}
    tab.until(lambda: tab.colour(margin) == "rgb(26, 27, 38)", "the margin of tokyo-night")
    tab.press("Control+p")
    tab.type("theme")
    tab.press("Enter")
    tab.sees("textual-light")
    tab.type("textual-light")
    tab.press("Enter")
    tab.until(lambda: tab.colour(margin) == "rgb(224, 224, 224)", "the margin of textual-light")


def test_a_lost_connection_is_told_and_the_turn_goes_on(open_tab: OpenTab, served: Served) -> None:
    with relay_to(urlsplit(served.url).port or 0) as relay:
        anna = open_tab()
        anna.open(f"http://127.0.0.1:{relay.port}/")
        anna.sees(START)
        anna.type(BOOK)
        anna.press("Enter")
        anna.sees("esc stop")
        relay.cut()
        anna.is_told("Connection lost. Reconnecting…")
        relay.mend()
        anna.sees("Your booking id is", "1 turn")
        anna.type("a draft")
        anna.sees("a draft")
        anna.page.reload()
        anna.sees("Your booking id is", "a draft")
        assert len([line for line in served.clients() if " demo" in line]) == 1


def test_visitors_have_sessions_of_their_own_and_closing_leaves_no_process(browser: Browser, served: Served) -> None:
    anna, bert = (Tab(browser.new_context().new_page()) for _ in range(2))
    for each in (anna, bert):
        each.open(served.url)
        each.sees(START)
    anna.type("Hi, my name is Anna.")
    anna.press("Enter")
    anna.sees("1 turn")
    assert "No messages yet" in bert.text
    copy = Tab(anna.page.context.new_page())
    copy.page.add_init_script(f"sessionStorage.tab = {anna.page.evaluate('sessionStorage.tab')!r}")
    copy.open(served.url)
    copy.sees("1 turn")
    anna.is_told("This client is open in another tab.")
    for each in (anna, bert):
        each.page.context.close()
    until(lambda: not served.clients())


def test_a_visitor_with_the_token_keeps_it_and_others_are_told(open_tab: OpenTab, tmp_path: Path) -> None:
    with serving(tmp_path, "--require-token", "demo") as served:
        guest = open_tab()
        guest.open(served.url)
        assert "This page needs the token" in guest.page.inner_text("body")
        guest.open(served.printed_url)
        guest.sees(START)
        assert guest.page.url == served.url, "no token in the address bar"
        guest.page.reload()
        guest.sees(START)
