"""Pictures of the client: every state of its screens, the same each time, for tests, docs and whoever wants one.

Nothing here reaches a network: what an agent answers is played from a recording of the local endpoint.
"""
