"""Pagination of lists."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from typing import TypeVar

from travel_tui.local.wire.errors import ServiceError

T = TypeVar("T")


def page(
    items: Iterable[T], key: Callable[[T], str], size: int, token: str | None, refusal: str = "ValidationException"
) -> tuple[list[T], str | None]:
    """Return the page for a token, sorted by key, and the next page's token; None on the last page.

    An invalid token raises the error `refusal`.
    """
    after = "" if token is None else _read(token, refusal)
    found = sorted((item for item in items if key(item) > after), key=key)
    shown = found[:size]
    return shown, _write(key(shown[-1])) if len(found) > size else None


def _write(key: str) -> str:
    return base64.urlsafe_b64encode(b"\x01" + key.encode()).decode()


def _read(token: str, refusal: str) -> str:
    try:
        content = base64.urlsafe_b64decode(token)
        if content[:1] == b"\x01":
            return content[1:].decode()
    except ValueError:
        pass
    raise ServiceError(refusal, "The token of the next page is not one that this operation returned.")
