"""Settings of one run of the local endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from travel_tui.listener import is_loopback
from travel_tui.local.durations import DEFAULT, REALISTIC, Durations
from travel_tui.local.faults import Fault
from travel_tui.local.models.choice import ModelChoice

if TYPE_CHECKING:
    from travel_tui.local.agent_model import SummaryStyle

ACCOUNT = "123456789012"
"""The default account; AWS's own example number."""
DEFAULT_PORT = 4571
DEFAULT_PACE = 80.0
"""Tokens a second. Small, fast hosted models write about 50 to 150."""
DEFAULT_SUMMARY_DELAY = DEFAULT.summary[0]
"""Seconds from a session's end to its summary."""
DEFAULT_EXTRACTION_DELAY = DEFAULT.extraction[0]
"""Seconds from an event to the records made of it."""
_IDLE_FACTOR = DEFAULT.episode_idle[0] / DEFAULT.extraction[0]


@dataclass(frozen=True, slots=True)
class Settings:
    """The flags of `travel-tui local`."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    """Port to listen on; 0 lets the system choose one."""
    state: Path | None = None
    """State folder; None keeps the state in memory."""
    summary_delay: float | None = None
    """Seconds from a session's end to its summary; None leaves it to `realistic`."""
    extraction_delay: float | None = None
    """Seconds from an event of an AgentCore memory to its records; None leaves it to `realistic`."""
    summary_format: SummaryStyle = "topics"
    pace: float = DEFAULT_PACE
    """Tokens a second at which answers are streamed; 0 sends them without delay."""
    seed: int | None = None
    now: datetime | None = None
    tz: tzinfo | None = None
    """Time zone of `today`; None means that of `now`, else the machine's."""
    require_key: bool = False
    allow_uploads: bool = False
    """Accept Lambda code even if the endpoint requires a key or is reachable from other machines."""
    realistic: bool = False
    """Make state changes take about as long as on AWS."""
    faults: tuple[Fault, ...] = ()
    latency: float = 0.0
    """Seconds of delay before every response."""
    model: ModelChoice | None = None
    """What answers; None for the scripted agent."""
    region: str = "us-east-1"
    """Region of requests that are not signed; a signed request names its own."""
    account: str = ACCOUNT
    """The account that every request is attributed to: twelve digits."""

    @property
    def summary_delays(self) -> tuple[float, float]:
        """Minimum and maximum seconds from a session's end to its summary."""
        if self.summary_delay is not None:
            return self.summary_delay, self.summary_delay
        return self.durations.summary

    @property
    def extraction_delays(self) -> tuple[float, float]:
        """Minimum and maximum seconds from an event to the records made of it."""
        if self.extraction_delay is not None:
            return self.extraction_delay, self.extraction_delay
        return self.durations.extraction

    @property
    def episode_delays(self) -> tuple[float, float]:
        """Minimum and maximum seconds from a session's last event to its episode: five times an extraction's."""
        if self.extraction_delay is not None:
            return _IDLE_FACTOR * self.extraction_delay, _IDLE_FACTOR * self.extraction_delay
        return self.durations.episode_idle

    @property
    def durations(self) -> Durations:
        """Durations of the transitional states of resources."""
        return REALISTIC if self.realistic else DEFAULT

    @property
    def key_required(self) -> bool:
        """Whether requests must be signed with this start's key; always true if other machines can send them."""
        return self.require_key or not is_loopback(self.host)

    @property
    def takes_uploads(self) -> bool:
        """Whether Lambda code is accepted, which then runs as this machine's user."""
        return self.allow_uploads or not self.key_required
