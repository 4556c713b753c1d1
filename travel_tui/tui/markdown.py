"""Markdown as lines of styled text: what an answer looks like, piece by piece while it streams.

Textual's own Markdown widget mounts a widget a block, which is slow for a long conversation and is taken
down again once the answer is whole. Here an answer is lines from its first word to its last, so nothing is
swapped and nothing jumps. Styles are component classes of the widget (`.answer--strong`, …).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from textual.content import Content, Span

from travel_tui.tui.text import safe
from travel_tui.tui.widgets.rows import BLANK, Row, wrap

LEAST = 8
"""Cells that text is given at least, however deep it is indented."""
BULLETS = ("•", "◦", "▪")
INLINE_STYLES = {"strong": ".answer--strong", "em": ".answer--em", "s": ".answer--strike", "a": ".answer--link"}


@cache
def _parser(*, outline: bool = False) -> MarkdownIt:
    """Of all, or of the blocks alone: what stands in them is most of the work."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return parser.disable(["inline", "text_join"]) if outline else parser


def last_block(text: str) -> int:
    """Where the last top-level block of `text` begins; what stands before can no longer change.

    Whole lines count alone: the beginning of one may look like another block than it becomes.
    """
    text = text[: text.rfind("\n") + 1]
    tokens = [t for t in _parser(outline=True).parse(text) if t.level == 0 and t.map and t.nesting >= 0]
    if len(tokens) < 2 or not tokens[-1].map:
        return 0
    row = tokens[-1].map[0]
    offset = 0
    for _ in range(row):
        offset = text.index("\n", offset) + 1
    return offset


def closed(text: str) -> str:
    """`text` with what it opened and did not close yet closed, so that an answer shows no bare marks while it comes."""
    start = text.rfind("\n\n") + 1
    last = text[start:]
    for mark in ("`", "**"):
        if last.count(mark) % 2:
            last = last[: -len(mark)] if last.endswith(mark) else last.rstrip().rstrip("*") + mark
    return text[:start] + last


def code_blocks(text: str) -> list[str]:
    """The blocks of code in a Markdown text, in order, as they would be pasted."""
    return [token.content for token in _parser().parse(text) if token.type in ("fence", "code_block")]


def rows(text: str, width: int) -> list[Row]:
    """The rows of a Markdown text, none wider than `width` cells."""
    return list(_blocks(_parser().parse(text), max(width, LEAST), 0))


def _blocks(tokens: Sequence[Token], width: int, depth: int, *, tight: bool = False) -> Iterator[Row]:
    """Blocks at one level, a blank line between them unless they stand in a tight list."""
    index, first = 0, True
    while index < len(tokens):
        token = tokens[index]
        end = _closing(tokens, index)
        inner = tokens[index + 1 : end]
        if not first and not (tight or token.hidden):
            yield BLANK
        first = False
        match token.type:
            case "heading_open":
                yield from wrap(_inline(inner[0]).stylize(".answer--heading"), width)
            case "paragraph_open":
                yield from wrap(_inline(inner[0]), width)
            case "bullet_list_open" | "ordered_list_open":
                yield from _list(token, inner, width, depth)
            case "blockquote_open":
                bar = Content.styled("▏ " if width >= LEAST + 2 else "", ".answer--quote")
                for line in _blocks(inner, width - bar.cell_length, depth):
                    yield Row(bar + line.content.stylize(".answer--quote"), line.soft)
            case "fence" | "code_block":
                yield from _code(token.content, width)
            case "table_open":
                yield from _table(inner, width)
            case "hr":
                yield Row(Content.styled("─" * width, ".answer--rule"))
            case _:
                yield from wrap(Content(token.content.rstrip("\n")), width)
        index = end + 1


def _closing(tokens: Sequence[Token], index: int) -> int:
    """The index of the token that closes the one at `index`, or `index` itself."""
    if tokens[index].nesting != 1:
        return index
    level = tokens[index].level
    return next(i for i in range(index + 1, len(tokens)) if tokens[i].level == level)


