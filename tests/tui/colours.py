"""The colours of a screen: those of every cell after all styling, and their contrast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.color import Color
from rich.color_triplet import ColorTriplet

from travel_tui.screenshots.pilot_user import PilotUser

TEXT, DRAWN = 4.5, 3.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Adjacent characters with one style."""

    row: int
    column: int
    text: str
    front: ColorTriplet
    back: ColorTriplet
    attributes: tuple[bool | None, ...] = ()
    """Bold, underlined, reversed, dim."""

    @property
    def underlined(self) -> bool:
        return bool(self.attributes[1])

    @property
    def needed(self) -> float:
        """Required contrast ratio: lines, bars and blocks are not text."""
        return DRAWN if all(c.isspace() or 0x2500 <= ord(c) <= 0x259F for c in self.text) else TEXT


def pieces(user: PilotUser) -> Iterator[Piece]:
    """Yield the whole screen, including blanks; the terminal's own colours are those assumed by Textual."""
    terminal = user.app.ansi_theme
    for row, strip in enumerate(user.strips()):
        column = 0
        for segment in strip:
            style = segment.style
            assert style is not None
            front = (style.color or Color.default()).get_truecolor(terminal, foreground=True)
            back = (style.bgcolor or Color.default()).get_truecolor(terminal, foreground=False)
            if style.reverse:
                front, back = back, front
            attributes = (style.bold, style.underline, style.reverse, style.dim)
            yield Piece(row, column, segment.text, front, back, attributes)
            column += segment.cell_length


def unreadable(user: PilotUser) -> list[str]:
    """Return descriptions of all pieces with too little contrast."""
    return [
        f"{piece.text!r} at {piece.row},{piece.column}: {found:.2f} of {piece.needed}, {piece.front} on {piece.back}"
        for piece in pieces(user)
        if piece.text.strip() and (found := ratio(piece.front, piece.back)) < piece.needed
    ]


def stands_out(user: PilotUser, before: list[Piece], *, by: float = DRAWN) -> bool:
    """Whether anything on the screen differs clearly from `before`: another character, or another colour."""
    cells = [(piece, sign) for piece in before for sign in piece.text]
    now = [(piece, sign) for piece in pieces(user) for sign in piece.text]
    if len(cells) != len(now):
        return True
    return any(
        sign != other
        or piece.attributes != was.attributes
        or ratio(piece.back, was.back) >= by
        or (sign.strip() and ratio(piece.front, was.front) >= by)
        for (was, other), (piece, sign) in zip(cells, now, strict=True)
        if (was, other) != (piece, sign)
    )


def ratio(one: ColorTriplet, other: ColorTriplet) -> float:
    """Return the contrast ratio of WCAG 2.2, computed independently of the product."""

    def luminance(color: ColorTriplet) -> float:
        parts = [part / 255 for part in color]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
