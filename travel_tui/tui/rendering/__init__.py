"""Converts data to text and cells, and paces frames; holds no state of the client."""
