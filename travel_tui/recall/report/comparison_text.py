"""Comparison of runs for the terminal, as plain lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from travel_tui.recall.comparison import Column, Comparison, Rate, Row
from travel_tui.recall.report.formatting import line, seconds
from travel_tui.text import count

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NOT_EVERYWHERE = "Not run everywhere:"
_WIDTH = 24


def comparison_text(found: Comparison) -> Iterator[str]:
    """Yield what differs first, then the tables."""
    letters = LETTERS[: len(found.columns)]
    for letter, column in zip(letters, found.columns, strict=True):
        missing = f", {column.planned - column.tests} did not run" if column.planned > column.tests else ""
        yield f"{letter}  {line(column.title, 100)}"
        yield f"   {column.started}, run {column.run_id}, {column.tests} tests{missing}"
    yield ""
    yield from _differences(found)
    for title, rows in (("category", [*found.categories, found.total]), ("test", found.tests)):
        yield ""
        yield from _table(title, letters, [(row.name, [rate_text(rate) for rate in row.rates]) for row in rows])
    yield ""
    yield from _table("lost", letters, lost_rows(found.columns))
    yield ""
    yield from _table("cost", letters, cost_rows(found.columns))


def difference_title(found: Comparison) -> str:
    """Say how many differ of the tests that two runs have."""
    compared = sum(row.compared for row in found.tests)
    if not compared:
        return "No test is in two of the runs."
    if not found.differences:
        return "No test differs."
    differing = len(found.differences)
    return f"{differing} of {count(compared, 'compared test')} {'differs' if differing == 1 else 'differ'}:"


def missing_text(row: Row) -> str:
    """Say which runs do not have a test."""
    missing = [letter for letter, rate in zip(LETTERS, row.rates, strict=False) if rate is None]
    return f"{line(row.name, 80)}: not in {', '.join(missing)}"


def difference_text(row: Row) -> str:
    """Describe how a test differs, and whether that can be chance."""
    rates = zip(LETTERS, row.rates, strict=False)
    told = ", ".join(f"{letter} {rate_text(rate)}" for letter, rate in rates)
    return f"{line(row.name, 80)}: {told}" + ("" if row.beyond_chance else "; can be chance")


def rate_text(rate: Rate | None) -> str:
    """Format a rate with its counts and interval."""
    if rate is None:
        return "not run"
    open_tests = f", {rate.undecided} undecided" if rate.undecided else ""
    if rate.rate is None or rate.interval is None:
        return f"none decided{open_tests}"
    low, high = rate.interval
    counts = f"{rate.passed} of {rate.decided}"
    return f"{rate.rate:.0%} ({counts}, {low * 100:.0f}–{high * 100:.0f}%{open_tests})"


def lost_rows(columns: Sequence[Column]) -> list[tuple[str, list[str]]]:
    """Return the failed expectations by step."""
    return [(name, [str(column.lost[name]) for column in columns]) for name in columns[0].lost]


def cost_rows(columns: Sequence[Column]) -> list[tuple[str, list[str]]]:
    """Return tokens and times."""
    return [
        ("input tokens", [_count(column.input_tokens) for column in columns]),
        ("output tokens", [_count(column.output_tokens) for column in columns]),
        ("a turn, median", [_time(column.turn_s) for column in columns]),
        ("a memory, median", [_time(column.memory_s) for column in columns]),
    ]


def _differences(found: Comparison) -> Iterator[str]:
    yield difference_title(found)
    yield from (f"  {difference_text(row)}" for row in found.differences)
    if missing := found.not_everywhere:
        yield ""
        yield NOT_EVERYWHERE
        yield from (f"  {missing_text(row)}" for row in missing)


def _table(title: str, letters: str, rows: Sequence[tuple[str, list[str]]]) -> Iterator[str]:
    width = max(len(title), *(len(line(name, 60)) for name, _ in rows))
    widths = [max(_WIDTH, *(len(cells[at]) for _, cells in rows)) for at in range(len(letters))]
    yield "  ".join([f"{title:<{width}}", *(f"{c:<{w}}" for c, w in zip(letters, widths, strict=True))]).rstrip()
    for name, cells in rows:
        yield "  ".join(
            [f"{line(name, 60):<{width}}", *(f"{c:<{w}}" for c, w in zip(cells, widths, strict=True))]
        ).rstrip()


def _count(number: int | None) -> str:
    return "unknown" if number is None else f"{number:,}"


def _time(value: float | None) -> str:
    return "unknown" if value is None else seconds(value)
