"""All that can be wrong around a command, for a property to draw from: options, variables, AWS files, the config."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click
from hypothesis import strategies as st

from travel_tui.cli import travel_tui

ENDPOINT = "ENDPOINT"
"""Stands for the URL of the endpoint that the test runs."""
NOWHERE = "http://127.0.0.1:9"
"""Nothing listens there; as a proxy it keeps every call from AWS."""

_TEXTS = ("x", "", " ", "last", "a\nb", "ünï 🚆", "-1", "0", "99999999999999999999", "/proc/none/file", "\u202e", "*")
_IDS = ("TRAVELDEMO", "TSTALIASID", "", "x" * 11, "a b", "é")
_MEMORIES = ("anna", "a", "x" * 101, "a b", "")
_URLS = (
    ENDPOINT,
    ENDPOINT,
    NOWHERE,
    "localhost:4571",
    "http://[::1",
    "ftp://x",
    "",
    "http://127.0.0.1:99999",
    "http://a b",
)
_REGIONS = ("us-east-1", "not a region", "", "us-east-1\n", "ünï", "-", "1", "x" * 64)
_PROFILES = ("default", "gone", "", "a\nb", "ünï")
_BY_OPTION: Mapping[str, Sequence[str]] = {
    "--endpoint-url": _URLS,
    "--region": _REGIONS,
    "--profile": _PROFILES,
    "--agent-id": _IDS,
    "--alias-id": _IDS,
    "--memory": _MEMORIES,
    "--session": ("last", *_MEMORIES),
    "--agent": ("a", "gone", "", "a\nb"),
    "--config": ("", ".", "/proc/none/config.toml", "own.toml"),
    "--resume": ("last", ".", "/proc/none", "own.toml"),
    "--host": ("127.0.0.1", "localhost", "", "300.1.1.1", "ünï", "a b", "::1"),
    "--state": (".", "own.toml", "own.toml/below", ""),
    "--fault": ("InvokeAgent=throttling", "x", "", "InvokeAgent=dropped:1"),
    "--now": ("2027-07-01", "x", "", "9999-12-31T23:59:59", "0001-01-01"),
    "--size": ("80x24", "0x0", "x", "9999x9999"),
}
_ALWAYS: Mapping[tuple[str, ...], Sequence[str]] = {
    ("local",): ("--port", "0", "--until-stdin-closes", "--in-memory"),
    ("memory", "wait"): ("--timeout", "0.1"),
    ("recall", "run"): ("--jobs", "1"),
}
"""What keeps a command from running on, whatever else it is given."""
_NEVER = frozenset({"--help", "--port", "--timeout", "--in-memory", "--jobs", "--rate", "--repeat", "--latency"})

VARIABLES: Mapping[str, Sequence[str]] = {
    "AWS_ENDPOINT_URL": _URLS,
    **{f"AWS_ENDPOINT_URL_{each}": _URLS for each in (
        "BEDROCK_AGENT_RUNTIME", "BEDROCK_AGENT", "BEDROCK", "LAMBDA", "IAM", "STS", "DYNAMODB", "CLOUDWATCH_LOGS"
    )},
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": ("true", "maybe", ""),
    "AWS_REGION": _REGIONS,
    "AWS_DEFAULT_REGION": _REGIONS,
    "AWS_PROFILE": _PROFILES,
    "AWS_ACCESS_KEY_ID": ("key", "", "a\nb", "ünï"),
    "AWS_SECRET_ACCESS_KEY": ("secret", "", "a\nb", "ünï"),
    "AWS_SESSION_TOKEN": ("token", "", "a\nb", "ünï"),
    "AWS_BEARER_TOKEN_BEDROCK": ("token", "", "a\nb"),
    "AWS_ROLE_ARN": ("arn:aws:iam::123456789012:role/x", "x"),
    "AWS_WEB_IDENTITY_TOKEN_FILE": ("/proc/none", "."),
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": ("x", "http://127.0.0.1:9/x"),
    "AWS_SHARED_CREDENTIALS_FILE": ("/proc/none", ".", "own.toml"),
    "AWS_CA_BUNDLE": ("/proc/none", ".", "own.toml", ""),
    "REQUESTS_CA_BUNDLE": ("/proc/none", ""),
    "SSL_CERT_FILE": ("/proc/none", "own.toml"),
    "AWS_MAX_ATTEMPTS": ("abc", "", "-1", "0"),
    "AWS_RETRY_MODE": ("foo", "", "legacy"),
    "AWS_DEFAULTS_MODE": ("foo", "", "standard"),
    "AWS_STS_REGIONAL_ENDPOINTS": ("foo", "", "legacy"),
    "AWS_USE_FIPS_ENDPOINT": ("foo", "true"),
    "AWS_USE_DUALSTACK_ENDPOINT": ("foo", "true"),
    "AWS_METADATA_SERVICE_TIMEOUT": ("foo", "", "1"),
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": ("foo", "IPv6"),
    "AWS_REQUEST_CHECKSUM_CALCULATION": ("foo", "when_required"),
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": ("foo", "-1"),
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": ("foo", "required"),
    "AWS_AUTH_SCHEME_PREFERENCE": ("foo", "httpBearerAuth"),
    "AWS_DATA_PATH": ("/proc/none", "\t"),
    "AWS_SDK_UA_APP_ID": ("ünï", "x" * 100),
    "HTTPS_PROXY": (NOWHERE, "127.0.0.1:9", "ftp://127.0.0.1:9", "http://127.0.0.1:99999", "http://["),
    "HTTP_PROXY": (NOWHERE, "http://["),
    "NO_PROXY": ("*.nowhere", "[", "ünï"),
    "TZ": ("Nowhere/Land", "", "America/Los_Angeles", "\t"),
    "LC_ALL": ("C", "xx_YY.none", ""),
    "COLUMNS": ("abc", "0", "-5", "1", "99999"),
    "LINES": ("abc", "0"),
    "NO_COLOR": ("1", ""),
    "XDG_DATA_HOME": ("relative", "", "own.toml", "/proc/none"),
    "XDG_CONFIG_HOME": ("relative", "", "own.toml", "/proc/none"),
}  # fmt: skip

_RIGHT = "[default]\nregion = us-east-1\n"
_KEYS = f"{_RIGHT}aws_access_key_id = key\naws_secret_access_key = secret\n"
AWS_FILES: Sequence[str | bytes] = (
    _KEYS,
    f"{_KEYS}endpoint_url = ENDPOINT\n",
    f"{_KEYS}endpoint_url = localhost:4571\n",
    f"{_KEYS}services = s\n[services s]\nbedrock_agent_runtime =\n  endpoint_url = ENDPOINT\n"
    "sts =\n  endpoint_url = nope\n",
    f"{_KEYS}services = s\n[services s]\nbedrock_agent_runtime = words\nsts = words\n",
    f"{_KEYS}services = gone\n",
    f"{_KEYS}ca_bundle = /proc/none\nretry_mode = foo\nmax_attempts = abc\ndefaults_mode = bar\n",
    "[default]\nregion = not a region\n",
    "[default\nregion",
    "region = us-east-1\n",
    "[default]\nregion = us-east-1\nregion = us-east-2\n",
    "[default]\ns3 =\n  words\n",
    b"\xff\xfe[\0d\0",
    b"[default]\nregion = \xff\n",
    "",
    f"{_RIGHT}aws_access_key_id = key\n",
    f"{_RIGHT}credential_process = false\n",
    f"{_RIGHT}credential_process = echo nonsense\n",
    f"{_RIGHT}credential_process = /proc/none\n",
    f"{_RIGHT}credential_process = 'open\n",
    f"{_RIGHT}role_arn = arn:aws:iam::123456789012:role/x\n",
    f"{_RIGHT}role_arn = arn:aws:iam::123456789012:role/x\nsource_profile = gone\n",
    f"{_RIGHT}role_arn = x\nweb_identity_token_file = /proc/none\n",
    f"{_RIGHT}sso_start_url = https://x\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r\n",
    f"{_RIGHT}sso_session = gone\nsso_account_id = 1\nsso_role_name = r\n",
)

_AGENT = '[agents.a]\nagent_id = "TRAVELDEMO"\nalias_id = "TSTALIASID"\n'
CONFIGS: Sequence[str | bytes] = (
    _AGENT,
    f'{_AGENT}endpoint_url = "ENDPOINT"\n',
    f'version = 1\ndefault = "gone"\n{_AGENT}',
    f'{_AGENT}endpoint_url = "localhost:4571"\n',
    f'{_AGENT}region = "not a region"\n',
    f'{_AGENT}profile = "gone"\nunknown = 1\n',
    f'{_AGENT}memory_id = "a b"\n',
    f"{_AGENT}memory_days = true\n",
    f"{_AGENT}provisioned = 1\n",
    '[agents.a]\nagent_id = ""\nalias_id = "TSTALIASID"\n',
    "[agents]\na = 1\n",
    "agents = []\n",
    f"version = 99\n{_AGENT}",
    f'version = "1"\n{_AGENT}',
    f"version = inf\n{_AGENT}",
    f"default = 1\n{_AGENT}",
    f'{_AGENT}[keys]\n"session.end" = 1\n',
    f"{_AGENT}[screen]\nstage = 1\n",
    "not toml",
    "a = 2027-13-45\n",
    f"a = {'[' * 5000}\n",
    f"a = {'1' * 5000}\n",
    "",
    b"\xef\xbb\xbf" + _AGENT.encode(),
    b"\xff\xfea\0",
    b"a = 1\0",
)


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


ARCHIVES: Mapping[str, Callable[[Path], object]] = {
    "damaged": lambda path: path.write_bytes(b"not a database" * 100),
    "cut off": lambda path: path.write_bytes(b"SQLite format 3\0" + b"\0" * 40),
    "folder": lambda path: path.mkdir(),
    "newer": _newer,
    "link to itself": lambda path: path.symlink_to(path),
}


@dataclass(frozen=True)
class CommandCall:
    """A command line and its environment; None is what is not there."""

    arguments: tuple[str, ...]
    variables: Mapping[str, str]
    aws_file: str | bytes | None
    config: str | bytes | None
    archive: str | None


def commands(group: click.Group = travel_tui, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The names that lead to each command, from click itself."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        elif command is not None:
            yield (*before, name)


def examples(path: tuple[str, ...]) -> st.SearchStrategy[CommandCall]:
    """Ways to call a command, right and wrong."""
    command: click.Command = travel_tui
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    return st.builds(
        CommandCall,
        _arguments(path, command),
        st.dictionaries(st.sampled_from(list(VARIABLES)), st.integers(0, 99), max_size=4).map(
            lambda drawn: {name: VARIABLES[name][number % len(VARIABLES[name])] for name, number in drawn.items()}
        ),
        st.none() | st.sampled_from(AWS_FILES),
        st.none() | st.sampled_from(CONFIGS),
        st.none() | st.none() | st.sampled_from(list(ARCHIVES)),
    )


@st.composite
def _arguments(draw: st.DrawFn, path: tuple[str, ...], command: click.Command) -> tuple[str, ...]:
    chosen = [*path, *_ALWAYS.get(path, ())]
    options = [each for each in command.params if isinstance(each, click.Option) and each.opts[0] not in _NEVER]
    needed = [each for each in options if each.required]
    drawn = draw(st.lists(st.sampled_from(options), max_size=4, unique=True)) if options else []
    for option in {each.opts[0]: each for each in (*needed, *drawn)}.values():
        chosen += [option.opts[0]]
        if not option.is_flag:
            chosen += [draw(_values(option))]
    for argument in command.params:
        if isinstance(argument, click.Argument) and (argument.required or draw(st.booleans())):
            chosen += [draw(_values(argument))]
    return tuple(chosen)


def _values(parameter: click.Parameter) -> st.SearchStrategy[str]:
    choices = parameter.type.choices if isinstance(parameter.type, click.Choice) else ()
    known = _BY_OPTION.get(parameter.opts[0], ())
    return st.sampled_from([*(str(each) for each in choices), *(known or _TEXTS)])
