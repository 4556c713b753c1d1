"""The picture of the client in a browser, docs/browser.png: `make web-image` takes it. Arguments: another file, and a size."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.web.browser import CHROMIUM, Tab, chromium
from tests.web.server import serving

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "browser.png"
SIZE = "1200x720"
BOOK = "Hi, my name is Anna. Book a flight from Boston to NYC, July 11th 2027 to July 22nd 2027."


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
            for say, seen in ((BOOK, "Your booking id is"), ("Can I return on the 23rd instead?", "in prompt")):
                tab.sees("new line", "enter send")
                tab.type(say)
                tab.press("Enter")
                tab.sees(seen, "enter send")
                if say is BOOK:
                    tab.press("F2")
                    tab.sees("stored")
                    tab.sees("Anna")
                    tab.press("F3")
                    tab.misses("Your booking id is")
            tab.page.mouse.move(0, height - 1)
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
