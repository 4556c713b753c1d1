"""Running the screens from a command."""

from __future__ import annotations

import gc
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from travel_tui.tui.setting import Setting


def run(setting: Setting | None, *, config_file: str = "") -> str | None:
    """Run the application; what the person chose to do next, or None. Exits where the application failed."""
    # What is imported and made for the first paint stays to the end, so collecting it then is time lost: the
    # application turns collection on again once it is furnished.
    gc.disable()
    from travel_tui.tui.app import ENDING, TravelApp

    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    app = TravelApp(setting, config_file=config_file)
    choice = app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
    return choice
