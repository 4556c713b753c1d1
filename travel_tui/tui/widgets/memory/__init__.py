"""Widgets of the memory panel."""
