"""The zip file of a Lambda function."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from typing import Any

from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_LARGEST = 262_144_000
"""Maximum bytes of a function's unzipped code (Lambda quotas)."""


def read_zip(code: Params) -> bytes:
    """Return the zip file of CreateFunction's Code or UpdateFunctionCode. Raises InvalidParameterValueException."""
    content: bytes = code.get("ZipFile", b"")
    if not content:
        raise invalid_parameter_error("Please provide a source for function code.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            size = sum(entry.file_size for entry in bundle.infolist())
            empty = not bundle.infolist()
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError):
        raise invalid_parameter_error(
            "Could not unzip uploaded file. Please check your file, then try to upload again."
        ) from None
    if empty:
        raise invalid_parameter_error("Uploaded file must be a non-empty zip")
    if size > _LARGEST:
        raise invalid_parameter_error(f"Unzipped size must be smaller than {_LARGEST} bytes")
    return content


def described(content: bytes) -> dict[str, Any]:
    """Return a configuration's members about the code; sha256 is the key under which it is stored."""
    digest = hashlib.sha256(content)
    return {
        "CodeSize": len(content),
        "CodeSha256": base64.b64encode(digest.digest()).decode(),
        "sha256": digest.hexdigest(),
    }


def invalid_parameter_error(message: str) -> ServiceError:
    """Return the error for invalid input."""
    return ServiceError("InvalidParameterValueException", message)
