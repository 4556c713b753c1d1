"""Places of rendered Markdown in its source: which character of the source each rendered character comes from.

The parser gives the lines of a block and the parts of its text in order, but no columns, so each part is searched for
behind the one before it.
"""

from __future__ import annotations

from itertools import accumulate

from markdown_it.helpers import parseLinkDestination, parseLinkTitle
from markdown_it.token import Token

NOWHERE = -1
"""Place of a character that is not in the source."""


class SourceLines:
    """A Markdown source by lines."""

    def __init__(self, source: str) -> None:
        self.source = source
        lines = source.split("\n")
        self._starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
        self._cell = 0
        """Where the last cell of a table ended."""

    def of_block(self, token: Token, *, first: int = 0) -> list[int]:
        """Return the offset of each character of a block's content, which is what remains of its lines' ends.

        `first` is the number of lines of the block before its content.
        """
        places: list[int] = []
        row = (token.map[0] if token.map else 0) + first
        for number, line in enumerate(token.content.rstrip("\n").split("\n")):
            start, end = self._line(row + number)
            at = self.source.rfind(line, start, end) if line.strip() else start
            places += [at + offset if at >= 0 else NOWHERE for offset in range(len(line))]
            places.append(end)  # the line feed
        return places

    def of_cell(self, token: Token) -> list[int]:
        """Return the offset of each character of a table's cell; cells are asked for in their order."""
        start, end = self._line(token.map[0] if token.map else 0)
        self._cell = max(self._cell, start)
        places: list[int] = []
        for character in token.content:
            at = self.source.find(character, self._cell, end)
            places.append(at)
            self._cell = at + 1 if at >= 0 else self._cell
        bar = self.source.find("|", self._cell, end)
        self._cell = bar + 1 if bar >= 0 else end
        return places

    def _line(self, row: int) -> tuple[int, int]:
        row = min(row, len(self._starts) - 2)
        return self._starts[row], self._starts[row + 1] - 1


class InlinePlaces:
    """Walks through the source of a block's text, part by part."""

    def __init__(self, content: str) -> None:
        self._content = content
        self._at = 0

    def of(self, part: Token) -> list[int]:
        """Return the offset of each character that the next part shows, in the block's content."""
        match part.type:
            case "link_close":
                if part.markup == "autolink":
                    self._skip(">")
                else:
                    self._skip_target()
            case "link_open":
                self._skip("<" if part.markup == "autolink" else "[")
            case "softbreak" | "hardbreak":
                return self._line_end()
            case "code_inline":
                return self._code(part)
            case "image":
                places = self._find(part.content, part.content)
                self._skip_target()
                return places
            case "text_special":
                return self._find(part.markup, part.content)
            case "text":
                return self._find(part.content, part.content)
            case _:
                self._skip(part.markup)
        return []

    def _find(self, written: str, shown: str) -> list[int]:
        at = self._content.find(written, self._at)
        if at < 0:
            return [NOWHERE] * len(shown)
        self._at = at + len(written)
        return [at + min(offset, len(written) - 1) for offset in range(len(shown))]

    def _skip(self, mark: str) -> None:
        if mark and self._content.startswith(mark, self._at):
            self._at += len(mark)

    def _line_end(self) -> list[int]:
        at = self._content.find("\n", self._at)
        if at < 0:
            return [NOWHERE]
        self._at = at + 1
        return [at]

    def _code(self, part: Token) -> list[int]:
        """Code loses one space on each side if it has both (CommonMark 0.31, 6.1)."""
        begin = self._content.find(part.markup, self._at)
        if begin < 0:
            return [NOWHERE] * len(part.content)
        begin += len(part.markup)
        written = self._content.replace("\n", " ")
        at = written.find(part.content, begin)
        if at < 0:
            return [NOWHERE] * len(part.content)
        end = self._content.find(part.markup, at + len(part.content))
        self._at = end + len(part.markup) if end >= 0 else at + len(part.content)
        return [at + offset for offset in range(len(part.content))]

    def _skip_target(self) -> None:
        """Skip what follows the words of a link: `](address "title")`, `][label]` or `]`."""
        text = self._content
        self._skip("]")
        if text.startswith("[", self._at):
            end = text.find("]", self._at)
            self._at = end + 1 if end >= 0 else self._at
        elif text.startswith("(", self._at):
            at = self._after_spaces(self._at + 1)
            address = parseLinkDestination(text, at, len(text))
            at = self._after_spaces(address.pos if address.ok else at)
            title = parseLinkTitle(text, at, len(text))
            at = self._after_spaces(title.pos if title.ok else at)
            self._at = at + 1 if text.startswith(")", at) else at

    def _after_spaces(self, at: int) -> int:
        while at < len(self._content) and self._content[at] in " \n\t":
            at += 1
        return at
