"""What one run of the local endpoint is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from travel_tui.local.guard import is_loopback

ACCOUNT = "123456789012"
"""The account that everything here belongs to; AWS's own example number."""
DEFAULT_PORT = 4571
DEFAULT_PACE = 80.0
"""Tokens a second. Hosted models of the small, fast kind write about 50 to 150."""
DEFAULT_SUMMARY_DELAY = 3.0
"""Seconds. AWS takes from half a minute to several; a demo should not."""

SummaryFormat = Literal["topics", "prose"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The flags of `travel-tui local`."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    """0 lets the system pick one."""
    state: Path | None = None
    """The folder that keeps the state; None keeps it in memory."""
    summary_delay: float = DEFAULT_SUMMARY_DELAY
    """Seconds from a session's end to its summary."""
    summary_format: SummaryFormat = "topics"
    pace: float = DEFAULT_PACE
    """Tokens a second at which answers are written; 0 writes them at once."""
    seed: int | None = None
    now: datetime | None = None
    require_key: bool = False
    region: str = "us-east-1"

    @property
    def key_required(self) -> bool:
        """Whether requests must be signed with the key of this start; always so where other machines can send them."""
        return self.require_key or not is_loopback(self.host)
