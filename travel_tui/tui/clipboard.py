"""Copy text to the clipboard of the browser or the desktop, else through the terminal, and report which was used."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from travel_tui.tui.textual_compat import keep_copied

if TYPE_CHECKING:
    from textual.app import App

LARGEST = 74_000
"""Most bytes sent in one OSC 52 sequence: xterm and tmux accept 100,000 of base64 and drop longer ones."""


async def copy(app: App[str], text: str, what: str, environment: Mapping[str, str] = os.environ) -> None:
    """Copy `text` and notify the user how; `what` names it in the notification: answer, session id."""
    said = await copy_text(app, text, environment)
    app.notify(f"{what[:1].upper()}{what[1:]} {said}", markup=False)


async def copy_text(app: App[str], text: str, environment: Mapping[str, str] = os.environ) -> str:
    """Copy `text`; return how it was copied, as a phrase that follows its name."""
    if app.is_web:
        app.copy_to_clipboard(text)
        return "sent to your browser's clipboard."
    if "SSH_CONNECTION" not in environment:  # over SSH, the remote desktop's clipboard is not the user's
        import pyperclip

        try:
            await asyncio.to_thread(pyperclip.copy, text)
        except pyperclip.PyperclipException:
            pass
        else:
            keep_copied(app, text)
            return "copied to the clipboard."
    if len(text.encode(errors="replace")) > LARGEST:
        return "not copied: too long for the terminal's clipboard. /export writes files."
    app.copy_to_clipboard(text)
    return "copied via OSC 52 (if your terminal supports it)."
