"""A terminal client for agents with long-term memory."""

__version__ = "0.1.0"
