"""All states available for screenshots, by name."""

from __future__ import annotations

from collections.abc import Mapping

from travel_tui.screenshots import chat_states, export_states, memory_states, other_states, story_states
from travel_tui.screenshots.scene import State

STATES: Mapping[str, State] = {
    **story_states.STATES,
    **chat_states.STATES,
    **memory_states.STATES,
    **export_states.STATES,
    **other_states.STATES,
}
