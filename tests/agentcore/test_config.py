"""Harnesses and memories in the config: read, written, and refused with the key, the line and what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agentcore.harness import ARN, config_at
from travel_tui.agentcore_config import LAMBDA, AgentCoreConfig
from travel_tui.config import AgentConfig, ConfigError, load, save_agent

TARGETS = [
    AgentCoreConfig(ARN),
    AgentCoreConfig(ARN, "prod", "travel-a1B2c3D4e5", False, "travel-function", LAMBDA),
    AgentCoreConfig(agentcore_memory_id="arn:aws:bedrock-agentcore:us-east-1:123456789012:memory/travel-a1B2c3D4e5"),
]


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_written_is_read(tmp_path: Path, target: AgentCoreConfig) -> None:
    path, agent = tmp_path / "config.toml", config_at("http://127.0.0.1:4571", target)
    save_agent(path, agent)
    save_agent(path, agent)  # again, over what is there
    config = load(path)
    assert config is not None
    assert config.chosen() == agent
    assert config.unknown == ()


def test_an_entry_that_becomes_one_of_the_other_service_keeps_none_of_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    save_agent(path, AgentConfig("travel", "AGENT", "ALIAS"))
    save_agent(path, config_at("http://127.0.0.1:4571"))
    assert "alias_id" not in path.read_text()
    save_agent(path, AgentConfig("travel", "AGENT", "ALIAS"))
    assert "harness_arn" not in path.read_text()


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('backend = "agentcore"', "harness_arn is missing"),
        ('backend = "agentcore"\nharness_arn = "travel"', "line 3: agents.travel.harness_arn is 'travel'"),
        ('backend = "agentcore"\nagentcore_memory_id = "x"', "list-memories"),
        (f'backend = "agentcore"\nharness_arn = "{ARN}"\nharness_endpoint = "a-b"', "harness_endpoint is 'a-b'"),
        (f'backend = "agentcore"\nharness_arn = "{ARN}"\npreview_recall = "no"', "true or false"),
        (f'backend = "agentcore"\nharness_arn = "{ARN}"\nrun_functions = "lambda"', "function_name is missing"),
        (f'backend = "agentcore"\nharness_arn = "{ARN}"\nrun_functions = "yes"', "run_functions is 'yes'"),
        (f'harness_arn = "{ARN}"', 'backend is missing. Expected: "agentcore", since there is harness_arn'),
        (f'backend = "bedrock-agents"\nharness_arn = "{ARN}"', "backend is 'bedrock-agents'. Expected: \"agentcore\""),
        (
            'backend = "agentcore"\nagent_id = "A"',
            "backend is 'agentcore'. Expected: \"bedrock-agents\", since there is agent_id",
        ),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, lines: str, says: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[agents.travel]\n{lines}\n")
    with pytest.raises(ConfigError) as refused:
        load(path)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            f'agent_id = "A"\nalias_id = "B"\nharness_arn = "{ARN}"',
            'line 4, agents.travel.harness_arn (for backend = "agentcore")',
        ),
        (
            f'backend = "agentcore"\nharness_arn = "{ARN}"\nagent_id = "A"',
            'line 4, agents.travel.agent_id (for backend = "bedrock-agents")',
        ),
    ],
)
def test_keys_of_the_other_service_are_named_and_ignored(tmp_path: Path, lines: str, says: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[agents.travel]\n{lines}\n")
    config = load(path)
    assert config is not None
    assert config.unknown == (says,)
