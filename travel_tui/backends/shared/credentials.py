"""Access keys for a loopback endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credentials:
    """Access keys for a loopback endpoint; real ones are left to boto3's own chain."""

    access_key: str
    secret_key: str = field(repr=False)
