"""The picture of the client in a browser: `make web-image` takes docs/browser.png.

Arguments: another file, and a size.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

from tests.web.browser import CHROMIUM, Tab, chromium
from tests.web.server import serving

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "browser.png"
SIZE = "1280x840"


def take(file: Path, width: int, height: int) -> None:
    """Play the demo's story in a browser of that size in pixels, and write the picture of the recalled trip."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"HOME": home, **{f"XDG_{kind}_HOME": home for kind in ("CONFIG", "DATA", "STATE", "CACHE")}}
        with (
            serving(Path(home), "demo", "--seed", "7", "--now", "2027-07-01T16:03:00+00:00") as served,
            chromium() as browser,
        ):
            tab = Tab(browser.new_page(viewport={"width": width, "height": height}))
            tab.open(served.url)
            tab.sees("⇥ Hi, my name is Anna.")
            tab.press("Tab", "Enter")
            tab.sees("Your booking id is", "enter send")
            tab.press("F2")
            tab.until(lambda: re.search("user profile|Memory 1", tab.text), "the memory")
            tab.press("F3")
            tab.until(lambda: re.search("New session [0-9a-f]{8}", tab.text), "the new session")
            tab.press("Tab", "Enter")
            tab.sees("1 memory in prompt", "enter send")
            tab.page.mouse.move(0, height - 1)
            tab.misses("The memory of session")  # its notification
            tab.page.wait_for_timeout(1000)  # until nothing moves
            tab.page.screenshot(path=file)


def main() -> None:
    """Take the picture."""
    if CHROMIUM is None:
        raise SystemExit("There is no Chromium to take the picture with; on Debian: apt install chromium.")
    file, size = (*sys.argv[1:], SIZE)[:2] if len(sys.argv) > 1 else (str(PICTURE), SIZE)
    width, height = map(int, size.split("x"))
    take(Path(file), width, height)


if __name__ == "__main__":
    main()
