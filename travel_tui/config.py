"""The local config: which agents there are and which one is meant. It never holds a secret.

version = 1
default = "travel"

[agents.travel]
agent_id = "TRAVELDEMO"
alias_id = "TSTALIASID"
region = "us-east-1"
# profile, endpoint_url, memory_id, memory_days and title may stand here too

[agents.travel.provisioned]
# what `travel-tui provision` made for this agent; no other command changes it

[keys]
"session.end" = "f6"        # F1 in the client lists the keys, `travel-tui config keys` their names

[screen]
theme = "textual-light"
stage = true
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from travel_tui.agent import refused_id
from travel_tui.paths import write_whole

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

VERSION = 1
DEMO = "`travel-tui demo` runs without a config."

_AGENT_ID = re.compile(r"[0-9a-zA-Z]{1,10}")
_REQUIRED = ("agent_id", "alias_id")
_FINDS = {"agent_id": "aws bedrock-agent list-agents", "alias_id": "aws bedrock-agent list-agent-aliases --agent-id ID"}
_KEY = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))\s*""")
_OPTIONAL_TEXT = ("region", "profile", "endpoint_url", "memory_id", "title")


class ConfigError(Exception):
    """The config cannot be used; the message says where, why, and what to do next."""


@dataclass(frozen=True, slots=True)
class AgentConfig:
    """One agent and where it answers. `memory_days` is how long its memory is kept, where that is known.

    `provisioned` is what was made for it in AWS, in provision's own terms; None where it was not made by it.
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


@dataclass(frozen=True, slots=True)
class Config:
    """What the file at `path` says."""

    path: Path
    default: str | None
    agents: Mapping[str, AgentConfig]
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys, several parted by commas, by the name of what they do."""
    theme: str | None = None
    stage: bool = False
    """Whether the client shows itself to an audience: more space, fewer ids."""

    def chosen(self, name: str | None = None) -> AgentConfig:
        """The agent called `name`, else the default, else the only one. Raises ConfigError."""
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
            origin = "--agent asks for" if name else "its default is"
            raise ConfigError(
                f"{self.path} has no agent called {wanted!r}, which {origin}. "
                f"It has: {known}. Choose one of them with --agent NAME, or add [agents.{wanted}] there."
            )
        return self.agents[wanted]


