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
"""Bytes that a function's code may have unzipped (Lambda quotas)."""


def read_zip(code: Params) -> bytes:
    """The zip file in CreateFunction's Code or in UpdateFunctionCode's input; raises InvalidParameterValueException."""
    for elsewhere in ("S3Bucket", "S3Key", "ImageUri"):
        if elsewhere in code:
            raise refused(f"The local endpoint takes a function's code as ZipFile alone, not as {elsewhere}.")
    content: bytes = code.get("ZipFile", b"")
    if not content:
        raise refused("Please provide a source for function code.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            size = sum(entry.file_size for entry in bundle.infolist())
            empty = not bundle.infolist()
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError):
        raise refused("Could not unzip uploaded file. Please check your file, then try to upload again.") from None
    if empty:
        raise refused("Uploaded file must be a non-empty zip")
    if size > _LARGEST:
        raise refused(f"Unzipped size must be smaller than {_LARGEST} bytes")
    return content


def described(content: bytes) -> dict[str, Any]:
    """What a function's configuration says of its code; sha256 is under what it is kept."""
    digest = hashlib.sha256(content)
    return {
        "CodeSize": len(content),
        "CodeSha256": base64.b64encode(digest.digest()).decode(),
        "sha256": digest.hexdigest(),
    }


def refused(message: str) -> ServiceError:
    """The error of input that cannot be."""
    return ServiceError("InvalidParameterValueException", message)
