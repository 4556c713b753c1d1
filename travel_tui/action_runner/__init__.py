"""Runs a Lambda function's code in a process of its own.

This keeps a function's mistakes away from the process that calls it; it is no sandbox. The code runs as the same
user, with that user's files and network, and a process that makes itself a new session escapes the clean-up.
"""

from __future__ import annotations

from travel_tui.action_runner.runner import ActionRunner, Invocation

__all__ = ["ActionRunner", "Invocation"]
