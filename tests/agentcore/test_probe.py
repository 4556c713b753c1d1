"""`travel-tui doctor --probe` on the local endpoint's built-in harness."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from provision.probe_points import Answer, about_cancel, about_consolidation, about_import, about_recall
from tests.agentcore.harness import MEMORY
from tests.endpoint import RunningEndpoint, client_at, running_endpoint
from travel_tui.agent import MemoryKind, MemoryRecord
from travel_tui.cli import travel_tui
from travel_tui.local.faults import read_fault
from travel_tui.memory_store import AddedRecord


@pytest.fixture(scope="module")
def running() -> Iterator[RunningEndpoint]:
    with running_endpoint() as found:
        yield found


@pytest.fixture
def endpoint(running: RunningEndpoint) -> Iterator[RunningEndpoint]:
    yield running
    running.do(lambda each: each.faults.clear())


def probe(endpoint: RunningEndpoint, *arguments: str) -> Result:
    place = ("--endpoint-url", endpoint.url)
    return CliRunner().invoke(travel_tui, ["doctor", "--probe", *place, *arguments])


def harness(endpoint: RunningEndpoint, *arguments: str) -> Result:
    return probe(endpoint, "--backend", "agentcore", "--yes", *arguments)


def meets(endpoint: RunningEndpoint, fault: str) -> None:
    endpoint.do(lambda its: its.faults.add([read_fault(fault)]))


def left(endpoint: RunningEndpoint) -> list[dict[str, Any]]:
    """Records and events of probes."""
    data = client_at(endpoint.url, endpoint.key, "bedrock-agentcore")
    found: list[dict[str, Any]] = data.list_memory_records(memoryId=MEMORY, namespacePath="/")["memoryRecordSummaries"]
    for actor in data.list_actors(memoryId=MEMORY)["actorSummaries"]:
        for session in data.list_sessions(memoryId=MEMORY, actorId=actor["actorId"])["sessionSummaries"]:
            found += data.list_events(memoryId=MEMORY, actorId=actor["actorId"], sessionId=session["sessionId"])[
                "events"
            ]
    return found


def test_every_point_is_told_with_its_evidence_and_nothing_is_left(endpoint: RunningEndpoint) -> None:
    done = harness(endpoint, "--json")
    assert done.exit_code == 0, done.output
    about, *points = [json.loads(line) for line in done.stdout.splitlines()]
    assert "nothing about AWS" in about["service"]
    assert {each["point"]: each["answer"] for each in points} == {
        "import": "yes",
        "recall": "yes",
        "summaries": "yes",
        "consolidation": "yes",
        "cancel": "undecided",  # the local endpoint refuses the operation, and says why
    }
    assert "Longyearbyen" in points[1]["evidence"]["answer"]
    assert "UnknownOperationException" in points[-1]["found"]
    assert endpoint.key.secret_access_key not in done.output
    turns = [each for each in endpoint.do(lambda its: list(its.calls)) if each["operation"] == "InvokeHarness"]
    assert len(turns) == 3
    assert left(endpoint) == []


def test_what_fails_is_an_undecided_point_and_the_rest_is_still_cleaned_up(endpoint: RunningEndpoint) -> None:
    meets(endpoint, "InvokeHarness=ThrottlingException:1")
    done = harness(endpoint)
    assert done.exit_code == 0, done.output
    report = " ".join(done.stdout.split())
    assert "in the prompt? undecided: Throttled." in report
    assert "under a new id? yes:" in report
    meets(endpoint, "BatchCreateMemoryRecords=batch-partly-fails:1")
    assert "no: It was refused: 500: A fault refuses this record." in " ".join(harness(endpoint).stdout.split())
    assert left(endpoint) == []


def test_records_that_do_not_come_in_time_leave_a_point_undecided(endpoint: RunningEndpoint) -> None:
    meets(endpoint, "CreateEvent=extraction-never")
    report = " ".join(harness(endpoint, "--timeout", "0.1").stdout.split())
    assert "undecided: No fact came of the first message in time." in report
    assert "undecided: No summary of the session came in time." in report


def test_what_could_not_be_deleted_is_told_with_the_command_that_does(endpoint: RunningEndpoint) -> None:
    meets(endpoint, "BatchDeleteMemoryRecords=AccessDeniedException:1")
    done = harness(endpoint)
    assert done.exit_code == 1
    command = done.stderr.partition("Some of the probe may be left: ")[2].partition("`travel-tui ")[2].partition("`")[0]
    assert command.startswith("memory delete --memory travel-tui-probe-")
    assert CliRunner().invoke(travel_tui, [*command.split(), "--yes"]).exit_code == 0
    assert left(endpoint) == []


def test_it_asks_first_and_is_for_harnesses_alone(endpoint: RunningEndpoint) -> None:
    before = len(endpoint.do(lambda its: list(its.calls)))
    unasked = probe(endpoint, "--backend", "agentcore")
    assert (unasked.exit_code, "pass --yes" in unasked.stderr) == (2, True)
    classic = probe(endpoint, "--yes")
    assert (classic.exit_code, "TRAVELDEMO has none" in classic.stderr) == (2, True)
    assert "--yes is for --probe" in CliRunner().invoke(travel_tui, ["doctor", "--yes"]).stderr
    assert len(endpoint.do(lambda its: list(its.calls))) == before


def record(text: str, record_id: str = "mem-1", kind: MemoryKind = MemoryKind.FACT) -> MemoryRecord:
    return MemoryRecord("probe", None, text, record_id=record_id, kind=kind)


def test_other_answers_than_the_local_endpoints_are_judged() -> None:
    old, new = record("The dentist is Wilson."), record("The dentist is Harper.", "mem-2")
    assert about_consolidation([old], [new]).answer is Answer.YES
    assert "still there" in about_consolidation([old], [old, new]).found
    assert "old id" in about_consolidation([old], [record("The dentist is Harper.")]).found
    assert about_consolidation([], [new]).answer is Answer.UNDECIDED
    twice = about_import(AddedRecord("a", "mem-1"), AddedRecord("a", "mem-2"), [old, new])
    assert (twice.answer, "2 records are listed, under two ids" in twice.found) == (Answer.PARTLY, True)
    town = record("The user lives in Longyearbyen.")
    assert about_recall([town], "I do not know.").answer is Answer.NO
    assert about_recall([], "Longyearbyen").answer is Answer.PARTLY
    assert about_recall(None, "Longyearbyen").answer is Answer.UNDECIDED
    assert about_cancel({"harness": "stopped"}).answer is Answer.YES
    by_runtime = about_cancel({"harness": "ValidationException: No.", "runtime": "stopped"})
    assert (by_runtime.answer, "of the runtime: stopped" in by_runtime.found) == (Answer.NO, True)
