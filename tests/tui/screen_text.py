"""Reads a screen as text: words that are clipped, widgets that overlap, a focus that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from textual.content import Content
from textual.geometry import Region
from textual.scrollbar import ScrollBarCorner
from textual.widget import Widget
from textual.widgets import Static

from travel_tui.shot.person import Person


def leaves(person: Person) -> list[tuple[Widget, Region, Region]]:
    """Widgets in sight that hold no other, each with its region and the part of it that is in sight."""
    found = []
    for widget, place in person.app.screen._compositor.full_map.items():
        region, seen = place.region, place.region.intersection(place.clip)
        alone = not any(child.display for child in widget.children) and not isinstance(widget, ScrollBarCorner)
        if alone and seen.area and widget.visible and widget.screen is person.app.screen:
            found.append((widget, region, seen))
    return found


def clipped(person: Person) -> Iterator[str]:
    """Words of a text that stands whole in sight and does not show them; an ellipsis says that there is more."""
    rows = person.strips()
    for widget, region, seen in leaves(person):
        if not isinstance(widget, Static) or seen != region or not isinstance(widget.visual, Content):
            continue
        shown = "".join(row.crop(region.x, region.right).text.strip() for row in rows[region.y : region.bottom])
        if "…" in shown:
            continue
        together = "".join(shown.split())
        for word in widget.visual.plain.split():
            if word not in together:
                yield f"{widget!r} does not show {word!r}: {shown!r}"


def overlapping(person: Person) -> Iterator[str]:
    """Pairs of widgets that stand on the same cells; what passes by itself may stand before the rest."""
    passing = {"ToastRack", "ToastHolder", "Toast"}
    found = [
        each for each in leaves(person) if not passing & {type(node).__name__ for node in each[0].ancestors_with_self}
    ]
    for (one, _, here), (other, _, there) in combinations(found, 2):
        own = one in other.ancestors or other in one.ancestors  # a scrollbar stands on what it scrolls
        if here.overlaps(there) and one.styles.layer == other.styles.layer and not own:
            yield f"{one!r} and {other!r} overlap at {here.intersection(there)}"


async def unseen_focus(person: Person) -> list[str]:
    """What has the focus and looks as it would without; the focus is taken away for that."""
    screen = person.app.screen
    focused = screen.focused
    there = [widget for widget in screen.walk_children(Widget) if widget.focusable and widget.is_on_screen]
    if there == [focused] or not there:
        return []  # it could be nowhere else
    if focused is None:
        return [f"nothing has the focus, not even {there[0]!r}"]
    before = [str(strip) + repr(strip._segments) for strip in person.strips()]
    screen.set_focus(None)
    await person.pilot.pause()
    after = [str(strip) + repr(strip._segments) for strip in person.strips()]
    return [] if before != after else [f"{focused!r} has the focus and nobody sees it"]
