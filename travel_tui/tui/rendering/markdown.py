"""Renders Markdown as lines of styled text, incrementally while an answer streams.

Textual's own Markdown widget mounts a widget per block, which is slow for a long conversation, and is removed once the
answer is complete. Here an answer is lines from its first word to its last, so nothing is replaced and nothing jumps.
Styles are component classes of the widget (`.answer--strong`, …).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from textual.content import Content, Span

from travel_tui.text import safe
from travel_tui.tui.rendering.lines import BLANK, Line, wrap
from travel_tui.tui.rendering.markdown_places import NOWHERE, InlinePlaces, SourceLines
from travel_tui.tui.rendering.marks import Mark, marked

LEAST = 8
"""Least cells for text, however deeply it is indented."""
TAB = 4
"""Columns between two tab stops in code."""
BULLETS = ("•", "◦", "▪")
INLINE_STYLES = {"strong": ".answer--strong", "em": ".answer--em", "s": ".answer--strike", "a": ".answer--link"}


@cache
def _parser(*, outline: bool = False) -> MarkdownIt:
    """Return a parser of all Markdown, or with `outline` only of blocks: parsing their contents is most of the work."""
    # Without text_join, a part of a text that was written differently (&amp;) stays a part, so that its place is known.
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable(["text_join"])
    return parser.disable(["inline"]) if outline else parser


def last_block(text: str) -> int:
    """Return the offset of the last top-level block of `text`; the text before it can no longer change.

    Only complete lines count: the beginning of a line may look like a different block.
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
    """Close the inline marks left open in `text`, so that a streaming answer shows no bare marks."""
    start = text.rfind("\n\n") + 1
    last = text[start:]
    for mark in ("`", "**"):
        if last.count(mark) % 2:
            last = last[: -len(mark)] if last.endswith(mark) else last.rstrip().rstrip("*") + mark
    return text[:start] + last


def code_blocks(text: str) -> list[str]:
    """Return the code blocks of a Markdown text, in order, as they would be pasted."""
    return [token.content for token in _parser().parse(text) if token.type in ("fence", "code_block")]


def rows(text: str, width: int, marks: Sequence[Mark] = ()) -> list[Line]:
    """Render a Markdown text as lines of at most `width` cells, with marks on ranges of the source."""
    return list(_blocks(_parser().parse(text), max(width, LEAST), 0, marking=_Marking(text, marks) if marks else None))


class _Marking:
    """Marks what is rendered, by its places in the source."""

    def __init__(self, source: str, marks: Sequence[Mark]) -> None:
        self._lines, self._marks = SourceLines(source), marks

    def text(self, token: Token, content: Content, inline: Sequence[int], *, cell: bool) -> Content:
        """Mark a block's text or a table's cell; `inline` has the places of its characters in the block's content."""
        block = self._lines.of_cell(token) if cell else self._lines.of_block(token)
        places = [block[at] if 0 <= at < len(block) else NOWHERE for at in inline]
        return marked(content, places, self._lines.source, self._marks)

    def code(self, token: Token) -> Iterator[Content]:
        """Yield the marked rows of a code block, with tabs expanded."""
        block = self._lines.of_block(token, first=token.type == "fence")
        at = 0
        for row in token.content.rstrip("\n").split("\n"):
            ends = [len(row[:end].expandtabs(TAB)) for end in range(len(row) + 1)]
            places = [block[at + n] for n in range(len(row)) for _ in range(ends[n + 1] - ends[n])]
            yield marked(Content(row.expandtabs(TAB)), places, self._lines.source, self._marks)
            at += len(row) + 1


def _blocks(
    tokens: Sequence[Token], width: int, depth: int, *, tight: bool = False, marking: _Marking | None
) -> Iterator[Line]:
    """Yield the lines of the blocks at one level, separated by blank lines unless in a tight list."""
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
                yield from wrap(_inline(inner[0], marking).stylize(".answer--heading"), width)
            case "paragraph_open":
                yield from wrap(_inline(inner[0], marking), width)
            case "bullet_list_open" | "ordered_list_open":
                yield from _list(token, inner, width, depth, marking)
            case "blockquote_open":
                bar = Content.styled("▏ " if width >= LEAST + 2 else "", ".answer--quote")
                for line in _blocks(inner, width - bar.cell_length, depth, marking=marking):
                    yield Line(bar + line.content.stylize(".answer--quote"), line.soft)
            case "fence" | "code_block":
                yield from _code(token, width, marking)
            case "table_open":
                yield from _table(inner, width, marking)
            case "hr":
                yield Line(Content.styled("─" * width, ".answer--rule"))
            case _:
                yield from wrap(Content(token.content.rstrip("\n")), width)
        index = end + 1


def _closing(tokens: Sequence[Token], index: int) -> int:
    """Return the index of the token that closes the one at `index`, or `index` itself."""
    if tokens[index].nesting != 1:
        return index
    level = tokens[index].level
    return next(i for i in range(index + 1, len(tokens)) if tokens[i].level == level)


def _list(token: Token, inner: Sequence[Token], width: int, depth: int, marking: _Marking | None) -> Iterator[Line]:
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
            yield from _blocks(item, width, depth + 1, tight=tight, marking=marking)
            continue
        body = list(_blocks(item, width - gap, depth + 1, tight=tight, marking=marking)) or [BLANK]
        yield Line(Content.styled(marker, ".answer--marker") + body[0].content)
        for line in body[1:]:
            yield Line(Content(" " * gap) + line.content, line.soft)


def _code(token: Token, width: int, marking: _Marking | None) -> Iterator[Line]:
    plain = (Content(row) for row in token.content.rstrip("\n").expandtabs(TAB).split("\n"))
    for row in marking.code(token) if marking else plain:
        for piece in row.fold(width - 2) if row else [Content("")]:
            padding = " " * max(0, width - 1 - piece.cell_length)
            yield Line(Content.assemble(" ", piece, padding).stylize_before(".answer--fence"))


def _table(tokens: Sequence[Token], width: int, marking: _Marking | None) -> Iterator[Line]:
    """Yield a table without a frame: a header, a rule below it, columns two cells apart."""
    rows: list[list[Content]] = []
    for token, content in pairwise(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(_inline(content, marking, cell=True))
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
            yield Line(line.truncate(width))
        if number == 0:
            yield Line(Content.styled("─" * min(width, sum(widths) + 2 * (columns - 1)), ".answer--rule"))


def _inline(token: Token, marking: _Marking | None, *, cell: bool = False) -> Content:
    walk = InlinePlaces(token.content) if marking else None
    places: list[int] = []
    text: list[str] = []
    spans: list[Span] = []
    opened: list[tuple[int, Token]] = []
    length = 0
    for child in token.children or ():
        piece = ""
        if walk is not None:
            places += walk.of(child)
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
        if walk is not None:
            places += [NOWHERE] * (length - len(places))  # the address of a link
    content = Content("".join(text), spans=spans)
    return marking.text(token, content, places, cell=cell) if marking else content


def _address(href: str, words: str) -> str:
    """Return the URL to show after a link's text, since terminals do not reveal link targets."""
    shown = safe(unquote(href))
    return "" if not href or words in (href, shown) or f"mailto:{words}" == href else f" ({shown})"
