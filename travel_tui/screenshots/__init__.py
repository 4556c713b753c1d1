"""Reproducible screenshots of every state of the client, for tests and docs.

Nothing here uses a network: the agent's answers are replayed from a recording of the local endpoint.
"""
