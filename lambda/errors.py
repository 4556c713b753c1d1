"""Why a call comes to nothing: the user has to be asked, or nothing the user says can mend it."""

from __future__ import annotations


class AskUserError(Exception):
    """The call will not do as it is; the message tells the model why and what to ask the user."""


class FailedError(Exception):
    """The call failed whatever its parameters; the message tells the model why."""


class StorageError(FailedError):
    """The bookings cannot be read or written, for the reason given."""

    def __init__(self, why: str) -> None:
        super().__init__(f"It did not work: {why}. Tell the user to try again later.")
