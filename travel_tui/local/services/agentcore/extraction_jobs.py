"""Failed extraction jobs: listed, and started again."""

from __future__ import annotations

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.agentcore.lookups import PAGE, memory_of, not_found_error
from travel_tui.local.services.agentcore.page_tokens import read_token, write_token
from travel_tui.local.services.agentcore.tokens import find_result, keep_result
from travel_tui.local.state.extraction_queue import FailedJob
from travel_tui.local.wire.call import Params

_FILTERS = ("strategyId", "sessionId", "actorId", "status")


def list_memory_extraction_jobs(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListMemoryExtractionJobs: only failed ones, as on AWS."""
    memory, size = memory_of(endpoint, params), params.get("maxResults", PAGE)
    (after,) = read_token(params.get("nextToken"), (int,)) or (0,)
    wanted = {name: value for name, value in params.get("filter", {}).items() if name in _FILTERS}
    listed = [(job.row, _shown(endpoint, job)) for job in endpoint.agentcore.queue.failed(memory["arn"])]
    found = [
        (row, job) for row, job in listed if row > after and all(job[name] == value for name, value in wanted.items())
    ]
    page = found[:size]
    token = write_token(page[-1][0]) if len(found) > size else None
    return {"jobs": [job for _, job in page], "nextToken": token}


def start_memory_extraction_job(endpoint: RegionalEndpoint, params: Params) -> Params:
    """StartMemoryExtractionJob: runs a failed job again."""
    memory, wanted = memory_of(endpoint, params), params["extractionJob"]["jobId"]
    if done := find_result(endpoint, memory["arn"], params):
        return done
    for job in endpoint.agentcore.queue.failed(memory["arn"]):
        if job.job_id == wanted:
            endpoint.agentcore.extraction.retry(job)
            result = {"jobId": job.job_id}
            keep_result(endpoint, memory["arn"], params, result)
            return result
    raise not_found_error(f"Extraction job not found: {wanted}")


def _shown(endpoint: RegionalEndpoint, job: FailedJob) -> Params:
    events = endpoint.agentcore.events.by_rows(job.events)
    messages = [
        {"eventId": event.event_id, "messageIndex": index}
        for event in events
        for index in range(len(event.document.get("payload", [])))
    ]
    return {
        "jobID": job.job_id,
        "messages": {"messagesList": messages},
        "status": "FAILED",
        "failureReason": job.reason,
        "strategyId": job.strategy_id,
        "sessionId": job.key.session_id,
        "actorId": job.key.actor_id,
    }
