"""Local config file: the known agents and the default one. It never holds a secret.

version = 1
default = "travel"

[agents.travel]
agent_id = "TRAVELDEMO"
alias_id = "TSTALIASID"
region = "us-east-1"
# profile, endpoint_url, memory_id, memory_days, title and backend (one of BACKENDS) may stand here too; with
# backend = "agentcore", the keys of agentcore_config stand in place of the two ids

[agents.travel.provisioned]
# written by `travel-tui provision` for this agent; no other command changes it

[keys]
session.end = "f6"        # F1 in the client lists the keys, `travel-tui config keys` their names

[screen]
theme = "textual-light"
stage = true
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from travel_tui import UPGRADE
from travel_tui.agent import check_id
from travel_tui.agentcore_config import (
    AGENTCORE,
    AGENTCORE_KEYS,
    AgentCoreConfig,
    AgentCoreConfigError,
    read_agentcore,
)
from travel_tui.endpoint_url import shown_refused, without_userinfo
from travel_tui.file_kind import not_a_file
from travel_tui.paths import write_whole
from travel_tui.toml_lines import line_of

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

VERSION = 1
BACKENDS = ("bedrock-agents", AGENTCORE)
"""Values of an agent's key `backend`; the first holds where it is left out."""
DEMO = "`travel-tui demo` runs without a config."

_AGENT_ID = re.compile(r"[0-9a-zA-Z]{1,10}")
_LABEL = r"(?!-)[0-9a-zA-Z-]{1,63}(?<!-)"
_REGION = re.compile(rf"(?![0-9]+\Z){_LABEL}")
_HOST = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}\.?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:%[\w.~-]+)?")
_REQUIRED = ("agent_id", "alias_id")
_FINDS = {"agent_id": "aws bedrock-agent list-agents", "alias_id": "aws bedrock-agent list-agent-aliases --agent-id ID"}
_OPTIONAL_TEXT = ("region", "profile", "endpoint_url", "memory_id", "title")
_ROOT = ("version", "default", "agents", "keys", "screen")
_SCREEN = ("theme", "stage")
_AGENT = (*_REQUIRED, *_OPTIONAL_TEXT, "backend", "memory_days", "provisioned", *AGENTCORE_KEYS)


class ConfigError(Exception):
    """The config cannot be used; the message names the place, the reason and the next step."""


@dataclass(frozen=True, slots=True)
class AgentConfig:
    """One agent and its location. `memory_days` is the memory's retention, if known.

    `endpoint_url` never includes a user name or password, even if the file does. `provisioned` lists the AWS resources
    created by provision, in its own terms; None if provision did not create the agent.
    """

    name: str
    agent_id: str
    alias_id: str
    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    memory_id: str | None = None
    memory_days: int | None = None
    title: str | None = None
    provisioned: Mapping[str, Any] | None = None
    backend: str = BACKENDS[0]
    """One of BACKENDS: the service that the agent is one of."""
    agentcore: AgentCoreConfig | None = None
    """Set for that backend: `agent_id` and `alias_id` are then its harness and endpoint, or its memory."""


@dataclass(frozen=True, slots=True)
class Config:
    """Parsed content of the file at `path`."""

    path: Path
    default: str | None
    agents: Mapping[str, AgentConfig]
    keys: Mapping[str, str] = field(default_factory=dict)
    """Key bindings by action name; several keys are separated by commas."""
    theme: str | None = None
    stage: bool = False
    """Whether the client uses presentation mode: more space, fewer ids."""
    unknown: tuple[str, ...] = ()
    """Messages about unknown keys: line, name, and the most similar known key."""

    @property
    def warning(self) -> str:
        """One sentence about the unknown keys; empty if there are none."""
        if not self.unknown:
            return ""
        return f"{self.path} has unknown keys, which are ignored: {'; '.join(self.unknown)}."

    def chosen(self, name: str | None = None) -> AgentConfig:
        """Return the agent called `name`, else the default, else the only one. Raises ConfigError."""
        wanted = name or self.default
        if wanted is None and len(self.agents) == 1:
            return next(iter(self.agents.values()))
        known = ", ".join(self.agents) or "none"
        if not self.agents:
            raise ConfigError(f"{self.path} has no agent. Add a table [agents.NAME] with agent_id and alias_id. {DEMO}")
        if wanted is None:
            raise ConfigError(
                f"{self.path} names several agents ({known}) and no default. "
                'Choose one with --agent NAME, or write default = "NAME" above the first [agents…] line.'
            )
        if wanted not in self.agents:
            origin = "--agent selects" if name else "its default is"
            raise ConfigError(
                f"{self.path} has no agent called {wanted!r}, which {origin}. "
                f"Its agents: {known}. Choose one with --agent NAME, or add [agents.{wanted}] there."
            )
        return self.agents[wanted]


