"""The examples of a page: its fenced blocks by their language."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "local-endpoint.md"
URL = "http://127.0.0.1:4571"
"""What the page calls the endpoint."""

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str, url: str, page: Path = PAGE) -> list[str]:
    """The blocks of a language in order, with the endpoint's own address in them."""
    text = page.read_text(encoding="utf-8")
    return [code.replace(URL, url) for found, code in _BLOCK.findall(text) if found == language]


def environment(url: str, page: Path = PAGE) -> dict[str, str]:
    """The variables that the page has its reader export."""
    (exports,) = blocks("sh", url, page)
    return dict(re.findall(r"(\w+)=(\S+)", exports))


def commands(language: str, url: str, page: Path = PAGE) -> list[str]:
    """The single commands of a language's blocks."""
    lines = "\n".join(blocks(language, url, page)).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip()]
