"""Which screen shows which notifications: the one that it was raised on and those below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from textual.notifications import Notification
from textual.screen import Screen


class Notices:
    """Maps each notification to the screen it was raised on."""

    def __init__(self) -> None:
        self._raised_on: dict[str, Screen[Any]] = {}

    def raised(self, notification: Notification, screen: Screen[Any], all_of_them: Iterable[Notification]) -> None:
        """Record the screen of a notification; `all_of_them` are the active notifications."""
        left = {each.identity for each in all_of_them}
        self._raised_on = {each: where for each, where in self._raised_on.items() if each in left}
        self._raised_on[notification.identity] = screen

    def on_top(self, notifications: Iterable[Notification], stack: Sequence[Screen[Any]]) -> list[Notification]:
        """Return the notifications for the top screen of `stack`, oldest first: none raised on a screen below."""
        return [each for each in notifications if self._raised_on.get(each.identity) not in stack[:-1]]
