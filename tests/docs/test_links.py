"""Every link, file, make target and name of code that the project's pages mention is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.docs.examples import ROOT

GUIDE = ROOT / "CONTRIBUTING.md"
COPIES = ROOT / "tests" / "acceptance" / "reference"
"""A notebook of another project, whose pictures are not here."""
PAGES = [
    page
    for page in (
        *ROOT.glob("*.md"),
        *(p for folder in ("docs", "examples", "findings", "tests") for p in (ROOT / folder).rglob("*.md")),
    )
    if COPIES not in page.parents
]
SOURCES = [
    ROOT / "Makefile",
    ROOT / "pyproject.toml",
    *(p for folder in ("travel_tui", "provision", "lambda", "bench", "tests") for p in (ROOT / folder).rglob("*.py")),
]
_FOLDERS = "travel_tui|provision|lambda|tests|bench|docs|examples|findings"
_PATH = re.compile(rf"(?<![\w./~$-])(?:{_FOLDERS})/[\w./*-]*|(?<![\w./-])[A-Z]+\.md\b|(?<![\w./-])Makefile\b")
_LINK = ("link_open", "image")


def named(page: Path) -> str:
    """How a page is called in test ids and messages."""
    return str(page.relative_to(ROOT))


def tokens(page: Path) -> Iterator[Token]:
    """All tokens of a page, those inside of lines too."""
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")):
        yield token
        yield from token.children or ()


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    lines = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines}


def code(page: Path) -> list[str]:
    """What a page sets as code: spans, and blocks without their comments."""
    there = [token.content for token in tokens(page) if token.type in ("code_inline", "code_block", "fence")]
    return [re.sub(r"\s#\s.*", "", text) for text in there]


def missing(text: str, *bases: Path) -> list[str]:
    """The paths that a text names and that none of the folders has; a `*` stands for any name."""
    in_checkout = text.replace("travel_tui/_lambda", "lambda")  # so the wheel calls that folder
    return [
        path
        for path in (found.rstrip(".") for found in _PATH.findall(in_checkout))
        if not any(any(base.glob(path.rstrip("/"))) for base in bases)
    ]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    for token in tokens(page):
        if token.type in _LINK:
            target = str(token.attrs.get("href") or token.attrs.get("src"))
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            there = page.parent / file if file else page
            assert there.exists(), f"{named(page)} links to {target}"
            assert not anchor or anchor in headings(there), f"{named(page)} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    assert missing(page.read_text(encoding="utf-8"), ROOT, page.parent) == []


def test_every_file_that_the_code_names_is_there() -> None:
    wrong = {named(file): found for file in SOURCES if (found := missing(file.read_text(encoding="utf-8"), ROOT))}
    assert wrong == {}


def test_every_make_target_that_a_page_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = {target for page in PAGES for text in code(page) for target in re.findall(r"\bmake ([a-z-]+)\b", text)}
    assert told - targets == set()
    assert {"test", "check", "load", "soak", "bench", "installed", "snapshots", "docs-images", "architecture"} <= told


def test_every_name_of_code_in_the_guide_is_in_a_file_that_it_names() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    files = [file for path in _PATH.findall(text) for file in ROOT.glob(path.rstrip("./")) if file.is_file()]
    sources = "".join(file.read_text(encoding="utf-8") for file in files if file.suffix == ".py")
    told = {name for name in code(GUIDE) if re.fullmatch(r"[A-Z][A-Za-z_]{3,}", name)} - {"Makefile", "LICENSE"}
    assert {name for name in told if not re.search(rf"^(class {name}\b|{name}\b)", sources, re.MULTILINE)} == set()
    assert len(told) >= 4


def test_the_index_of_the_docs_has_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in (ROOT / "docs").glob("*.md") if f"({page.name})" not in index] == ["README.md"]


def test_the_readme_leads_to_the_licence_the_guide_the_changelog_and_the_docs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for page in ("LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "docs/README.md"):
        assert f"]({page})" in readme
