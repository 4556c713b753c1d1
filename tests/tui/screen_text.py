"""Layout checks on the screen's text: clipped words, overlapping widgets, an invisible focus."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from textual.content import Content
from textual.geometry import Region
from textual.scrollbar import ScrollBarCorner
from textual.widget import Widget
from textual.widgets import Static

from travel_tui.screenshots.pilot_user import PilotUser


def leaves(user: PilotUser) -> list[tuple[Widget, Region, Region]]:
    """Return the visible widgets without children, each with its region and the visible part of it."""
    found = []
    for widget, place in user.app.screen._compositor.full_map.items():
        region, seen = place.region, place.region.intersection(place.clip)
        alone = not any(child.display for child in widget.children) and not isinstance(widget, ScrollBarCorner)
        if alone and seen.area and widget.visible and widget.screen is user.app.screen:
            found.append((widget, region, seen))
    return found


def clipped(user: PilotUser) -> Iterator[str]:
    """Yield the words of completely visible widgets that are not shown; an ellipsis is allowed to replace them."""
    rows = user.strips()
    found = leaves(user)
    for widget, region, seen in found:
        if not isinstance(widget, Static) or seen != region or not isinstance(widget.visual, Content):
            continue
        if any(region.overlaps(there) and _scrolls_under(widget, other) for other, there, _ in found):
            continue
        shown = "".join(row.crop(region.x, region.right).text.strip() for row in rows[region.y : region.bottom])
        if "…" in shown:
            continue
        together = "".join(shown.split())
        for word in widget.visual.plain.split():
            if word not in together:
                yield f"{widget!r} does not show {word!r}: {shown!r}"


def overlapping(user: PilotUser) -> Iterator[str]:
    """Yield pairs of widgets that share cells, including notices."""
    for (one, _, here), (other, _, there) in combinations(leaves(user), 2):
        own = one in other.ancestors or other in one.ancestors  # a scrollbar overlaps the widget that it scrolls
        if own or _scrolls_under(one, other) or _scrolls_under(other, one):
            continue
        if here.overlaps(there) and one.styles.layer == other.styles.layer:
            yield f"{one!r} and {other!r} overlap at {here.intersection(there)}"


def _scrolls_under(one: Widget, other: Widget) -> bool:
    """Whether `other` is docked at the bottom of a container in which `one` can be scrolled."""
    foot = next(
        (node for node in other.ancestors_with_self if isinstance(node, Widget) and node.styles.dock != "none"), None
    )
    card = foot.parent if foot else None
    return isinstance(card, Widget) and card in one.ancestors and card.max_scroll_y > 0


async def unseen_focus(user: PilotUser) -> list[str]:
    """Return the focused widget if it looks the same without focus; the focus is removed for that, and restored."""
    screen = user.app.screen
    focused = screen.focused
    there = [widget for widget in screen.walk_children(Widget) if widget.focusable and widget.is_on_screen]
    if there == [focused] or not there:
        return []  # no other widget could have the focus
    if focused is None:
        return [f"nothing has the focus, not even {there[0]!r}"]
    before = user.strips()
    screen.set_focus(None)
    await user.pilot.pause()
    after = user.strips()
    screen.set_focus(focused, scroll_visible=False)
    await user.pilot.pause()
    return [] if before != after else [f"{focused!r} has the focus and nobody sees it"]
