"""travel-tui connect, from the command line to the config."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.cli.terminal import running
from tests.endpoint import RunningEndpoint
from tests.provision.agents import AGENT_ID, LOOKS, TEST_ALIAS, add_alias, change, forbid
from travel_tui.cli import travel_tui
from travel_tui.config import AgentConfig, load, save_agent
from travel_tui.paths import config_file

BOTH = ("--agent-id", AGENT_ID, "--alias-id", TEST_ALIAS)


def connect(endpoint: RunningEndpoint | None, *arguments: str) -> Result:
    """What `travel-tui connect …` prints without a terminal, and with which status."""
    place = ("--endpoint-url", endpoint.url) if endpoint else ()
    return CliRunner().invoke(travel_tui, ["connect", *place, *arguments])


def agent_in(path: Path, name: str | None = None) -> AgentConfig:
    config = load(path)
    assert config is not None
    return config.chosen(name)


def test_an_agent_is_shown_checked_and_written(endpoint: RunningEndpoint, control: Any) -> None:
    done = connect(endpoint, *BOTH, "--memory", "anna")
    assert done.exit_code == 0
    name = control.get_agent(agentId=AGENT_ID)["agent"]["agentName"]
    shown = " ".join(done.stdout.split())
    for part in (
        f"{name} {AGENT_ID} / {TEST_ALIAS}",
        "state PREPARED, version DRAFT",
        "memory on, kept 30 days",
        "idle limit 30 min",
        "book_trip: book a trip for a customer",
        f"Written to {config_file()} as {name}, the default.",
        "Next: travel-tui",
    ):
        assert part in shown
    assert "Not checked" not in shown
    expected = AgentConfig(
        name, AGENT_ID, TEST_ALIAS, "us-east-1", endpoint_url=endpoint.url, memory_id="anna", memory_days=30
    )
    assert agent_in(config_file()) == expected


def test_what_chatting_needs_is_enough_to_connect(endpoint: RunningEndpoint) -> None:
    forbid(endpoint, *LOOKS, "ListAgents", "ListAgentAliases", "GetCallerIdentity")
    done = connect(endpoint, *BOTH, "--memory", "anna")
    assert done.exit_code == 0
    assert done.stdout.count("Not checked: ") == 3
    assert "bedrock:GetAgent)" in done.stdout
    assert "print-policy" not in done.stdout
    written = agent_in(config_file())
    assert written == AgentConfig(
        AGENT_ID, AGENT_ID, TEST_ALIAS, "us-east-1", endpoint_url=endpoint.url, memory_id="anna"
    )
    calls = endpoint.do(lambda running: [call for call in running.calls if call["operation"] == "GetAgentMemory"])
    assert [(call["input"]["memoryId"], call["status"]) for call in calls] == [("anna", 200)]


def test_without_even_that_it_connects_and_says_what_is_needed(endpoint: RunningEndpoint) -> None:
    forbid(endpoint, *LOOKS, "GetAgentMemory")
    done = connect(endpoint, *BOTH)
    assert done.exit_code == 0
    assert "whether its memory can be read (bedrock:GetAgentMemory)" in done.stdout
    assert "travel-tui connect --print-policy" in done.stdout
    assert agent_in(config_file()).agent_id == AGENT_ID


def test_an_endpoint_that_the_environment_names_is_written_too(
    endpoint: RunningEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    assert connect(None, *BOTH, "--region", "eu-west-1").exit_code == 0
    written = agent_in(config_file())
    assert (written.endpoint_url, written.region, written.profile) == (endpoint.url, "eu-west-1", None)


def test_an_agent_that_cannot_be_used_is_not_written(endpoint: RunningEndpoint, control: Any) -> None:
    change(control, memoryConfiguration=None)
    done = connect(endpoint, *BOTH)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "Error: The agent has no memory." in done.stderr
    assert not config_file().exists()


def test_without_a_terminal_the_list_is_printed_and_the_options_are_named(
    endpoint: RunningEndpoint, control: Any
) -> None:
    alias_id = add_alias(control, "live")
    done = connect(endpoint)
    assert done.exit_code == 2
    for part in ("Agents in us-east-1, account 123456789012", AGENT_ID, f"live  {alias_id}  version 1", TEST_ALIAS):
        assert part in done.stdout
    assert "--agent-id ID and --alias-id ALIAS" in done.stderr
    of_one = connect(endpoint, "--agent-id", AGENT_ID)
    assert of_one.exit_code == 2
    assert alias_id in of_one.stdout
    assert "Pass --alias-id ALIAS." in of_one.stderr
    assert not config_file().exists()


def test_the_list_as_json_is_data(endpoint: RunningEndpoint) -> None:
    done = connect(endpoint, "--json")
    assert done.exit_code == 2
    listed = json.loads(done.stdout)
    assert (listed["account"], listed["region"]) == ("123456789012", "us-east-1")
    (agent,) = listed["agents"]
    assert agent["agent_id"] == AGENT_ID
    assert agent["aliases"] == [
        {"alias_id": TEST_ALIAS, "name": "AgentTestAlias", "status": "PREPARED", "version": "DRAFT"}
    ]
    one = json.loads(connect(endpoint, "--json", "--agent-id", AGENT_ID).stdout)
    assert [each["agent_id"] for each in one["agents"]] == [AGENT_ID]


def test_what_was_written_as_json_is_data(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    forbid(endpoint, "ListAgentActionGroups")
    path = tmp_path / "my.toml"
    done = connect(endpoint, *BOTH, "--json", "--name", "travel", "--config", str(path))
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["config"], told["default"]) == (str(path), True)
    assert AgentConfig(**told["agent"]) == agent_in(path)
    assert (told["found"]["status"], told["found"]["action_groups"]) == ("PREPARED", None)
    assert [each["action"] for each in told["found"]["unchecked"]] == ["bedrock:ListAgentActionGroups"]


def test_on_a_terminal_what_it_found_is_broken_between_words(endpoint: RunningEndpoint) -> None:
    with running("connect", *BOTH, "--endpoint-url", endpoint.url, columns=100) as terminal:
        assert terminal.ended() == 0
        rows = [row.rstrip() for row in terminal.rows()]
    first = next(number for number, row in enumerate(rows) if "BookingManagerActionGroup" in row)
    assert rows[first + 1].startswith(" " * 14), rows
    words = {word for row in rows[first : first + 4] for word in row.split()}
    assert {"manage", "travel", "bookings."} <= words, rows


def test_on_a_terminal_one_chooses_by_number(endpoint: RunningEndpoint, control: Any) -> None:
    add_alias(control, "Alias-to-take")
    save_agent(config_file(), AgentConfig("other", "OTHERAGENT", "ALIAS"))
    with running("connect", "--endpoint-url", endpoint.url, "--name", "mine") as terminal:
        terminal.sees("Agents in us-east-1", "Which agent [1]:")
        terminal.send("7\r")
        terminal.sees("7 is not in the range 1<=x<=3")
        terminal.send("\r")
        terminal.sees("1 AgentTestAlias", "2 Alias-to-take", "Which alias [1]:")
        terminal.send("2\r")
        terminal.sees("memory on, kept 30 days", "Make mine the default instead of other?")
        terminal.send("n\r")
        terminal.sees("Next: travel-tui --agent mine")
        assert terminal.ended() == 0
    aliases = control.list_agent_aliases(agentId=AGENT_ID)["agentAliasSummaries"]
    (chosen,) = [alias["agentAliasId"] for alias in aliases if alias["agentAliasName"] == "Alias-to-take"]
    assert agent_in(config_file(), "mine").alias_id == chosen
    assert agent_in(config_file()).name == "other"


@pytest.mark.parametrize(("option", "default"), [((), "mine"), (("--yes",), "mine"), (("--no-default",), "other")])
def test_the_default_is_as_the_options_say(endpoint: RunningEndpoint, option: tuple[str, ...], default: str) -> None:
    save_agent(config_file(), AgentConfig("other", "OTHERAGENT", "ALIAS"))
    done = connect(endpoint, *BOTH, "--name", "mine", *option)
    assert agent_in(config_file()).name == default
    assert done.stdout.endswith("Next: travel-tui\n" if default == "mine" else "Next: travel-tui --agent mine\n")


def test_connecting_again_renews_the_entry_and_keeps_what_the_user_wrote(endpoint: RunningEndpoint) -> None:
    made = {"role": "r"}
    old = AgentConfig("mine", AGENT_ID, TEST_ALIAS, "us-east-1", None, endpoint.url, "anna", 7, "Trips", made)
    save_agent(config_file(), old)
    assert connect(endpoint, *BOTH).exit_code == 0
    config = load(config_file())
    assert config is not None
    assert list(config.agents) == ["mine"]
    mine = config.chosen()
    assert (mine.memory_id, mine.title, mine.provisioned, mine.memory_days) == ("anna", "Trips", made, 30)


def test_another_alias_of_the_same_agent_gets_a_name_of_its_own(endpoint: RunningEndpoint, control: Any) -> None:
    name = control.get_agent(agentId=AGENT_ID)["agent"]["agentName"]
    aliases = [TEST_ALIAS, add_alias(control, "one"), add_alias(control, "two")]
    for alias_id in aliases:
        assert connect(endpoint, "--agent-id", AGENT_ID, "--alias-id", alias_id).exit_code == 0
    names = [name, f"{name}-2", f"{name}-3"]
    assert [agent_in(config_file(), each).alias_id for each in names] == aliases


def test_a_name_that_is_another_agents_is_refused(endpoint: RunningEndpoint) -> None:
    save_agent(config_file(), AgentConfig("travel", "OTHERAGENT", "ALIAS", provisioned={"role": "r"}))
    before = config_file().read_text()
    done = connect(endpoint, *BOTH, "--name", "travel")
    assert done.exit_code == 1
    for part in ("'travel'", "OTHERAGENT", "--name"):
        assert part in done.stderr
    assert config_file().read_text() == before


def test_a_broken_config_is_told_before_anybody_is_asked(endpoint: RunningEndpoint) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text("version = 1\n[agents.travel]\nagent_id = 7\n")
    done = connect(endpoint, *BOTH)
    assert done.exit_code == 1
    assert "line 3: agents.travel.agent_id is 7" in done.stderr
    assert endpoint.do(lambda running: list(running.calls)) == []


def test_what_aws_wrote_cannot_reach_into_the_terminal(endpoint: RunningEndpoint, control: Any) -> None:
    change(control, description="red \x1b[31m \u202e turned")
    done = connect(endpoint, *BOTH)
    assert "red ␛[31m \N{REPLACEMENT CHARACTER} turned" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--agent-id", "NOT-AN-ID"),
        ("--alias-id", "LONGERTHANTEN"),
        ("--memory", "an na"),
        ("--endpoint-url", "localhost:4571"),
    ],
)
def test_wrong_use_is_status_2_and_calls_nobody(arguments: tuple[str, ...]) -> None:
    done = connect(None, *arguments)
    assert done.exit_code == 2
    assert repr(arguments[1]) in done.stderr


def test_the_printed_policy_names_that_alias(endpoint: RunningEndpoint) -> None:
    done = connect(endpoint, *BOTH, "--print-policy", "--region", "eu-west-1")
    assert done.exit_code == 0
    (statement,) = json.loads(done.stdout)["Statement"]
    assert statement["Resource"] == f"arn:aws:bedrock:eu-west-1:123456789012:agent-alias/{AGENT_ID}/{TEST_ALIAS}"
    assert done.stderr == ""
    assert not config_file().exists()


def test_what_is_not_known_stands_in_the_printed_policy_in_capitals() -> None:
    done = connect(None, "--print-policy", "--alias-id", TEST_ALIAS)
    assert done.exit_code == 0
    (statement,) = json.loads(done.stdout)["Statement"]
    assert statement["Resource"] == f"arn:aws:bedrock:REGION:ACCOUNT:agent-alias/AGENT_ID/{TEST_ALIAS}"
    assert done.stderr == "Replace AGENT_ID, REGION, ACCOUNT with your own values.\n"
    china = connect(None, "--print-policy", "--region", "cn-north-1")
    assert "arn:aws-cn:bedrock:cn-north-1:ACCOUNT:" in china.stdout
