"""The terminal: drivers, input parsing, and closing the application when the terminal closes."""
