"""Widgets of the trace screen."""
