"""Controllers of the main screen, one per concern."""