def load(path: Path, data: bytes | None = None) -> Config | None:
    """Read the config at `path`, or `data` as if it were its content; None if it does not exist. Raises ConfigError."""
    try:
        if data is None and (kind := not_a_file(path)):
            raise ConfigError(f"{path} {kind}. Move it away, or name another config with --config. {DEMO}")
        text = (path.read_bytes() if data is None else data).decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path} is not UTF-8 text (byte {error.start}), so it is not TOML. Save it as UTF-8. {DEMO}"
        ) from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}. Check `ls -l {path}`. {DEMO}") from error
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # an integer with thousands of digits, or endlessly nested arrays
        raise ConfigError(f"{path} is not TOML: {error}. Correct it there, or move the file away. {DEMO}") from error
    return _Reader(path, text).config(found)


def save_agent(path: Path, agent: AgentConfig, *, make_default: bool = True) -> None:
    """Write `agent` into the config at `path`, atomically; comments and unknown keys are kept.

    If `provisioned` is None, an existing value is kept: reconnecting does not mean having created it. The file is
    0600, and a newly created folder 0700. Raises ConfigError, and leaves an unreadable file unchanged.
    """
    import tomlkit

    there, document = _open(path)
    document.setdefault("version", VERSION)
    if make_default or not (there and there.agents):
        document["default"] = agent.name  # tomlkit inserts a root key above the first table
    agents = document.setdefault("agents", tomlkit.table(is_super_table=True))
    table = agents.setdefault(agent.name, tomlkit.table())
    values = {key: getattr(agent, key) for key in (*_REQUIRED, *_OPTIONAL_TEXT, "memory_days")}
    values |= dict.fromkeys(AGENTCORE_KEYS)
    if agent.agentcore is not None:  # what the two ids are made of is written instead of them
        values |= dict.fromkeys(_REQUIRED) | agent.agentcore.as_table()
    for key, value in values.items():
        if value is not None:
            table[key] = value
        elif key in table:
            del table[key]
    if agent.backend != BACKENDS[0] or "backend" in table:
        table["backend"] = agent.backend
    if agent.provisioned is not None:
        table["provisioned"] = dict(agent.provisioned)
    _save(path, document)


def set_default(path: Path, name: str) -> AgentConfig:
    """Make the agent called `name` the default of the config at `path`, and return it; everything else is kept.

    The file is replaced atomically. Raises ConfigError, also for an unknown agent.
    """
    there, document = _open(path)
    if there is None:
        raise ConfigError(f"No config at {path}. `travel-tui connect` writes one. {DEMO}")
    if name not in there.agents:
        known = ", ".join(there.agents) or "none"
        raise ConfigError(f"{path} has no agent called {name!r}. Its agents: {known}.")
    document["default"] = name
    _save(path, document)
    return there.agents[name]


def remove_agent(path: Path, name: str) -> None:
    """Remove the agent called `name` from the config at `path`; everything else is kept. Raises ConfigError."""
    there, document = _open(path)
    if there is None or name not in there.agents:
        return
    del document["agents"][name]
    if there.default == name:
        del document["default"]
        if others := [each for each in there.agents if each != name]:
            document["default"] = others[0]
    _save(path, document)


def _open(path: Path) -> tuple[Config | None, TOMLDocument]:
    """Return the parsed config and its TOML document; None and an empty document if there is no file."""
    import tomlkit

    there = load(path)
    return there, tomlkit.parse(path.read_bytes().decode("utf-8-sig")) if there else tomlkit.document()


