"""JSON of requests and responses, as RFC 8259 has it: Python's own reader and writer take more."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from travel_tui.local.unicode import well_formed

_MAX_DIGITS = 4_000
"""Maximum digits of a whole number (Python reads 4,300)."""


class JsonError(ValueError):
    """The content is not JSON; the message continues a sentence that says so with the place or the reason."""


def read_json(content: bytes) -> Any:
    """Parse JSON. Raises JsonError."""
    try:
        text = content.decode()
        return json.loads(text, parse_constant=_refuse_constant, parse_int=_whole_number)
    except UnicodeDecodeError as error:
        raise JsonError(f"byte {error.start + 1} is not UTF-8") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise JsonError(f"it ends too early, at {place}" if error.pos >= len(text) else f"see {place}") from error
    except RecursionError as error:
        raise JsonError("it is nested too deep") from error


def write_json(value: Any) -> bytes:
    """Encode a value as JSON, in UTF-8."""
    return well_formed(json.dumps(value, ensure_ascii=False, separators=(",", ":"))).encode()


def _refuse_constant(name: str) -> NoReturn:
    raise JsonError(f"{name} is no number in it")


def _whole_number(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise JsonError(f"a number has more than {_MAX_DIGITS:,} digits")
    return int(digits)
