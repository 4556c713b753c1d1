"""Durations of the transitional states of AWS resources: zero by default, on demand about as long as on AWS.

All are in seconds of the endpoint's clock.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changes:
    """Seconds that a resource is CREATING, UPDATING and DELETING."""

    creating: float = 0.0
    updating: float = 0.0
    deleting: float = 0.0


@dataclass(frozen=True, slots=True)
class Durations:
    """Seconds from a call to the state that follows it."""

    role_propagation: float = 0.0
    """From CreateRole until a service can assume the role."""
    agent: Changes = Changes()
    agent_preparing: float = 0.0
    alias_changing: float = 0.0
    """CREATING, UPDATING and DELETING of an alias; DELETING of a version."""
    function_pending: float = 0.0
    function_updating: float = 0.0
    table: Changes = Changes()
    time_to_live_changing: float = 0.0
    summary: tuple[float, float] = (3.0, 3.0)
    """Minimum and maximum from the end of a session to its summary; shorter than on AWS, to keep demos quick."""
    memory: Changes = Changes()
    harness: Changes = Changes()
    """Its endpoints take as long as its UPDATING for all of their changes."""
    extraction: tuple[float, float] = (2.0, 2.0)
    """Minimum and maximum from an event to the records made of it; shorter than on AWS, to keep demos quick."""
    episode_idle: tuple[float, float] = (10.0, 10.0)
    """Minimum and maximum from a session's last event to its episode."""
    record_deletion_lag: float = 3.0
    """How long a deleted record is still listed, with the fault deletion-lags."""


DEFAULT = Durations()
"""Transitional states end before the next request is read."""

REALISTIC = Durations(
    # "changes … are not always immediately visible" (IAM user guide, troubleshoot_general); the reference notebook
    # pauses for 10 s after CreateRole.
    role_propagation=10.0,
    # The reference notebook pauses for 30 s after CreateAgent and after PrepareAgent, which is more than they take:
    # terraform-provider-aws polls every few seconds and finds agents ready after some of them.
    agent=Changes(creating=4.0, updating=2.0, deleting=5.0),
    agent_preparing=8.0,
    alias_changing=5.0,
    # boto3's waiters function_active_v2 and function_updated_v2 poll every 1 s; a zip without a VPC is Active within
    # the first few polls.
    function_pending=3.0,
    function_updating=2.0,
    # boto3's waiter table_exists polls every 20 s, because a table takes "several seconds" (DynamoDB developer guide);
    # TTL changes "can take up to one hour" (UpdateTimeToLive), which no test waits for.
    table=Changes(creating=8.0, updating=5.0, deleting=5.0),
    time_to_live_changing=60.0,
    # AWS documents "several minutes" (user guide, agents-memory); the reference notebook's output shows 46.7 s.
    summary=(20.0, 60.0),
    # boto3's waiter memory_created polls every 2 s for two minutes. How long memories and harnesses take was not
    # measured.
    memory=Changes(creating=20.0, updating=10.0, deleting=10.0),
    harness=Changes(creating=20.0, updating=10.0, deleting=10.0),
    # "A minute or more" (AgentCore developer guide, long-term memory); measured about 70 s. Episodes wait for about 15
    # minutes without an event: 18 to 20 minutes were measured. Deleted records were listed for up to five minutes.
    extraction=(60.0, 80.0),
    episode_idle=(1080.0, 1200.0),
    record_deletion_lag=240.0,
)
"""About as long as on AWS."""

LONGEST = 60.0
"""Upper limit of every duration of a transitional state, in either set."""
