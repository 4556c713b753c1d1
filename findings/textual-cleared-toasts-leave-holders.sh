#!/usr/bin/env bash
# Library:  textual 8.2.8
#
# Behaviour: after App.clear_notifications() the toasts are gone, but the holder
#   of each stays in the screen's rack, empty. Toasts that come later stand
#   behind them: the rack has one child for every notification that was ever
#   shown on that screen and cleared.
#
# Seen:
#   6 notices: 6 toasts in 6 holders; cleared, and one more: 1 toast in 7 holders
#
# Why it matters: a screen that lives long collects widgets that are laid out
#   with every frame; and code that counts the rack's children, or gives it a
#   limited height, takes the empty holders for toasts.
#
# Source: textual/widgets/_toast.py, ToastRack.show, removes stale widgets of the
#   class Toast and leaves the ToastHolder around each.
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
from textual.widgets._toast import ToastRack


async def main():
    app = App()
    async with app.run_test(notifications=True, size=(80, 40)) as pilot:

        async def shown():
            await pilot.pause(0.2)
            rack = app.screen.get_child_by_type(ToastRack)
            return f"in {len(rack.children)} holders", len(rack.query("Toast"))

        for number in range(6):
            app.notify(f"notice {number}", timeout=60)
        first = await shown()
        app.clear_notifications()
        await pilot.pause(0.2)
        app.notify("last", timeout=60)
        last = await shown()
    print(f"6 notices: {first[1]} toasts {first[0]}; cleared, and one more: {last[1]} toast {last[0]}")


asyncio.run(main())
PY

seen=$(env/bin/python show.py)
echo "$seen"
[ "$seen" = "6 notices: 6 toasts in 6 holders; cleared, and one more: 1 toast in 7 holders" ]
