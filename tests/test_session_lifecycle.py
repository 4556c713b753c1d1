"""Where a session stands."""

from __future__ import annotations

import pytest

from travel_tui.conversation.lifecycle import SessionState, session_state


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"ended": False}, SessionState.OPEN),
        ({"ended": False, "ending": True}, SessionState.ENDING),
        ({"ended": False, "stored": True}, SessionState.OPEN),
        ({"ended": True}, SessionState.SUMMARISING),
        ({"ended": True, "overdue": True}, SessionState.OVERDUE),
        ({"ended": True, "overdue": True, "stored": True}, SessionState.STORED),
        ({"ended": True, "stored": True, "forgotten": True}, SessionState.STORED),
        ({"ended": True, "forgotten": True, "overdue": True}, SessionState.FORGOTTEN),
        ({"ended": True, "remembers": False, "overdue": True}, SessionState.ENDED),
    ],
)
def test_where_a_session_stands_follows_from_what_was_seen_of_it(facts: dict[str, bool], state: SessionState) -> None:
    assert session_state(**facts) is state
