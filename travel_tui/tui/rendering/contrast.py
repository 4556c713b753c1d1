"""Contrast correction: in every theme, text has at least 4.5:1 against its background, and lines and bars 3:1.

The ratios and their formula are those of WCAG 2.2 (1.4.3, 1.4.6 and 1.4.11).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual.color import Color
from textual.filter import LineFilter

TEXT, MARKS = 4.5, 3.0
"""Minimum ratios for text, and for lines, bars and blocks."""
MARGIN = 0.05
"""Added to a target ratio. Black or white reaches 4.58 on any colour, so text cannot have more."""
MAX_STYLES = 4096
"""Most colour pairs in the cache."""
STEPS = 24
"""Number of steps in which a colour is moved towards black or white."""
_DRAWN = re.compile(r"[\s\u2500-\u259f]*")
"""Text that consists only of lines, bars and blocks."""
BLACK, WHITE = ColorTriplet(0, 0, 0), ColorTriplet(255, 255, 255)


def contrast(one: ColorTriplet, other: ColorTriplet) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(4096)
def _luminance(color: ColorTriplet) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def with_contrast(color: Color, grounds: Sequence[Color], ratio: float) -> Color:
    """Move `color` towards black or white until it has `ratio` against each of `grounds`, or as far as possible."""
    behind = [_triplet(ground) for ground in grounds]
    found = _triplet(color)
    for found in _steps(_triplet(color), _target(_triplet(color), behind[0], ratio)):
        if all(contrast(found, each) >= ratio for each in behind):
            break
    return Color(*found)


def readable_variables(generated: Mapping[str, str]) -> dict[str, str]:
    """Return replacements for the CSS variables of a theme that need more contrast than the theme gives them.

    They are backgrounds and lines; text is corrected when it is rendered. `line` is the app's own variable: lines and
    bars that separate something.
    """
    base = {name: Color.parse(generated[name]) for name in ("background", "surface", "panel", "foreground", "primary")}
    if any(color.ansi is not None for color in base.values()):
        return {"line": "ansi_default"}  # the user has chosen the terminal's colours
    base = {name: color.with_alpha(1.0) for name, color in base.items()}
    grounds = [base["background"], base["surface"], base["panel"]]
    line = with_contrast(base["surface"].blend(base["foreground"], 0.3), grounds, MARKS + MARGIN).hex
    strong = with_contrast(base["primary"], grounds, MARKS + MARGIN)
    on_strong = with_contrast(strong, [strong], TEXT + MARGIN).hex
    chosen = with_contrast(Color.parse(generated["secondary"]), grounds, MARKS + MARGIN).hex
    cursor = with_contrast(Color.parse(generated["input-cursor-background"]), grounds, MARKS + MARGIN).hex
    return {
        "line": line,
        "border": with_contrast(Color.parse(generated["border"]), grounds, MARKS + MARGIN).hex,
        "border-blurred": line,
        "block-cursor-background": strong.hex,
        "block-cursor-foreground": on_strong,
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-text-style": "bold",
        "block-hover-background": base["foreground"].with_alpha(0.15).hex,
        "input-cursor-background": cursor,
        "input-selection-background": chosen,
        "screen-selection-background": chosen,
        "scrollbar": line,
        "scrollbar-hover": strong.hex,
        "scrollbar-active": strong.hex,
        "scrollbar-background": base["background"].hex,
        "scrollbar-background-hover": base["background"].hex,
        "scrollbar-background-active": base["background"].hex,
    }


class Contrast(LineFilter):
    """Adjusts the colours of rendered text until it has enough contrast with its background.

    `terminal` defines the colours assumed for the terminal's own, `system` the colours it supports.
    """

    def __init__(self, terminal: TerminalTheme, system: ColorSystem) -> None:
        super().__init__()
        self._seen = _Seen(terminal, system)
        self._changes: dict[object, Style | None] = {}
        """Changes to styles by their colours: the styles themselves differ by position."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        filtered = []
        for segment in segments:
            text, style, control = segment
            if style is not None and text and not text.isspace():
                change = self._change(style, background, TEXT if text.isascii() else _needed(text))
                filtered.append(segment if change is None else Segment(text, style + change, control))
            else:
                filtered.append(segment)
        return filtered

    def _change(self, style: Style, background: Color, ratio: float) -> Style | None:
        front, back = style.color, style.bgcolor
        key: tuple[object, ...] = (
            front and (front.triplet or front),
            back and (back.triplet or back),
            style.reverse,
            ratio,
        )
        if back is None:
            key = (*key, background)
        try:
            return self._changes[key]
        except KeyError:
            if len(self._changes) > MAX_STYLES:
                self._changes.clear()
            change = self._changes[key] = self._seen.change(style, background.rich_color, ratio)
            return change


