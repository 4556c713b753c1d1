"""Subsets of large test matrices: `make test` and `make check` run a part, `make test-all` all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def in_part(values: Iterable[Any], share: int) -> list[Any]:
    """Return the values as test parameters; only one of every `share` is not marked slow."""
    return [
        value if number % share == 0 else pytest.param(value, marks=pytest.mark.slow)
        for number, value in enumerate(values)
    ]


def rows_in_part(rows: Iterable[tuple[Any, ...]], share: int) -> list[Any]:
    """Return rows of values for several parameters as `in_part` does single values."""
    return [pytest.param(*row, marks=[pytest.mark.slow] if number % share else []) for number, row in enumerate(rows)]
