"""Mapping of a user's memory id to an actor id, where the service would not take it as it is."""

from __future__ import annotations

import re
from hashlib import sha256

ACTOR_ID = re.compile(r"(?=.{1,255}\Z)[a-zA-Z0-9][a-zA-Z0-9_/-]*(?::[a-zA-Z0-9_/-]+)*")
"""Matches an actor id (CreateEvent in botocore's service model)."""
SESSION_ID = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{32,99}")
"""Matches a session id that InvokeHarness takes (runtimeSessionId in botocore's service model)."""
MEMORY_ID = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.:/-]{0,254}|[0-9a-zA-Z._:-]{2,100}")
"""Matches a memory id: an actor id, or an id as Bedrock Agents takes it, which is mapped to one."""
_SESSION_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,99}")
"""Matches a session id of the memory (CreateEvent in botocore's service model)."""
_DIGITS = 8


def actor_id(memory_id: str) -> str:
    """Return the actor id of a memory id: the same where it fits the service's pattern.

    Otherwise every run of characters that an actor id cannot have becomes a hyphen, and a hash of the memory id
    follows, so that two memory ids never share an actor: `anna.smith` becomes `anna-smith_d935fc13`.
    """
    if ACTOR_ID.fullmatch(memory_id):
        return memory_id
    readable = re.sub(r"[^a-zA-Z0-9_/-]+", "-", memory_id).strip("-_/")[:200] or "user"
    return f"{readable}_{_hash(memory_id)}"


def session_name(session_id: str) -> str:
    """Return a session id of any service as a namespace takes it, mapped like `actor_id` where it does not fit."""
    if _SESSION_NAME.fullmatch(session_id):
        return session_id
    readable = re.sub(r"[^a-zA-Z0-9_-]+", "-", session_id).strip("-_")[:200] or "session"
    return f"{readable}_{_hash(session_id)}"


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGITS]
