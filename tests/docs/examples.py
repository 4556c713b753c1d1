"""The examples of README.md and docs/*.md: indented and fenced blocks, and commands in tables.

A comment before a block says what it is beside its language. `<!-- illustration -->` keeps it from being run, and
`<!-- file: NAME -->` has it written to a file of that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
LOCAL_ENDPOINT = ROOT / "docs" / "local-endpoint.md"
URL = "http://127.0.0.1:4571"
"""What the pages call the local endpoint."""

_MARK = re.compile(r"<!--\s*(illustration|file)\b:?\s*(.*?)\s*-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """A block as printed. Its language is `sh` where it is indented, or a command in a table."""

    page: Path
    line: int
    language: str
    text: str
    illustration: bool = False
    file: str | None = None
    """What it is to be written to, as a word of the shell."""

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.page.name}:{self.line}"

    def commands(self) -> list[str]:
        """The single commands of a block of the shell's."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def examples(page: Path) -> list[Example]:
    """All examples of a page in order."""
    return list(_examples(page))


def _examples(page: Path) -> Iterator[Example]:
    mark: re.Match[str] | None = None
    in_table = False
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")):
        line = token.map[0] + 1 if token.map else 0
        if token.type in ("fence", "code_block"):
            kind, value = mark.groups() if mark else ("", "")
            file = value if kind == "file" else None
            language = token.info or "sh"
            yield Example(page, line, language, token.content, kind == "illustration", file)
        if token.type in ("table_open", "table_close"):
            in_table = token.type == "table_open"
        if in_table and token.type == "inline":
            yield from (Example(page, line, "sh", text) for text in _commands_in(token))
        mark = _MARK.search(token.content) if token.type == "html_block" else None


def _commands_in(token: Token) -> list[str]:
    codes = [child.content for child in token.children or () if child.type == "code_inline"]
    return [code for code in codes if code.startswith("travel-tui ")]


def exports(page: Path, url: str) -> dict[str, str]:
    """The variables that a page has its reader export, with an endpoint's own address in them."""
    lines = [line for example in examples(page) for line in example.text.splitlines() if line.startswith("export ")]
    return dict(re.findall(r"(\w+)=(\S+)", "\n".join(lines).replace(URL, url)))