def _list(token: Token, inner: Sequence[Token], width: int, depth: int) -> Iterator[Row]:
    ordered = token.type == "ordered_list_open"
    number = int(token.attrs.get("start", 1)) if ordered else 0
    items = []
    index = 0
    while index < len(inner):
        end = _closing(inner, index)
        items.append(inner[index + 1 : end])
        index = end + 1
    tight = all(t.hidden for item in items for t in item if t.type == "paragraph_open" and t.level == token.level + 2)
    gap = len(f"{number + len(items) - 1}. ") if ordered else 2
    for position, item in enumerate(items):
        if position and not tight:
            yield BLANK
        marker = f"{number + position}. ".rjust(gap) if ordered else BULLETS[depth % len(BULLETS)] + " "
        if width - gap < LEAST:
            yield from wrap(Content.styled(marker.strip(), ".answer--marker"), width)
            yield from _blocks(item, width, depth + 1, tight=tight)
            continue
        body = list(_blocks(item, width - gap, depth + 1, tight=tight)) or [BLANK]
        yield Row(Content.styled(marker, ".answer--marker") + body[0].content)
        for line in body[1:]:
            yield Row(Content(" " * gap) + line.content, line.soft)


def _code(text: str, width: int) -> Iterator[Row]:
    for row in text.rstrip("\n").expandtabs(4).split("\n"):
        for piece in Content(row).fold(width - 2) if row else [Content("")]:
            padding = " " * max(0, width - 1 - piece.cell_length)
            yield Row(Content(f" {piece.plain}{padding}").stylize(".answer--fence"))


def _table(tokens: Sequence[Token], width: int) -> Iterator[Row]:
    """A table without a frame: a header, a rule beneath it, columns two cells apart."""
    rows: list[list[Content]] = []
    for token, content in pairwise(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(_inline(content))
    columns = max(len(row) for row in rows)
    widths = [max((row[c].cell_length for row in rows if c < len(row)), default=1) or 1 for c in range(columns)]
    while sum(widths) + 2 * (columns - 1) > width and max(widths) > 3:
        widths[widths.index(max(widths))] -= 1
    for number, row in enumerate(rows):
        cells = [cell.wrap(widths[c]) or [Content("")] for c, cell in enumerate(row)]
        for part in range(max(len(cell) for cell in cells)):
            line = Content("")
            for c, cell in enumerate(cells):
                piece = cell[part] if part < len(cell) else Content("")
                padding = widths[c] - piece.cell_length + (2 if c < columns - 1 else 0)
                line += (piece.stylize(".answer--header") if number == 0 else piece) + " " * max(0, padding)
            yield Row(line.truncate(width))
        if number == 0:
            yield Row(Content.styled("─" * min(width, sum(widths) + 2 * (columns - 1)), ".answer--rule"))


def _inline(token: Token) -> Content:
    text: list[str] = []
    spans: list[Span] = []
    opened: list[tuple[int, Token]] = []
    length = 0
    for child in token.children or ():
        piece = ""
        if child.nesting == 1:
            opened.append((length, child))
        elif child.nesting == -1:
            start, opening = opened.pop()
            spans.append(Span(start, length, INLINE_STYLES[child.tag]))
            piece = _address(str(opening.attrs.get("href", "")), "".join(text)[start:])
            spans.append(Span(length, length + len(piece), ".answer--marker"))
        elif child.type == "softbreak":
            piece = " "
        elif child.type == "hardbreak":
            piece = "\n"
        else:
            piece = child.content
            if child.type == "image":
                piece += _address(str(child.attrs.get("src", "")), piece)
            if child.type == "code_inline":
                spans.append(Span(length, length + len(piece), ".answer--code"))
        text.append(piece)
        length += len(piece)
    return Content("".join(text), spans=spans)


def _address(href: str, words: str) -> str:
    """Where a link leads, for behind its words: a terminal shows it nowhere, and nobody should follow one unseen."""
    shown = safe(unquote(href))
    return "" if not href or words in (href, shown) or f"mailto:{words}" == href else f" ({shown})"
