"""kill -9: what was acknowledged is there afterwards, and pending extractions are done."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from tests.endpoint import client_at, endpoint_process, until
from tests.local.agentcore.clients import DEMO, call_in, result, said, session_id

ARN = f"arn:aws:bedrock-agentcore:us-east-1:123456789012:harness/{DEMO}"


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    session = session_id()
    with endpoint_process(tmp_path / "state", "--extraction-delay", "1") as endpoint:
        with closing(client_at(endpoint.url, None, "bedrock-agentcore")) as data:

            def invoke(content: object) -> list[dict[str, object]]:
                answer = data.invoke_harness(
                    harnessArn=ARN,
                    runtimeSessionId=session,
                    actorId="anna",
                    messages=[{"role": "user", "content": content}],
                )
                return list(answer["stream"])

            invoke([{"text": "My name is Edda. I am allergic to penicillin."}])
            asked = invoke([{"text": "Book a flight from Boston to Paris, 2031-09-01 to 2031-09-08"}])
            tool_use_id, *_ = call_in(asked)
        endpoint.process.kill()
        endpoint.process.wait()
    with (
        endpoint_process(tmp_path / "state", "--extraction-delay", "1") as endpoint,
        closing(client_at(endpoint.url, None, "bedrock-agentcore")) as data,
    ):
        events = data.list_events(memoryId=DEMO, actorId="anna", sessionId=session)["events"]
        assert len(events) == 2
        answer = data.invoke_harness(
            harnessArn=ARN,
            runtimeSessionId=session,
            actorId="anna",
            messages=[
                {"role": "user", "content": result(tool_use_id, "Successfully booked. Your booking_id is 1a2b3c4d")}
            ],
        )
        assert "1a2b3c4d" in said(list(answer["stream"]))
        asked_of = {"memoryId": DEMO, "namespacePath": "/facts/anna/"}
        until(lambda: "penicillin" in str(data.list_memory_records(**asked_of)["memoryRecordSummaries"]))
