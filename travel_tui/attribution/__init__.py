"""Where the facts of an answer come from, what a summary lacks of its session, and why something was not recalled.

Works on plain texts keyed by ids: no I/O, no model, and the same result for the same input.
"""