def _save(path: Path, document: TOMLDocument) -> None:
    text = document.as_string()
    _Reader(path, text).config(tomllib.loads(text))  # ensure that the written file can be read again
    try:
        write_whole(path, text)
    except OSError as error:
        folder = Path(os.path.realpath(path)).parent
        raise ConfigError(
            f"{path} could not be written: {error.strerror}. "
            f"Check `ls -ld {folder}` and the space left with `df {folder}`."
        ) from error


class _Reader:
    """Converts parsed TOML to a Config and tracks each key's line for error messages."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()

    def config(self, data: Mapping[str, Any]) -> Config:
        version = data.get("version", VERSION)
        if type(version) is not int or version < 1:
            raise self._error((), "version", f"is {version!r}", f"the number {VERSION}")
        if version > VERSION:
            raise ConfigError(
                f"{self._path} has version {version}; this travel-tui reads version {VERSION}. {UPGRADE}. {DEMO}"
            )
        default = data.get("default")
        if default is not None and not (isinstance(default, str) and default):
            raise self._error((), "default", f"is {default!r}", "the name of an agent, in quotation marks")
        tables = data.get("agents", {})
        if not isinstance(tables, dict):
            raise self._error((), "agents", f"is {tables!r}", "tables such as [agents.travel]")
        agents = {name: self._agent(name, table) for name, table in tables.items()}
        keys, screen = self._keys(data.get("keys", {})), self._screen(data.get("screen", {}))
        unknown = [
            *self._unknown((), data, _ROOT),
            *self._unknown(("screen",), data.get("screen", {}), _SCREEN),
            *(each for name, table in tables.items() for each in self._unknown(("agents", name), table, _AGENT)),
            *(each for name, table in tables.items() for each in self._of_other(("agents", name), table)),
        ]
        return Config(self._path, default, agents, keys, *screen, tuple(unknown))

    def _unknown(self, where: tuple[str, ...], table: Mapping[str, Any], known: Sequence[str]) -> Iterator[str]:
        for key in table:
            if key in known:
                continue
            line = line_of(self._lines, where, key)
            near = get_close_matches(key, known, 1)
            place = f"line {line}, " if line else ""
            hint = f" (did you mean {near[0]}?)" if near else ""
            yield f"{place}{'.'.join((*where, key))}{hint}"

    def _of_other(self, where: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
        """Yield the keys of an agent that only an agent of the other backend has."""
        agentcore = table.get("backend") == AGENTCORE
        for key in (each for each in (_REQUIRED if agentcore else AGENTCORE_KEYS) if each in table):
            other = BACKENDS[0] if agentcore else AGENTCORE
            yield f'line {line_of(self._lines, where, key)}, {".".join((*where, key))} (for backend = "{other}")'

    def _keys(self, table: Any) -> Mapping[str, str]:
        if not isinstance(table, dict):
            raise self._error((), "keys", f"is {table!r}", "a table: [keys]")
        return dict(self._named_keys(("keys",), table))

    def _named_keys(self, where: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield each name with its keys; without quotation marks, TOML reads the dots of a name as tables."""
        for name, keys in table.items():
            if isinstance(keys, dict):
                yield from self._named_keys((*where, name), keys)
            elif isinstance(keys, str) and keys:
                yield ".".join((*where[1:], name)), keys
            else:
                raise self._error(where, name, f"is {keys!r}", 'a key such as "f6", or several: "f6,ctrl+e"')

    def _screen(self, table: Any) -> tuple[str | None, bool]:
        if not isinstance(table, dict):
            raise self._error((), "screen", f"is {table!r}", "a table: [screen]")
        theme, stage = table.get("theme"), table.get("stage", False)
        if theme is not None and not (isinstance(theme, str) and theme):
            raise self._error(("screen",), "theme", f"is {theme!r}", 'a theme\'s name such as "textual-light"')
        if not isinstance(stage, bool):
            raise self._error(("screen",), "stage", f"is {stage!r}", "true or false")
        return theme, stage

    def _agent(self, name: str, table: Any) -> AgentConfig:
        if not isinstance(table, dict):
            raise self._error(("agents",), name, f"is {table!r}", f"a table: [agents.{name}]")
        where = ("agents", name)
        backend = table.get("backend", BACKENDS[0])
        if backend not in BACKENDS:
            known_ones = " or ".join(f'"{each}"' for each in BACKENDS)
            raise self._error(where, "backend", f"is {backend!r}", f"{known_ones}, or leave the line out")
        if (
            backend != AGENTCORE
            and "agent_id" not in table
            and (own := [key for key in AGENTCORE_KEYS if key in table])
        ):
            found = f"is {backend!r}" if "backend" in table else "is missing"
            raise self._error(where, "backend", found, f'"{AGENTCORE}", since there is {own[0]}')
        if backend == AGENTCORE and "agent_id" in table and not any(key in table for key in AGENTCORE_KEYS):
            raise self._error(where, "backend", f"is {backend!r}", f'"{BACKENDS[0]}", since there is agent_id')
        agentcore = self._agentcore(where, table) if backend == AGENTCORE else None
        for key in () if agentcore else _REQUIRED:
            self._check_id(where, key, table)
        for key in _OPTIONAL_TEXT:
            value = table.get(key)
            if value is not None and not (isinstance(value, str) and value):
                raise self._error(where, key, f"is {value!r}", "text in quotation marks, or leave the line out")
        memory_id, url, days = table.get("memory_id"), table.get("endpoint_url"), table.get("memory_days")
        region = table.get("region")
        if region is not None and not is_region(region):
            raise self._error(where, "region", f"is {region!r}", 'a Region such as "us-east-1"')
        if memory_id is not None and agentcore is None and (problem := check_id("memory", memory_id)):
            raise self._error(where, "memory_id", f"is {memory_id!r}", problem.why.removeprefix("An id has "))
        if url is not None and not is_http_url(url):
            raise self._error(
                where, "endpoint_url", f"is {shown_refused(url)!r}", 'a URL such as "http://127.0.0.1:4571"'
            )
        if days is not None and (type(days) is not int or not 1 <= days <= 365):
            raise self._error(where, "memory_days", f"is {days!r}", "a number of days from 1 to 365")
        made = table.get("provisioned")
        if made is not None and not isinstance(made, dict):
            raise self._error(where, "provisioned", f"is {made!r}", f"a table: [agents.{name}.provisioned]")
        known: dict[str, Any] = {key: table.get(key) for key in (*_OPTIONAL_TEXT, "memory_days", "provisioned")}
        known["endpoint_url"] = url and without_userinfo(url)
        known |= {"backend": backend, "agentcore": agentcore}
        if agentcore is not None:
            return AgentConfig(name, agentcore.agent_id, agentcore.alias_id, **known)
        return AgentConfig(name, table["agent_id"], table["alias_id"], **known)

    def _agentcore(self, where: tuple[str, ...], table: Mapping[str, Any]) -> AgentCoreConfig:
        try:
            return read_agentcore(table)
        except AgentCoreConfigError as error:
            raise self._error(where, error.key, error.found, error.expected) from error

    def _check_id(self, where: tuple[str, ...], key: str, table: Mapping[str, Any]) -> None:
        value = table.get(key)
        if isinstance(value, str) and is_agent_id(value):
            return
        found = "is missing" if value is None else f"is {value!r}"
        expected = "1 to 10 letters and digits in quotation marks"
        raise self._error(where, key, found, f"{expected}; `{_FINDS[key]}` shows it")

    def _error(self, where: tuple[str, ...], key: str, found: str, expected: str) -> ConfigError:
        line = line_of(self._lines, where, key)
        place = f"{self._path}, line {line}" if line else str(self._path)
        return ConfigError(f"{place}: {'.'.join((*where, key))} {found}. Expected: {expected.rstrip('.')}. {DEMO}")


def is_agent_id(value: str) -> bool:
    """Whether `value` is a valid agent or alias id: InvokeAgent's pattern and length in botocore's model."""
    return bool(_AGENT_ID.fullmatch(value))


def is_region(value: str) -> bool:
    """Whether `value` is a valid Region: one label of a host name, as in botocore."""
    return bool(_REGION.fullmatch(value))


def is_http_url(url: str) -> bool:
    """Whether calls can be sent to `url`: botocore decides by the host name what counts as an endpoint."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port  # a port out of range raises ValueError
    except ValueError:
        return False
    plain = url.isprintable() and " " not in url
    return plain and parts.scheme in ("http", "https") and port != 0 and bool(_HOST.fullmatch(host))
