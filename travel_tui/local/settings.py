"""What one run of the local endpoint is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from travel_tui.local.durations import DEFAULT, REALISTIC, Durations
from travel_tui.local.faults import Fault
from travel_tui.local.guard import is_loopback

ACCOUNT = "123456789012"
"""The account that everything here belongs to; AWS's own example number."""
DEFAULT_PORT = 4571
DEFAULT_PACE = 80.0
"""Tokens a second. Hosted models of the small, fast kind write about 50 to 150."""
DEFAULT_SUMMARY_DELAY = DEFAULT.summary[0]
"""Seconds."""

SummaryFormat = Literal["topics", "prose"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The flags of `travel-tui local`."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    """0 lets the system pick one."""
    state: Path | None = None
    """The folder that keeps the state; None keeps it in memory."""
    summary_delay: float | None = None
    """Seconds from a session's end to its summary; None leaves them to `realistic`."""
    summary_format: SummaryFormat = "topics"
    pace: float = DEFAULT_PACE
    """Tokens a second at which answers are written; 0 writes them at once."""
    seed: int | None = None
    now: datetime | None = None
    require_key: bool = False
    allow_uploads: bool = False
    """Take Lambda functions' code although the endpoint is locked or others than this machine reach it."""
    realistic: bool = False
    """Let things take the time that they take on AWS."""
    faults: tuple[Fault, ...] = ()
    latency: float = 0.0
    """Seconds that every answer waits before it begins."""
    region: str = "us-east-1"

    @property
    def summary_delays(self) -> tuple[float, float]:
        """Seconds from a session's end to its summary: the least and the most."""
        if self.summary_delay is not None:
            return self.summary_delay, self.summary_delay
        return self.durations.summary

    @property
    def durations(self) -> Durations:
        """How long the states of resources pass."""
        return REALISTIC if self.realistic else DEFAULT

    @property
    def key_required(self) -> bool:
        """Whether requests must be signed with the key of this start; always so where other machines can send them."""
        return self.require_key or not is_loopback(self.host)

    @property
    def takes_uploads(self) -> bool:
        """Whether Lambda functions' code is taken, which then runs as this machine's user."""
        return self.allow_uploads or not self.key_required
