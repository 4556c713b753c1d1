"""Replacement for two caches of Textual (8.2.8) that keep what is no longer on the screen.

`StylesCache.get_inner_outer` does not use its instance, which is part of the key all the same: up to 1024 caches of
widgets that are gone stay alive with their drawn lines, some 15 MB (findings/textual-style-caches-outlive-app.sh).
`Strip.render_ansi` keeps 16,384 styles; those of text that can be selected differ by their place, so they come once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from textual._styles_cache import StylesCache
from textual.strip import Strip

STYLES = 1024
"""Entries of either cache: a large screen has some hundreds of styles."""


def install_bounded_caches() -> None:
    """Make the two caches hold colours alone, and fewer styles."""
    inner_outer: Any = StylesCache.get_inner_outer.__wrapped__

    @lru_cache(STYLES)
    def of_colours(base_background: Any, background: Any) -> Any:
        return inner_outer(StylesCache, base_background, background)

    render_ansi: Any = lru_cache(STYLES)(Strip.__dict__["render_ansi"].__func__.__wrapped__)
    replacements: tuple[tuple[type, str, object], ...] = (
        (StylesCache, "get_inner_outer", staticmethod(of_colours)),
        (Strip, "render_ansi", classmethod(render_ansi)),
    )
    for owner, name, found in replacements:
        setattr(owner, name, found)
