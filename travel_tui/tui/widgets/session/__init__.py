"""Widgets of the session panel."""
