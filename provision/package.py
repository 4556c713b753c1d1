"""Reproducible zip file of the Lambda function's code."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from pathlib import Path

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The oldest date that a zip file can represent."""


def package(folder: Path) -> bytes:
    """Return a zip of the Python files in `folder`: the same source gives the same bytes on any machine.

    Stored without compression: zlib's output differs between its versions.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as bundle:
        for file in sorted(folder.glob("*.py"), key=lambda each: each.name):
            entry = zipfile.ZipInfo(file.name, LONG_AGO)
            entry.create_system = 3  # Unix, even if created on Windows
            entry.external_attr = 0o100644 << 16
            bundle.writestr(entry, file.read_bytes().replace(b"\r\n", b"\n"))
    return packed.getvalue()


def digest(content: bytes) -> str:
    """Return the digest that Lambda calls CodeSha256."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()
