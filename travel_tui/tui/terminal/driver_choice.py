"""Driver choice by TEXTUAL_DRIVER; does not import Textual, so that commands can check it first."""

from __future__ import annotations

_TEXTUALS = "textual.drivers.linux_driver:LinuxDriver"


def paints_on_terminal(named: str | None) -> bool:
    """Return whether the client draws on its terminal; with another driver, such as textual-serve's, it needs none."""
    return named in (None, "", _TEXTUALS)
