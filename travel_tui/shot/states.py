"""Every state that a picture can be taken of, by its name."""

from __future__ import annotations

from collections.abc import Mapping

from travel_tui.shot import elsewhere, remembering, story, taken_along, talking
from travel_tui.shot.scene import State

STATES: Mapping[str, State] = {
    **story.STATES,
    **talking.STATES,
    **remembering.STATES,
    **taken_along.STATES,
    **elsewhere.STATES,
}
