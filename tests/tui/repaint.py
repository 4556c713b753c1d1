"""Detection of stale screen content, which would look different if it were drawn now."""

from __future__ import annotations

from travel_tui.screenshots.pilot_user import PilotUser


def cells(user: PilotUser) -> list[str]:
    """Return the screen's rows, each with its text and styles; adjacent segments of one style are merged."""
    return [repr(list(strip.simplify())) for strip in user.strips()]


def stale(user: PilotUser) -> list[str]:
    """Return the rows that look different when every widget is drawn anew, as they are and as they should be.

    No task runs in between, so that a poll of the memory or a timer cannot change what is compared.
    """
    before, texts = cells(user), [strip.text for strip in user.strips()]
    for screen in (*user.app._background_screens, user.app.screen):
        for widget in screen._compositor.full_map:
            widget.refresh()
    return [
        f"row {row}: {texts[row]!r} should be {strip.text!r}"
        for row, (strip, was, now) in enumerate(zip(user.strips(), before, cells(user), strict=True))
        if was != now
    ]
