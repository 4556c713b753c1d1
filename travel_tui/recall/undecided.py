"""The error of a test that cannot tell whether it passes."""

from __future__ import annotations


class UndecidedError(Exception):
    """The test cannot continue; the message says why."""
