"""Copying: onto the desktop's clipboard where there is one, else to the terminal, and the truth about which."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

LARGEST = 74_000
"""Bytes that go to a terminal in one OSC 52 sequence: xterm and tmux take 100,000 of base64 and drop longer ones."""


async def copy(app: App[str], text: str, what: str, environment: Mapping[str, str] = os.environ) -> None:
    """Copy `text`, and tell the person what became of it; `what` is its name."""
    said = await copied(app, text, environment)
    app.notify(f"{what[:1].upper()}{what[1:]} {said}", markup=False)


async def copied(app: App[str], text: str, environment: Mapping[str, str] = os.environ) -> str:
    """Copy `text`; what became of it, in words that follow its name."""
    if "SSH_CONNECTION" not in environment:  # there, the desktop is not the one that the person sits at
        import pyperclip

        try:
            await asyncio.to_thread(pyperclip.copy, text)
        except pyperclip.PyperclipException:
            pass
        else:
            app._clipboard = text
            return "is on the clipboard."
    if len(text.encode(errors="replace")) > LARGEST:
        return "is too long for the terminal's clipboard, and there is no other. /export writes it to a file."
    app.copy_to_clipboard(text)
    return "was sent to the terminal's clipboard; not every terminal takes it."
