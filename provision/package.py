"""The Lambda function's code as a zip file whose bytes depend on its source alone."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from pathlib import Path

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The oldest date that a zip file can hold."""


def package(folder: Path) -> bytes:
    """A zip of the Python files in `folder`: the same source gives the same bytes on any machine.

    Stored, not compressed: zlib's output differs between its versions.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as bundle:
        for file in sorted(folder.glob("*.py"), key=lambda each: each.name):
            entry = zipfile.ZipInfo(file.name, LONG_AGO)
            entry.create_system = 3  # Unix, also where it is made on Windows
            entry.external_attr = 0o100644 << 16
            bundle.writestr(entry, file.read_bytes().replace(b"\r\n", b"\n"))
    return packed.getvalue()


def digest(content: bytes) -> str:
    """What Lambda calls CodeSha256."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()
