"""Runs the code of a Lambda function in a separate process.

This isolates the caller from the function's crashes; it is no sandbox. The code runs as the same user, with that user's
files and network, and a process that starts a new session escapes the clean-up.
"""

from __future__ import annotations

from travel_tui.action_runner.runner import ActionRunner, InvocationResult

__all__ = ["ActionRunner", "InvocationResult"]
