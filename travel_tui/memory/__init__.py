"""Polling and analysis of a memory: changes, omissions, and the source of each fact in an answer. Does no I/O."""
