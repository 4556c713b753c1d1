"""Comparison of runs as a self-contained HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from travel_tui.recall.comparison import Comparison
from travel_tui.recall.report.comparison_text import (
    LETTERS,
    NOT_EVERYWHERE,
    cost_rows,
    difference_text,
    difference_title,
    lost_rows,
    missing_text,
    rate_text,
)
from travel_tui.recall.report.formatting import safe
from travel_tui.recall.report.html import STYLE


def comparison_page(found: Comparison) -> str:
    """Return the whole page."""
    return "".join(_parts(found))


def _parts(found: Comparison) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>Recall compared</title><style>{STYLE}</style></head><body><h1>Recall compared</h1><table>"
    for letter, column in zip(LETTERS, found.columns, strict=False):
        yield f"<tr><th>{letter}</th><td>{_text(column.title)} <span class=quiet>{_text(column.started)}, run "
        yield f"{_text(column.run_id)}, {column.tests} of {column.planned} tests</span></td></tr>"
    yield "</table><h2>What differs</h2>"
    yield f"<p>{difference_title(found)}</p><ul>"
    for row in found.differences:
        yield f"<li{' class=broke' * row.beyond_chance}>{_text(difference_text(row))}</li>"
    yield "</ul>"
    if missing := found.not_everywhere:
        yield f"<p>{NOT_EVERYWHERE}</p><ul>{''.join(f'<li>{_text(missing_text(row))}</li>' for row in missing)}</ul>"
    letters = LETTERS[: len(found.columns)]
    for title, rows in (("category", (*found.categories, found.total)), ("test", found.tests)):
        yield from _table(title, letters, [(row.name, [rate_text(rate) for rate in row.rates]) for row in rows])
    yield from _table("lost", letters, lost_rows(found.columns))
    yield from _table("cost", letters, cost_rows(found.columns))
    yield "</body></html>\n"


def _table(title: str, letters: str, rows: Sequence[tuple[str, list[str]]]) -> Iterator[str]:
    yield f"<h2>{title.capitalize()}</h2><table><tr><th></th>{''.join(f'<th>{letter}</th>' for letter in letters)}</tr>"
    for name, cells in rows:
        yield f"<tr><td>{_text(name)}</td>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}</tr>"
    yield "</table>"


def _text(text: str) -> str:
    return escape(safe(text))
