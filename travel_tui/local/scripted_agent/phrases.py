"""Shared phrases of answers: dates, trips, tables, lists."""

from __future__ import annotations

from travel_tui.facts.calendar import spoken
from travel_tui.local.scripted_agent import modes
from travel_tui.local.scripted_agent.task_state import Trip, as_date


def day(iso: str) -> str:
    """Format an ISO date for people; return other text unchanged."""
    value = as_date(iso)
    return spoken(value) if value else iso


def dates(trip: Trip) -> str:
    if trip.start and trip.end:
        return f"{day(trip.start)} to {day(trip.end)}"
    return f"from {day(trip.start)}" if trip.start else f"until {day(trip.end)}" if trip.end else "dates not known"


def cities(trip: Trip) -> str:
    if trip.origin and trip.destination:
        return f"{trip.origin} to {trip.destination}"
    return f"to {trip.destination}" if trip.destination else f"from {trip.origin}" if trip.origin else "your trip"


def booking(trip: Trip) -> str:
    return f"booking id `{trip.id}`" if trip.id else "no booking id known"


def trip_line(trip: Trip) -> str:
    """Format all parts of a trip in one line."""
    parts = [f"**{cities(trip)}**", dates(trip)]
    if trip.mode:
        parts.append(modes.spoken(trip.mode))
    parts.append(booking(trip))
    if trip.cancelled:
        parts.append("cancelled")
    return ", ".join(parts)


def trip_table(trips: list[Trip]) -> str:
    """Format trips as a Markdown table."""
    rows = ["| | From | To | Leave | Return | By | Booking id |", "|---|---|---|---|---|---|---|"]
    for number, trip in enumerate(trips, 1):
        mode = modes.spoken(trip.mode).removeprefix("by ") if trip.mode else ""
        cells = [
            str(number),
            trip.origin,
            trip.destination,
            day(trip.start),
            day(trip.end),
            mode,
            f"`{trip.id}`" if trip.id else "",
        ]
        rows.append("| " + " | ".join(cell.replace("|", "/") or "–" for cell in cells) + " |")
    return "\n".join(rows)


def change_table(trip: Trip, start: str, end: str) -> str:
    """Format a change of dates as a Markdown table: now and new."""
    return (
        f"| | Now | New |\n|---|---|---|\n"
        f"| Leave | {day(trip.start) or '–'} | {_marked(trip.start, start)} |\n"
        f"| Return | {day(trip.end) or '–'} | {_marked(trip.end, end)} |"
    )


def _marked(old: str, new: str) -> str:
    return f"**{day(new)}**" if old != new else day(new)


def listed(items: list[str], last: str = "and") -> str:
    """Join items: a, b and c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""
