"""python -m travel_tui: the same as the travel-tui command."""

from travel_tui.cli import main

main()
