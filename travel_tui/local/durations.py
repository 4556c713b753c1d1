"""How long the states of AWS's resources pass here: nothing by default, and on demand about as long as on AWS.

All in seconds of the endpoint's clock.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Durations:
    """Seconds from a call to the state that follows on it."""

    role_propagation: float = 0.0
    """From CreateRole until a service can assume the role."""
    agent_creating: float = 0.0
    agent_updating: float = 0.0
    agent_preparing: float = 0.0
    agent_deleting: float = 0.0
    alias_changing: float = 0.0
    """CREATING, UPDATING and DELETING of an alias; of a version, DELETING."""
    function_pending: float = 0.0
    function_updating: float = 0.0
    table_creating: float = 0.0
    table_updating: float = 0.0
    table_deleting: float = 0.0
    time_to_live_changing: float = 0.0
    summary: tuple[float, float] = (3.0, 3.0)
    """From a session's end to its summary: the least and the most. A demo should not wait as long as AWS takes."""


DEFAULT = Durations()
"""A state that passes is over before the next request is read."""

REALISTIC = Durations(
    # "changes … are not always immediately visible" (IAM user guide, troubleshoot_general); the reference notebook
    # pauses for 10 s after CreateRole.
    role_propagation=10.0,
    # The reference notebook pauses for 30 s after CreateAgent and after PrepareAgent, which is more than they take:
    # terraform-provider-aws looks again every few seconds and finds agents ready after some of them.
    agent_creating=4.0,
    agent_updating=2.0,
    agent_preparing=8.0,
    agent_deleting=5.0,
    alias_changing=5.0,
    # boto3's waiters function_active_v2 and function_updated_v2 look again after 1 s; a zip without a VPC is Active
    # within the first few looks.
    function_pending=3.0,
    function_updating=2.0,
    # boto3's waiter table_exists looks again after 20 s, because a table takes "several seconds" (DynamoDB developer
    # guide); TTL changes "can take up to one hour" (UpdateTimeToLive), which no test waits for.
    table_creating=8.0,
    table_updating=5.0,
    table_deleting=5.0,
    time_to_live_changing=60.0,
    # AWS says "several minutes" (user guide, agents-memory); 46.7 s were seen in the reference notebook's output.
    summary=(20.0, 60.0),
)
"""About as long as on AWS."""

LONGEST = 60.0
"""No state lasts longer, in either set."""
