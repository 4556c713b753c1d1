"""Problems to show for errors that are not a turn's."""

from __future__ import annotations

import logging

from travel_tui.agent import AgentError, ErrorKind, Problem

_LOG = logging.getLogger(__name__)


def problem_of(error: BaseException) -> Problem:
    """Return the Problem to show for an AgentError or ArchiveError."""
    return error.problem if isinstance(error, AgentError) else Problem(ErrorKind.ARCHIVE, str(error))


def unexpected(error: BaseException, what: str) -> Problem:
    """Return the Problem to show for an error in a background task, whatever it is; `what` did not work."""
    if isinstance(error, AgentError):
        return error.problem
    _LOG.info("unexpected failure", exc_info=error)  # a warning would print the traceback on the terminal
    advice = "F5 tries again. If it comes back, please report it."
    return Problem(ErrorKind.UNKNOWN, what, f"{type(error).__name__}: {error}", advice)
