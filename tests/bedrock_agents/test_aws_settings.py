"""AWS's settings are checked where clients are made, with boto3's own reading of variables and files."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from socket import create_server

import pytest

from travel_tui.agent import AgentError, ErrorKind, Problem, TurnFailed, TurnRequest
from travel_tui.backends.factory import open_agent
from travel_tui.backends.shared.boto_clients import client_factory
from travel_tui.backends.shared.credentials import Credentials
from travel_tui.backends.shared.errors import AgentLocation
from travel_tui.config import AgentConfig

KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
DEFAULT = "[default]\nregion = us-west-2\n"
AGENT = AgentConfig("a", "AGENT", "ALIAS")


@pytest.fixture(autouse=True)
def aws_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The AWS config file, and keys in the environment."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws"))
    return tmp_path / "aws"


def problem(service: str | None = None) -> Problem:
    with pytest.raises(AgentError) as failed:
        client_factory(AgentLocation("", "")).client(service) if service else open_agent(AGENT)
    return failed.value.problem


@pytest.mark.parametrize(
    ("service", "variable"),
    [
        ("bedrock-agent-runtime", "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME"),
        ("bedrock-agent", "AWS_ENDPOINT_URL_BEDROCK_AGENT"),
        ("lambda", "AWS_ENDPOINT_URL_LAMBDA"),
        ("iam", "AWS_ENDPOINT_URL_IAM"),
        ("sts", "AWS_ENDPOINT_URL_STS"),
        ("dynamodb", "AWS_ENDPOINT_URL_DYNAMODB"),
        ("logs", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"),
        ("sts", "AWS_ENDPOINT_URL"),
    ],
)
def test_an_endpoint_in_a_variable_is_checked_for_each_service(
    service: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in ("localhost:4571", "http://[::1", "http://localhost:99999", "ftp://x", "http://a b"):
        monkeypatch.setenv(variable, value)
        found = problem(service)
        assert found.what == f"{variable} is {value!r}."
        assert found.advice.endswith("nothing was sent.")


def test_an_endpoint_that_is_to_be_ignored_is_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nope")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    assert (
        client_factory(AgentLocation("", "")).client("sts").meta.endpoint_url == "https://sts.us-east-1.amazonaws.com"
    )


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("endpoint_url = nope\n", "endpoint_url of the profile default in {file} is 'nope'."),
        (
            "services = s\n[services s]\nbedrock_agent_runtime =\n  endpoint_url = nope\n",
            "endpoint_url of bedrock_agent_runtime in [services s] of {file} is 'nope'.",
        ),
        ("services = gone\n", "An AWS setting is invalid."),
        ("sts_regional_endpoints = foo\n", "sts_regional_endpoints of the profile default in {file} is 'foo'."),
        ("defaults_mode = foo\n", "defaults_mode of the profile default in {file} is 'foo'."),
        ("ca_bundle = /proc/none\n", "ca_bundle of the profile default in {file} is '/proc/none'."),
        ("ca_bundle = /proc\n", "ca_bundle of the profile default in {file} is '/proc'."),
    ],
)
def test_a_setting_in_the_aws_config_is_named_with_its_place(aws_file: Path, lines: str, what: str) -> None:
    aws_file.write_text(DEFAULT + lines)
    found = problem()
    assert found.what == what.format(file=aws_file)
    assert found.cause is ErrorKind.INVALID
    assert found.advice.endswith("nothing was sent.")


def test_a_folder_of_certificates_is_refused_because_boto3_reads_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/proc")
    found = problem()
    assert found.what == "AWS_CA_BUNDLE is '/proc'."
    assert found.why == "Expected: a file of certificates in PEM (Is a directory)."
    assert found.advice.endswith("nothing was sent.")


def test_a_region_is_taken_from_the_option_then_aws_region_then_the_profile(
    aws_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws_file.write_text(DEFAULT)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert client_factory(AgentLocation("", "", "ap-south-1")).region == "ap-south-1"
    assert client_factory(AgentLocation("", "")).region == "us-east-1"
    monkeypatch.setenv("AWS_REGION", "")
    assert client_factory(AgentLocation("", "")).client("sts").meta.region_name == "eu-west-1"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "")
    assert client_factory(AgentLocation("", "")).client("sts").meta.region_name == "us-west-2", (
        "what is empty is not set"
    )
    monkeypatch.setenv("AWS_REGION", "not a region")
    assert problem().what == "AWS_REGION is 'not a region'."
    monkeypatch.setenv("AWS_REGION", "")
    aws_file.write_text("[default]\nregion = not a region\n")
    assert problem().what == f"region of the profile default in {aws_file} is 'not a region'."


def test_an_endpoint_on_this_machine_has_the_region_of_the_variable_too_and_no_aws_file_is_read(
    aws_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws_file.write_text("not an AWS file")
    here = AgentLocation("", "", endpoint_url="http://127.0.0.1:9")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert client_factory(here).region == "eu-west-1"
    assert client_factory(here, isolated=Credentials("key", "secret")).region == "us-east-1", "the demo's own"
    monkeypatch.setenv("AWS_REGION", "x y")
    with pytest.raises(AgentError, match=r"AWS_REGION is 'x y'"):
        client_factory(here)
    monkeypatch.delenv("AWS_REGION")
    assert client_factory(here).region == "us-east-1"


def test_variables_that_are_empty_are_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_MAX_ATTEMPTS", "AWS_DEFAULTS_MODE", "AWS_CA_BUNDLE", "AWS_ENDPOINT_URL"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("AWS_METADATA_SERVICE_TIMEOUT", "")
    open_agent(AGENT)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("credential_process = echo nonsense\n", "credential_process of the profile default"),
        ("credential_process = /proc/none\n", "credential_process of the profile default"),
        ("role_arn = x\nsource_profile = gone\n", "source_profile"),
        ("role_arn = x\n", "source_profile"),
        ("aws_access_key_id = key\n", "aws_secret_access_key"),
    ],
)
def test_credentials_that_cannot_be_loaded_are_told_with_their_place(
    aws_file: Path, monkeypatch: pytest.MonkeyPatch, lines: str, words: str
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    aws_file.write_text(DEFAULT + lines)
    found = problem()
    assert found.cause is ErrorKind.CREDENTIALS
    assert words in str(found)


async def failed_turn() -> Problem:
    events = [event async for event in open_agent(AGENT).invoke(TurnRequest("Hello", "session"))]
    assert isinstance(events[-1], TurnFailed)
    return events[-1].problem


@pytest.mark.parametrize(
    "variables",
    [
        {"AWS_SESSION_TOKEN": "a\nb"},
        {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
        {
            "AWS_ACCESS_KEY_ID": "",
            "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/x",
            "AWS_WEB_IDENTITY_TOKEN_FILE": "/proc/none",
        },
    ],
)
async def test_what_never_left_is_not_said_to_be_done(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    with closing(create_server(("127.0.0.1", 0))) as listener:
        listener.settimeout(0)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{listener.getsockname()[1]}")
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        found = await failed_turn()
        assert "may have been done" not in str(found)
        with pytest.raises(BlockingIOError):
            listener.accept()[0].recv(1, 0x40)
