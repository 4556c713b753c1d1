"""Capabilities of Agents for Amazon Bedrock, as botocore's service models have them."""

from __future__ import annotations

from travel_tui.agent import ID_PATTERN, ID_RULE, MAX_TEXT
from travel_tui.capabilities import Capabilities

BEDROCK_AGENTS = Capabilities(
    max_text=MAX_TEXT,
    id_pattern=ID_PATTERN,
    id_rule=ID_RULE,
    ends_sessions=True,  # InvokeAgent's endSession
    tells_injected=True,  # the prompt of orchestration is in the trace
    session_attributes=True,  # InvokeAgent's sessionState
    edits_records=False,  # there are GetAgentMemory and DeleteAgentMemory, and no update
    lists_users=False,  # GetAgentMemory needs a memoryId
    has_namespaces=False,  # a memory has the summaries of sessions
)
