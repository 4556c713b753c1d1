"""Diagram of the code's layers from the import contract in pyproject.toml: `make architecture` writes it.

Each box is a package or module of the contract with the first sentence of its docstring, and the libraries in LIBRARIES
that its files import.
"""

from __future__ import annotations

import ast
import re
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "diagrams" / "layers.svg"
LIBRARIES = ("aiohttp", "boto3", "botocore", "click", "sqlite3", "textual", "uvicorn")
"""Libraries whose importers are shown: AWS, the terminal, files and HTTP."""

WIDTH, MARGIN, GAP, LINE = 1000, 16, 12, 16
NAME_PX, TEXT_PX = 8.0, 6.6
"""Maximum pixels per letter, in a name and in a description."""
MAX_BESIDE = 5
"""Boxes in one line."""


@dataclass(frozen=True, slots=True)
class Box:
    """A package or module of the contract."""

    name: str
    description: str
    libraries: tuple[str, ...]

    @property
    def title(self) -> str:
        """Return the name without the main package, or marked if it is a top-level package itself."""
        package, _, inner = self.name.partition(".")
        return inner or f"{package} (top level)"

    def lines(self, width: float) -> list[str]:
        """Wrap the description to a width in pixels."""
        return textwrap.wrap(self.description, int((width - 2 * GAP) / TEXT_PX))


def contracts() -> list[Mapping[str, Any]]:
    """Read the import contracts."""
    read = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[Mapping[str, Any]] = read["tool"]["importlinter"]["contracts"]
    return found


def layers() -> list[list[Box]]:
    """Read the rows of the layers contract, from the top."""
    (contract,) = (each for each in contracts() if each["type"] == "layers" and "containers" not in each)
    return [[box(name) for name in re.split(r"\s*[|:]\s*", row)] for row in contract["layers"]]


@cache
def box(name: str) -> Box:
    """Describe a module by its own docstring and imports. Raises AssertionError if it has no docstring."""
    files = list(_files(name))
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    docstring = ast.get_docstring(trees[0])
    assert docstring, f"{files[0].relative_to(ROOT)} has no docstring to describe it in the picture"
    first = re.split(r"(?<=\.)\s", " ".join(docstring.split("\n\n")[0].split()))[0].rstrip(".")
    imported = {library for tree in trees for library in _imports(tree)}
    return Box(name, first, tuple(each for each in LIBRARIES if each in imported))


def _files(name: str) -> Iterator[Path]:
    path = ROOT.joinpath(*name.split("."))
    if path.is_dir():
        yield path / "__init__.py"
        yield from (each for each in sorted(path.rglob("*.py")) if each != path / "__init__.py")
    else:
        yield path.with_suffix(".py")


def _imports(tree: ast.Module) -> Iterator[str]:
    """Yield the top-level packages that a file imports at run time; those only for type checkers are left out."""
    skipped = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def drawn() -> str:
    """Draw the diagram as SVG."""
    parts, y = list[str](), float(MARGIN)
    for row in (line for layer in layers() for line in batched(layer)):
        width = (WIDTH - 2 * MARGIN - GAP * (len(row) - 1)) / len(row)
        height = max(2 * GAP + LINE * (1 + len(each.lines(width)) + bool(each.libraries)) for each in row)
        for number, each in enumerate(row):
            parts += _drawn_box(each, MARGIN + number * (width + GAP), y, width, height)
        y += height + GAP
    for line in ("A file imports only from layers below its own. Other import contracts:", *_rules()):
        y += LINE
        parts.append(f'<text class="rule" x="{MARGIN}" y="{y:g}">{escape(line)}</text>')
    return "\n".join([*_head(y + MARGIN), *parts, "</svg>", ""])


def batched(layer: list[Box]) -> Iterator[list[Box]]:
    """Split a layer of many modules into lines of MAX_BESIDE at most."""
    for start in range(0, len(layer), MAX_BESIDE):
        yield layer[start : start + MAX_BESIDE]


def _rules() -> list[str]:
    return [f"· {each['name']}." for each in contracts() if each["type"] != "layers" or "containers" in each]


def _drawn_box(each: Box, x: float, y: float, width: float, height: float) -> Iterator[str]:
    yield f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="4"/>'
    left, at = x + GAP, y + GAP + LINE * 0.75
    assert len(each.title) * NAME_PX < width - GAP, f"{each.title} needs a wider box"
    yield f'<text class="name" x="{left:g}" y="{at:g}">{escape(each.title)}</text>'
    for line in each.lines(width):
        at += LINE
        yield f'<text x="{left:g}" y="{at:g}">{escape(line)}</text>'
    if each.libraries:
        yield f'<text class="uses" x="{left:g}" y="{at + LINE:g}">imports {escape(", ".join(each.libraries))}</text>'


def _head(height: float) -> Iterator[str]:
    size = f'width="{WIDTH}" height="{height:g}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" {size}>'
    yield "<title>The layers of travel-tui, from the commands at the top to what has no imports at the bottom</title>"
    yield "<style>"
    yield "text { font: 12px Helvetica, Arial, sans-serif; fill: #24292f }"
    yield ".name { font: bold 13px Menlo, Consolas, monospace } .uses { fill: #0a5580; font-style: italic }"
    yield "rect { fill: #f3f6f9; stroke: #8c9aa8 } .page { fill: #ffffff; stroke: none }"
    yield "</style>"
    yield f'<rect class="page" {size}/>'


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(drawn(), encoding="utf-8")
