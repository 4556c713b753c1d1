"""The setting of the agent that a command's options name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from travel_tui.cli.agent_options import AgentSelection
    from travel_tui.clock import Clock
    from travel_tui.ids import Ids
    from travel_tui.tui.context import AppContext


def chosen_context(which: AgentSelection, clock: Clock, ids: Ids) -> AppContext:
    """The setting of the agent that the options name, the demo's among them. Raises click's exceptions."""
    from dataclasses import replace

    from travel_tui.cli.app_context import app_context
    from travel_tui.cli.demo_context import check_state, demo_context
    from travel_tui.paths import archive_file, local_state

    if which.demo:
        state = local_state() / "demo"
        check_state(state)
        return demo_context(which, clock, ids, archive_file(), state)
    config = which.require("--demo speaks to the agent of `travel-tui demo`")
    return replace(app_context(config, clock, ids, archive_file()), options=which.options)
