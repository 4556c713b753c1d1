"""Capabilities of harnesses and memories of Amazon Bedrock AgentCore, as botocore's service models have them."""

from __future__ import annotations

from travel_tui.backends.agentcore.actor import MEMORY_ID, SESSION_ID
from travel_tui.capabilities import Capabilities

MAX_TEXT = 25_000_000
"""Characters of a turn: the model has no maximum; 100 MB is the most that a request may have."""

AGENTCORE = Capabilities(
    max_text=MAX_TEXT,
    id_pattern=MEMORY_ID,
    id_rule=(
        "An id has up to 255 characters: letters A to Z, digits, hyphen, underscore, slash, colon, full stop; first "
        "a letter or a digit."
    ),
    session_id_pattern=SESSION_ID,
    session_id_rule="A session id of a harness has 33 to 100 characters: letters A to Z, digits, hyphen, underscore.",
    session_id_least=33,
    ends_sessions=False,  # there is no operation for it
    tells_injected=False,  # no event of the stream does
    session_attributes=False,  # InvokeHarness has none
    edits_records=True,  # BatchUpdateMemoryRecords
    lists_users=True,  # ListActors
    has_namespaces=True,
    deletions_lag=True,  # a list still has deleted records for minutes
)
