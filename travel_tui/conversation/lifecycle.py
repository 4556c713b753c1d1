"""Life cycle of a session, from its first turn to its memory: the one rule for the screen and the commands."""

from __future__ import annotations

from enum import StrEnum


class SessionState(StrEnum):
    """State of a session in its life cycle."""

    OPEN = "open"
    ENDING = "ending"
    ENDED = "ended"
    """Ended without a memory: it had no memory id, or no turn, or its agent's state was removed."""
    SUMMARISING = "summarising"
    STORED = "stored"
    OVERDUE = "overdue"
    FORGOTTEN = "forgotten"
    """Its memory was stored and is gone."""


def session_state(
    *,
    ended: bool,
    ending: bool = False,
    remembers: bool = True,
    stored: bool = False,
    forgotten: bool = False,
    overdue: bool = False,
) -> SessionState:
    """Return where a session stands.

    `remembers` tells whether a memory is expected after its end; `stored` whether the memory has a record of it now,
    `forgotten` whether it had one; `overdue` whether the wait for one takes longer than usual.
    """
    if not ended:
        return SessionState.ENDING if ending else SessionState.OPEN
    if stored:
        return SessionState.STORED
    if forgotten:
        return SessionState.FORGOTTEN
    if not remembers:
        return SessionState.ENDED
    return SessionState.OVERDUE if overdue else SessionState.SUMMARISING
