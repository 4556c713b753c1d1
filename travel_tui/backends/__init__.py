"""Implementations of the `Agent` interface, one package per service."""
