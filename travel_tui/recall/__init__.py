"""Recall checks: loaded from YAML, run on an agent, and reported with where recall failed."""
