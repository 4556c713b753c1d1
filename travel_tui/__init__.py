"""A terminal client for agents with long-term memory."""

__version__ = "0.1.0"

UPGRADE = (
    "Upgrade travel-tui as it was installed (`pipx upgrade travel-tui`, `uv tool upgrade travel-tui`, or `git pull`)"
)
"""Advice for a file written by a newer version. The caller appends a full stop or the rest of the sentence."""