def load(path: Path) -> Config | None:
    """Read the config at `path`; None where there is none. Raises ConfigError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path} is not UTF-8 text (byte {error.start}), so it is not TOML. Save it as UTF-8. {DEMO}"
        ) from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}. Check `ls -l {path}`. {DEMO}") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}. Correct it there, or move the file away. {DEMO}") from error
    return _Reader(path, text).config(data)


def save_agent(path: Path, agent: AgentConfig, *, make_default: bool = True) -> None:
    """Write `agent` into the config at `path`, whole or not at all; comments and unknown keys stay.

    Where `provisioned` is None, what stands there stays: who connects to an agent again did not make it.
    The file is 0600, and a folder made for it 0700. Raises ConfigError, and leaves alone what it cannot read.
    """
    import tomlkit

    there, document = _open(path)
    document.setdefault("version", VERSION)
    if make_default or not (there and there.agents):
        document["default"] = agent.name  # tomlkit puts a key of the root above the first table
    agents = document.setdefault("agents", tomlkit.table(is_super_table=True))
    table = agents.setdefault(agent.name, tomlkit.table())
    for key in (*_REQUIRED, *_OPTIONAL_TEXT, "memory_days"):
        value = getattr(agent, key)
        if value is not None:
            table[key] = value
        elif key in table:
            del table[key]
    if agent.provisioned is not None:
        table["provisioned"] = dict(agent.provisioned)
    _save(path, document)


def set_default(path: Path, name: str) -> AgentConfig:
    """Make the agent called `name` the default of the config at `path`, and return it; all else stays as it is.

    The file is replaced whole. Raises ConfigError, also where there is no such agent.
    """
    there, document = _open(path)
    if there is None:
        raise ConfigError(f"There is no config at {path}. `travel-tui connect` writes one. {DEMO}")
    if name not in there.agents:
        known = ", ".join(there.agents) or "none"
        raise ConfigError(f"{path} has no agent called {name!r}. It has: {known}.")
    document["default"] = name
    _save(path, document)
    return there.agents[name]


def remove_agent(path: Path, name: str) -> None:
    """Take the agent called `name` out of the config at `path`; all else stays as it is. Raises ConfigError."""
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
    """What the file says, and the file as it is written; an empty one where there is none."""
    import tomlkit

    there = load(path)
    return there, tomlkit.parse(path.read_bytes().decode("utf-8-sig")) if there else tomlkit.document()


def _save(path: Path, document: TOMLDocument) -> None:
    text = document.as_string()
    _Reader(path, text).config(tomllib.loads(text))  # what is written can be read again
    try:
        write_whole(path, text)
    except OSError as error:
        folder = Path(os.path.realpath(path)).parent
        raise ConfigError(
            f"{path} could not be written: {error.strerror}. "
            f"Check `ls -ld {folder}` and the space left with `df {folder}`."
        ) from error


class _Reader:
    """Turns parsed TOML into a Config and knows the line of each key, for errors that one can act on."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()

    def config(self, data: Mapping[str, Any]) -> Config:
        version = data.get("version", VERSION)
        if type(version) is not int or version < 1:
            raise self._error((), "version", f"is {version!r}", f"the number {VERSION}")
        if version > VERSION:
            raise ConfigError(
                f"{self._path} has version {version}; this travel-tui reads version {VERSION}. "
                f"Upgrade with `pip install --upgrade travel-tui`. {DEMO}"
            )
        default = data.get("default")
        if default is not None and not (isinstance(default, str) and default):
            raise self._error((), "default", f"is {default!r}", "the name of an agent, in quotation marks")
        tables = data.get("agents", {})
        if not isinstance(tables, dict):
            raise self._error((), "agents", f"is {tables!r}", "tables such as [agents.travel]")
        agents = {name: self._agent(name, table) for name, table in tables.items()}
        return Config(
            self._path, default, agents, self._keys(data.get("keys", {})), *self._screen(data.get("screen", {}))
        )

    def _keys(self, table: Any) -> Mapping[str, str]:
        if not isinstance(table, dict):
            raise self._error((), "keys", f"is {table!r}", "a table: [keys]")
        for name, keys in table.items():
            if not (isinstance(keys, str) and keys):
                raise self._error(("keys",), name, f"is {keys!r}", 'a key such as "f6", or several: "f6,ctrl+e"')
        return table

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
        for key in _REQUIRED:
            self._check_id(where, key, table)
        for key in _OPTIONAL_TEXT:
            value = table.get(key)
            if value is not None and not (isinstance(value, str) and value):
                raise self._error(where, key, f"is {value!r}", "text in quotation marks, or leave the line out")
        memory_id, url, days = table.get("memory_id"), table.get("endpoint_url"), table.get("memory_days")
        if memory_id is not None and (trouble := refused_id("memory", memory_id)):
            raise self._error(where, "memory_id", f"is {memory_id!r}", trouble.why)
        if url is not None and not is_http_url(url):
            raise self._error(where, "endpoint_url", f"is {url!r}", 'a URL such as "http://127.0.0.1:4571"')
        if days is not None and (type(days) is not int or not 1 <= days <= 365):
            raise self._error(where, "memory_days", f"is {days!r}", "a number of days from 1 to 365")
        made = table.get("provisioned")
        if made is not None and not isinstance(made, dict):
            raise self._error(where, "provisioned", f"is {made!r}", f"a table: [agents.{name}.provisioned]")
        known = {key: table.get(key) for key in (*_OPTIONAL_TEXT, "memory_days", "provisioned")}
        return AgentConfig(name=name, agent_id=table["agent_id"], alias_id=table["alias_id"], **known)

    def _check_id(self, where: tuple[str, ...], key: str, table: Mapping[str, Any]) -> None:
        value = table.get(key)
        if isinstance(value, str) and is_agent_id(value):
            return
        found = "is missing" if value is None else f"is {value!r}"
        expected = "1 to 10 letters and digits in quotation marks"
        raise self._error(where, key, found, f"{expected}; `{_FINDS[key]}` shows it")

    def _error(self, where: tuple[str, ...], key: str, found: str, expected: str) -> ConfigError:
        line = self._line(where, key)
        place = f"{self._path}, line {line}" if line else str(self._path)
        return ConfigError(f"{place}: {'.'.join((*where, key))} {found}. Expected: {expected.rstrip('.')}. {DEMO}")

    def _line(self, where: tuple[str, ...], key: str) -> int | None:
        """The line of `key` in the table `where`; where it is missing or inside braces, that of what holds it."""
        wanted = (*where, key)
        table: tuple[str, ...] = ()
        holder = None
        for number, line in enumerate(self._lines, 1):
            text = line.lstrip()
            if text.startswith("["):
                here = table = _keys(text.lstrip("["))
            elif not text or text.startswith("#"):
                continue
            else:
                here = (*table, *_keys(text))
            if here == wanted:
                return number
            inside, around = here[: len(where)] == where, here and here == wanted[: len(here)]
            if inside or (around and not text.startswith("[")):
                holder = number if here == where else holder or number
        return holder


def _keys(text: str) -> tuple[str, ...]:
    """The dotted key with which a line begins, in parts."""
    parts: list[str] = []
    place = 0
    while found := _KEY.match(text, place):
        parts.append(next(part for part in found.groups() if part is not None))
        place = found.end()
        if text[place : place + 1] != ".":
            break
        place += 1
    return tuple(parts)


def is_agent_id(value: str) -> bool:
    """Whether `value` can be an agent's or an alias' id: InvokeAgent's pattern and length in botocore's model."""
    return bool(_AGENT_ID.fullmatch(value))


def is_http_url(url: str) -> bool:
    """Whether calls can be sent to `url`."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
