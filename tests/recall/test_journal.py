"""Result files that are damaged, of another version or of another program are refused in one sentence."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeAgent
from travel_tui.cli import travel_tui
from travel_tui.clock import Clock
from travel_tui.recall.journal import Journal, JournalError, recorded
from travel_tui.recall.parser import read_text
from travel_tui.recall.report.files import FORMATS
from travel_tui.recall.report.text import conversation, summary
from travel_tui.recall.runner import Options, Runner, jobs_of
from travel_tui.recall.target import Target
from travel_tui.screenshots.scripted_agent import CAPABILITIES

CHECK = """\
tests:
  moved:
    category: knowledge-update
    sessions:
      - {memory_id: a, turns: [{user: I live in Oslo., save: {said: '\\w+'}}], end_session: true}
      - {memory_id: a, wait_memory: {}, memory_assert: [{type: icontains, value: trip}]}
      - {memory_id: a, turns: [{user: Where?, assert: [{type: icontains, value: Oslo}]}]}
"""
HEADER = {
    "type": "run", "version": 1, "run": "r", "started": "2031-01-15T12:00:00+00:00", "target": "fake",
    "titles": ["fake"], "files": [{"source": "f.yaml", "text": CHECK}], "local": False, "faults": [], "only": "",
    "repeat": None, "keep": False, "tz": None, "tests": ["1/moved#1"],
}  # fmt: skip


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What a run of one test writes."""
    path = tmp_path_factory.mktemp("run") / "whole.jsonl"

    async def run() -> None:
        journal = Journal(path, new=True)
        await journal.write(HEADER)
        target = Target("fake", FakeAgent(summarise=True), CAPABILITIES)
        jobs = jobs_of([read_text(CHECK, "f.yaml")])
        await Runner(jobs, lambda _: target, journal, Options("r"), Clock(), tell=lambda _: None).run()
        await journal.close()

    asyncio.run(run())
    return [json.loads(line) for line in path.read_text().splitlines()]


def shown(path: Path, text: str) -> str:
    """The error of a result file, or "" where every report of it can be made."""
    path.write_text(text)
    try:
        run = recorded(path).results()
    except JournalError as error:
        return str(error)
    assert [make(run) for _, make in FORMATS.values()]
    assert list(summary(run))
    assert all(list(conversation(result)) for result in run.tests)
    return ""


@given(data=st.data())
def test_a_value_of_another_kind_anywhere_is_refused_or_shown(
    records: list[Any], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = json.loads(json.dumps(records))
    part, key = whole, data.draw(st.integers(0, len(whole) - 1))
    while isinstance(part[key], dict | list) and part[key] and data.draw(st.integers(0, 9)):
        part = part[key]
        key = data.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
    if isinstance(part, dict) and data.draw(st.booleans()):
        del part[key]
    else:
        part[key] = data.draw(st.sampled_from([None, True, -1, 1e300, "", "x/y", [], [1], [[]], {}, {"a": 1}]))
    path = tmp_path_factory.getbasetemp() / "changed.jsonl"
    error = shown(path, "\n".join(map(json.dumps, whole)))
    assert not error or (str(path) in error and "\n" not in error)


def test_a_whole_result_is_shown_also_without_its_last_line(records: list[Any], tmp_path: Path) -> None:
    lines = [json.dumps(record) for record in records]
    assert not shown(tmp_path / "whole.jsonl", "\n".join(lines))
    assert not shown(tmp_path / "cut.jsonl", "\n".join(lines)[:-20])


def test_a_result_without_a_step_in_its_middle_is_refused(records: list[Any], tmp_path: Path) -> None:
    at = next(number for number, record in enumerate(records) if record["type"] == "step")
    lines = [json.dumps(record) for record in [*records[:at], *records[at + 1 :]]]
    assert "step 0 is missing" in shown(tmp_path / "gap.jsonl", "\n".join(lines))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not a result file"),
        (b"\x00\xff\xfe" * 1000, "is not a result file"),
        (b"tests: {}\n", "is not a result file"),
        (b'{"key": "1/a#1", "outcome": "held"}\n', "Name the file that the run named at its end"),
        (b'{"type": "run", "version": 4}\n', "has version 4; this travel-tui reads version 3."),
        (b'{"type": "run", "version": 1}\n', "is damaged"),
        (b'{"type": "run"}\n', "is damaged"),
        (b"[" * 100_000, "is not a result file"),
    ],
    ids=["empty", "binary", "yaml", "no header", "newer", "cut", "no version", "nested"],
)
@pytest.mark.parametrize("command", [["show"], ["run", "--resume"]])
def test_what_is_no_result_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, words: str, command: list[str]
) -> None:
    file = tmp_path / "r.jsonl"
    file.write_bytes(content)
    done = CliRunner().invoke(travel_tui, ["recall", *command, str(file)])
    assert (done.exit_code, words in done.output) == (2, True), done.output
    folder = CliRunner().invoke(travel_tui, ["recall", *command, str(tmp_path)])
    assert (folder.exit_code, "is a directory" in folder.output) == (2, True), folder.output
