"""Export of a conversation and its memory to files, and loading them again; independent of the screen."""
