"""Parts of a bug report: versions, terminal, environment and config, as lines without anything private."""

from __future__ import annotations

import locale
import os
import platform
import re
import shutil
import sqlite3
import ssl
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from travel_tui.text import one_line

_TERMINAL = (
    "TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "VTE_VERSION", "KONSOLE_VERSION", "WT_SESSION",
    "COLUMNS", "LINES", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE", "TEXTUAL_DRIVER", "TEXTUAL_COLOR_SYSTEM",
    "TEXTUAL_THEME", "TEXTUAL_ANIMATIONS", "TEXTUAL_FPS",
)  # fmt: skip
"""Variables that say which terminal it is and how it is used; the report has their values."""
_AROUND = ("TMUX", "STY", "SSH_CONNECTION", "SSH_TTY", "WSL_DISTRO_NAME", "container")
"""Variables that are set in tmux, screen, ssh, WSL or a container; the report only says that they are."""
_NAMED = re.compile(r"AWS_\w+|\w+_PROXY|BOTO\w*|OPENAI_\w+|PYTHON\w+|TRAVEL_TUI_\w+|XDG_\w+_HOME|TZ|VIRTUAL_ENV", re.I)
_TELLING_NOTHING = frozenset({"version", "backend", "region", "memory_days", "stage", "theme", "run_functions"})
"""Keys of the config whose values say nothing about whoever wrote them."""


def versions() -> list[str]:
    """Return the versions of Python, of the system's libraries, and of everything that travel-tui declares."""
    declared = requires("travel-tui") or []
    names = dict.fromkeys(["travel-tui", *(re.split(r"[^\w.-]", each)[0] for each in declared), "botocore"])
    rows = {name: _version(name) for name in names}
    rows |= {
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "SQLite": sqlite3.sqlite_version,
        "OpenSSL": ssl.OPENSSL_VERSION,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "C library": " ".join(platform.libc_ver()).strip() or "unknown",
    }
    return _columns(rows)


def terminal() -> list[str]:
    """Return what is known of the terminal."""
    size = shutil.get_terminal_size()
    rows = {name: one_line(value, 80) for name in _TERMINAL if (value := os.environ.get(name)) is not None}
    rows |= {name: "(set)" for name in _AROUND if os.environ.get(name)}
    rows |= {
        "size": f"{size.columns} × {size.lines}",
        "standard input": "a terminal" if sys.stdin.isatty() else "not a terminal",
        "standard output": "a terminal" if sys.stdout.isatty() else "not a terminal",
        "encoding": f"{sys.stdout.encoding}, files {locale.getpreferredencoding(do_setlocale=False)}",
    }
    return _columns(rows)


def environment() -> list[str]:
    """Return the names of the variables that change what travel-tui and its libraries do, without their values."""
    names = sorted(name for name in os.environ if _NAMED.fullmatch(name))
    return [f"Set (values left out): {', '.join(names)}" if names else "None of the variables that matter is set."]


def config(path: Path) -> list[str]:
    """Return the keys of the config, with the values of those that tell nothing about the user."""
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return ["None."]
    except (OSError, ValueError, RecursionError) as error:
        return [f"It cannot be read ({type(error).__name__}); the checks say why."]
    return [*_settings((), data)] or ["It is empty."]


def _settings(where: tuple[str, ...], table: Mapping[str, object]) -> Iterator[str]:
    for key, value in table.items():
        name = ".".join((*where, one_line(key, 60)))
        if isinstance(value, Mapping):
            yield f"[{name}]"
            yield from _settings((*where, one_line(key, 60)), value)
        else:
            yield f"{name} = {_shown(where, key, value)}"


def _shown(where: tuple[str, ...], key: str, value: object) -> str:
    from travel_tui.cli.agent_options import on_this_machine
    from travel_tui.endpoint_url import without_userinfo

    known = where[:1] in ((), ("keys",), ("screen",)) or (where[:1] == ("agents",) and len(where) == 2)
    if known and (key in _TELLING_NOTHING or where[:1] == ("keys",)):
        return one_line(repr(value), 80)
    if key == "endpoint_url" and isinstance(value, str) and on_this_machine(value):
        return repr(without_userinfo(value))
    return f"(left out: {type(value).__name__})"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _columns(rows: Mapping[str, str]) -> list[str]:
    wide = max(map(len, rows))
    return [f"{name:<{wide}}  {value}" for name, value in rows.items()]
