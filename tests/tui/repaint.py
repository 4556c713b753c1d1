"""Detection of stale screen content, which would look different if it were drawn now."""

from __future__ import annotations

from textual.strip import Strip

from travel_tui.screenshots.pilot_user import PilotUser


def cells(user: PilotUser) -> list[Strip]:
    """Return the screen's rows, each with its text and styles; adjacent segments of one style are merged."""
    return [strip.simplify() for strip in user.strips()]


def stale(user: PilotUser) -> list[str]:
    """Return the rows that look different when every widget is drawn anew, as they are and as they should be.

    No task runs in between, so that a poll of the memory or a timer cannot change what is compared.
    """
    before = cells(user)
    for screen in (*user.app._background_screens, user.app.screen):
        for widget in screen._compositor.full_map:
            widget.refresh()
    return [
        f"row {row}: {was.text!r} should be {now.text!r}"
        for row, (was, now) in enumerate(zip(before, cells(user), strict=True))
        if was != now
    ]
