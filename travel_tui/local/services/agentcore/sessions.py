"""Lists of actors and of their sessions. Both stay listed when their events are gone, as on AWS."""

from __future__ import annotations

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.agentcore.lookups import PAGE, memory_of
from travel_tui.local.services.agentcore.page_tokens import read_token, write_token
from travel_tui.local.wire.call import Params


def list_actors(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListActors: ids only."""
    memory, size = memory_of(endpoint, params), params.get("maxResults", PAGE)
    (after,) = read_token(params.get("nextToken"), (str,)) or ("",)
    found = endpoint.agentcore.events.actors(memory["arn"], after, size + 1)
    page = found[:size]
    token = write_token(page[-1]) if len(found) > size else None
    return {"actorSummaries": [{"actorId": actor} for actor in page], "nextToken": token}


def list_sessions(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListSessions: of one actor; with the filter HAS_EVENTS those that still have events."""
    memory, size, actor = memory_of(endpoint, params), params.get("maxResults", PAGE), params["actorId"]
    (after,) = read_token(params.get("nextToken"), (str,)) or ("",)
    found = endpoint.agentcore.events.sessions(
        memory["arn"],
        actor,
        with_events=params.get("filter", {}).get("eventFilter") == "HAS_EVENTS",
        after=after,
        limit=size + 1,
    )
    page = found[:size]
    token = write_token(page[-1][0]) if len(found) > size else None
    listed = [{"sessionId": name, "actorId": actor, "createdAt": created} for name, created in page]
    return {"sessionSummaries": listed, "nextToken": token}
