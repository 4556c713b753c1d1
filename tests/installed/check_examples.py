"""README.md and docs/*.md: every example works as printed from the wheel alone. `make installed` runs it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.docs.examples import LOCAL_ENDPOINT, PAGES, examples
from tests.endpoint import running_endpoint
from tests.installed.example_runner import ExampleRunner, Ran

KEYS = {"AWS_ACCESS_KEY_ID": "anything", "AWS_SECRET_ACCESS_KEY": "anything", "AWS_DEFAULT_REGION": "us-east-1"}
STARTS_ITS_OWN = ("headless.md", "local-endpoint.md", "pytest.md")
"""Pages whose reader starts the endpoint, or whose commands do; for the others one runs."""

RUN = [page for page in PAGES if any(not each.illustration for each in examples(page))]
"""Pages with something to run; others, such as the glossary, have none."""

Read = Callable[[str], list[Ran]]


@pytest.fixture(scope="session")
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """What the examples of a page printed; they are run once."""
    done: dict[str, list[Ran]] = {}

    def of(name: str) -> list[Ran]:
        if name not in done:
            commands = request.getfixturevalue("with_pytest" if name == "pytest.md" else "from_wheel")
            done[name] = _read(commands, tmp_path_factory.mktemp("reader"), name)
        return done[name]

    return of


def _read(commands: Path, home: Path, name: str) -> list[Ran]:
    (page,) = [page for page in RUN if page.name == name]
    if name in STARTS_ITS_OWN:
        with closing(ExampleRunner(commands, home, {})) as runner:
            return runner.read(page)
    with (
        running_endpoint() as running,
        closing(ExampleRunner(commands, home, {**KEYS, "AWS_ENDPOINT_URL": running.url})) as runner,
    ):
        return runner.read(page)


@pytest.mark.parametrize("page", [page.name for page in RUN])
def test_every_example_works_as_printed(page: str, read: Read) -> None:
    assert read(page)


def output(ran: list[Ran], command: str) -> str:
    """What the one command that a regular expression fits printed."""
    (found,) = [each.output for each in ran if re.fullmatch(f"(travel-tui )?{command}", each.command)]
    return found


def objects(text: str) -> list[dict[str, Any]]:
    """Lines of JSON."""
    return [json.loads(line) for line in text.splitlines()]


def test_what_the_notebook_does_takes_one_line_each(read: Read) -> None:
    ran = read("README.md")
    assert output(ran, "ask .* --session last --trace")
    waited = output(ran, "memory wait --session last")
    assert waited
    assert waited.split()[0] in output(ran, "memory list --memory anna")


def test_the_conversation_without_a_screen_is_remembered_and_listed(read: Read) -> None:
    ran = read("headless.md")
    assert "Your booking id is" in output(ran, "ask .*Book a flight.*")
    assert "Boston to NYC" in output(ran, "memory wait --session last")
    assert "23 July 2027" in output(ran, "ask .*extra day.*")
    assert "23 July 2027" in output(ran, "ask .that is correct.*")
    assert "Boston to NYC" in output(ran, "memory list --memory anna")
    assert len(output(ran, "sessions --memory anna").splitlines()) == 2


def test_doctor_has_the_sections_that_are_named(read: Read) -> None:
    (page,) = [page for page in PAGES if page.name == "headless.md"]
    named = page.read_text(encoding="utf-8").split("`section` is")[1].split(". ")[0]
    for section in {each["section"] for each in objects(output(read("headless.md"), "doctor --json"))}:
        assert f"`{section}`" in named


def test_the_programs_print_what_the_local_endpoint_is_said_to_do(read: Read) -> None:
    said = "".join(each.output for each in read("local-endpoint.md") if each.example.language == "python")
    assert "Anna" in said
    assert "Session is terminated" in said
    assert "<topic name='user goals'>" in said
    assert "['modelInvocationInput']" in said
    assert "It is sunny in Lisbon." in said
    assert "get_weather {'city': 'Lisbon'}" in said
    assert "It rains in Lisbon." in said
    assert '"preference": "Loves orchids"' in said
    assert '[("The user\'s sister moved to Oslo.", ' in said
    assert "tool_use book_trip" in said
    assert "7f3a90c1" in said
    assert "['TRAVELDEMO']" in said, "the agent of the examples is not in the other Region"
    assert "'apiPath': '/cities/{city}/weather'" in said


def test_the_local_endpoints_own_api_answers_as_json(read: Read) -> None:
    answers = [json.loads(each.output) for each in read("local-endpoint.md") if each.command.startswith("curl")]
    assert answers[0]["agents"]
    assert [set(answer) for answer in answers[1:-1]] == [
        {"now"},
        {"faults"},
        {"faults"},
        {"faults"},
        {"calls"},
        {"calls"},
        {"message"},
    ]


def test_recall_files_are_tests_where_the_wheel_has_its_extra_for_pytest(read: Read) -> None:
    assert "7 passed" in output(read("pytest.md"), "pytest --tui-snapshot-update")


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not there")
def test_the_call_with_the_key_is_taken_where_the_key_is_required(from_wheel: Path, tmp_path: Path) -> None:
    (locked,) = [each for each in examples(LOCAL_ENDPOINT) if "--aws-sigv4" in each.text]
    with running_endpoint(require_key=True) as endpoint:
        key = {
            "AWS_ENDPOINT_URL": endpoint.url,
            "AWS_ACCESS_KEY_ID": endpoint.key.access_key_id,
            "AWS_SECRET_ACCESS_KEY": endpoint.key.secret_access_key,
        }
        with closing(ExampleRunner(from_wheel, tmp_path, key)) as runner:
            runner.follow(locked)
            assert json.loads(runner.ran[0].output)["sessions"] == []
