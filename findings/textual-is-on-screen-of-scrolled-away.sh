#!/usr/bin/env bash
# Library:  textual 8.2.8
#
# Behaviour: Widget.is_on_screen, documented as telling whether the node was
#   displayed in the last screen update, is True for a widget that is scrolled
#   out of view: it asks whether the widget has a place in the layout, and the
#   layout places everything inside a scrolled container, seen or not.
#
# Seen:
#   row 199 of 200 in a box of 10 lines: placed on line 199 of a screen of 12, is_on_screen True
#
# Why it matters: code that uses it to skip work for what nobody sees skips
#   nothing in a long list (textual's own automatic_refresh asks it before each
#   redraw), and code that uses it to decide whether to scroll to a widget never
#   scrolls. Comparing the region
#   with the visible part of each scrolled ancestor gives the answer wanted.
#
# Source: textual/widget.py, Widget.is_on_screen, which calls
#   Screen.find_widget; textual/_compositor.py, Compositor.find_widget, which
#   falls back to full_map. Compositor.visible_widgets is the other map.
set -euo pipefail
unset PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/python -m pip install -q textual==8.2.8

cat > show.py <<'PY'
import asyncio

from textual.app import App
from textual.containers import VerticalScroll
from textual.widgets import Label


class Rows(App):
    CSS = "VerticalScroll { height: 10; }"

    def compose(self):
        with VerticalScroll():
            for number in range(200):
                yield Label(f"row {number}", id=f"row-{number}")


async def main():
    app = Rows()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        row = app.query_one("#row-199")
        print(
            "row 199 of 200 in a box of 10 lines:"
            f" placed on line {row.region.y} of a screen of {app.size.height},"
            f" is_on_screen {row.is_on_screen}"
        )


asyncio.run(main())
PY

expected="row 199 of 200 in a box of 10 lines: placed on line 199 of a screen of 12, is_on_screen True"
observed=$(env/bin/python show.py)
printf 'observed: %s\n' "$observed"
if [ "$observed" != "$expected" ]; then
    printf 'expected: %s\n' "$expected"
    exit 1
fi
