"""Entry point of `python -m travel_tui`; same as the `travel-tui` command."""

from travel_tui.cli import main

main()