class _Seen(NamedTuple):
    """Colours as the terminal displays them."""

    terminal: TerminalTheme
    system: ColorSystem

    def change(self, style: Style, behind: RichColor, ratio: float) -> Style | None:
        """Return the change that makes text in a style readable; None if it already is."""
        if self.ratio(style, behind) >= ratio:
            return None
        # Reversed text has the background's colour; for a reversed block, the rest of the cell is what shows.
        return self._nearest(style, behind, ratio + MARGIN, turned=bool(style.reverse) and ratio == TEXT)

    def ratio(self, style: Style, behind: RichColor) -> float:
        """Return the ratio of the intended colours, or as displayed with the terminal's colours if smaller."""
        front, back = style.color or RichColor.default(), style.bgcolor or behind
        meant = self._ratio(front, back)
        if self.system is ColorSystem.TRUECOLOR:
            return meant
        return min(meant, self._ratio(front.downgrade(self.system), back.downgrade(self.system)))

    def _nearest(self, style: Style, behind: RichColor, needed: float, *, turned: bool) -> Style:
        """Return the smallest change that reaches the ratio, or else the best one; `turned` changes the background."""
        front, back = style.color or RichColor.default(), style.bgcolor or behind
        moved, still = (back, front) if turned else (front, back)
        if moved.triplet is None and still.triplet is None:
            # The terminal's two default colours are readable on each other; on any other colour, use black and white.
            colors = [RichColor.default()] if still.is_default else [RichColor.from_ansi(0), RichColor.from_ansi(15)]
        else:
            shown, ground = self._triplet(moved, foreground=not turned), self._triplet(still, foreground=turned)
            way = _steps(shown, _target(shown, ground, needed))
            colors = [RichColor.from_triplet(each) for each in (*way, BLACK, WHITE)]
        tried = [Style(bgcolor=each) if turned else Style(color=each) for each in colors]
        for each in tried:
            if self.ratio(style + each, behind) >= needed:
                return each
        meant = _Seen(self.terminal, ColorSystem.TRUECOLOR)
        return max(
            tried,
            key=lambda each: (meant.ratio(style + each, behind) >= needed, self.ratio(style + each, behind)),
        )

    def _ratio(self, front: RichColor, back: RichColor) -> float:
        return contrast(self._triplet(front, foreground=True), self._triplet(back, foreground=False))

    def _triplet(self, color: RichColor, *, foreground: bool) -> ColorTriplet:
        return color.get_truecolor(self.terminal, foreground=foreground)


@lru_cache(4096)
def _needed(text: str) -> float:
    return MARKS if _DRAWN.fullmatch(text) else TEXT


def _target(color: ColorTriplet, ground: ColorTriplet, ratio: float) -> ColorTriplet:
    """Return black or white as the target of `color`: the one on its side of `ground`, if that can reach `ratio`."""
    near, far = (WHITE, BLACK) if _luminance(color) >= _luminance(ground) else (BLACK, WHITE)
    return near if contrast(near, ground) >= min(ratio, contrast(far, ground)) else far


def _steps(color: ColorTriplet, end: ColorTriplet) -> list[ColorTriplet]:
    """Return the steps from one colour to another."""
    return [
        ColorTriplet(*(round(a + (b - a) * step / STEPS) for a, b in zip(color, end, strict=True)))
        for step in range(STEPS + 1)
    ]


def _triplet(color: Color) -> ColorTriplet:
    return ColorTriplet(*color.rgb)
