"""Self-contained HTML report: conversations, memories before and after, timings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from travel_tui.memory.record_text import readable
from travel_tui.recall.report.formatting import MARKS, SHOWN, safe, seconds, seen, verdict_shown
from travel_tui.recall.results import (
    Check,
    Outcome,
    Run,
    SessionResult,
    StoredMemory,
    TestResult,
    TurnResult,
    by_category,
)

STYLE = """
:root{color-scheme:light dark;--line:#8884;--bad:#c0392b;--good:#2e8b57;--open:#b8860b}
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse}td,th{padding:.2rem .8rem;border-bottom:1px solid var(--line);text-align:left}
td+td,th+th{text-align:right}details{border:1px solid var(--line);border-radius:6px;margin:.6rem 0;padding:.4rem .8rem}
summary{cursor:pointer}.held{color:var(--good)}.broke{color:var(--bad)}.undecided{color:var(--open)}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.2rem 0;font:13px/1.5 ui-monospace,monospace}
.said{border-left:3px solid var(--line);padding-left:.7rem;margin:.5rem 0}.quiet{opacity:.7;font-size:.9em}
ul{margin:.2rem 0;padding-left:1.2rem}
"""


def page(run: Run) -> str:
    """Return the whole page. Text of conversations and memories is escaped."""
    return "".join(_parts(run))


def _parts(run: Run) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>Recall checks</title><style>{STYLE}</style></head><body>"
    yield "<h1>Recall checks</h1>"
    yield f'<p class="quiet">{_text(run.target)} · {_text(run.started)} · run {_text(run.run_id)}</p>'
    yield "<table><tr><th>category</th><th>passed</th><th>failed</th><th>undecided</th></tr>"
    for tally in by_category(run.tests):
        cells = (_text(tally.name), tally.held, tally.broke, tally.undecided)
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    yield "</table>"
    if missing := run.planned - len(run.tests):
        yield f'<p class="undecided">{missing} of {run.planned} did not run.</p>'
    for result in run.tests:
        yield from _test(result)
    yield "</body></html>\n"


def _test(result: TestResult) -> Iterator[str]:
    opened = "" if result.outcome is Outcome.HELD else " open"
    yield f'<details{opened}><summary><b class="{result.outcome}">{MARKS[result.outcome]} {SHOWN[result.outcome]}</b> '
    yield f'{_text(result.key)} <span class="quiet">{_text(result.category)} · {seconds(result.seconds)} · '
    yield f"{_text(result.source)}</span></summary>"
    if result.reason:
        yield f'<p class="undecided">{_text(result.reason)}</p>'
    if result.uncleaned:
        yield f'<p class="undecided">Not cleaned up: {_text(result.uncleaned)}</p>'
    for session in result.sessions:
        yield from _session(session)
    if result.after is not None:
        yield "<h4>Memory after</h4>"
        yield from _memories(result.after)
    yield "</details>"


def _session(session: SessionResult) -> Iterator[str]:
    whose = f" · memory {_text(session.memory_id)}" if session.memory_id else " · no memory"
    waited = f" · waited {seconds(session.waited_s)}" if session.waited_s is not None else ""
    yield f'<h4>{_text(session.name)} <span class="quiet">{_text(session.session_id)}{whose}{waited}</span></h4>'
    if session.before is not None:
        yield f'<details><summary class="quiet">Memory before: {len(session.before)}</summary>'
        yield from _memories(session.before)
        yield "</details>"
    yield from _checks(session.checks)
    for turn in session.turns:
        yield from _turn(turn)


def _turn(turn: TurnResult) -> Iterator[str]:
    yield f'<div class="said"><b>User</b><pre>{_text(turn.user)}</pre></div>'
    yield f'<div class="said"><b>Agent</b> <span class="quiet">{seconds(turn.seconds)}</span>'
    for call in turn.calls:
        yield f'<pre class="quiet">▸ {_text(call)}</pre>'
    yield f"<pre>{_text(turn.answer)}</pre>"
    if turn.problem:
        yield f'<p class="undecided">{_text(turn.problem)}</p>'
    if turn.prompt_memory is not None:
        heading = "Would be recalled" if turn.derived else "Memory in prompt"
        yield f'<details><summary class="quiet">{heading}</summary>'
        yield f"<pre>{_text(turn.prompt_memory) or '(none)'}</pre></details>"
    yield from _checks(turn.checks)
    yield "</div>"


def _checks(checks: Sequence[Check]) -> Iterator[str]:
    if not checks:
        return
    yield "<ul>"
    for check in checks:
        told = f' <span class="quiet">({seen(check)})</span>' if check.kind in ("answer", "memory") else ""
        yield f'<li class="{check.outcome}">{MARKS[check.outcome]} {check.kind}: {_text(check.what)}: '
        yield f"{_text(verdict_shown(check))}{told}</li>"
    yield "</ul>"


def _memories(memories: Sequence[StoredMemory]) -> Iterator[str]:
    if not memories:
        yield '<p class="quiet">Empty.</p>'
    for memory in memories:
        place = (memory.kind, memory.namespace) if memory.namespace else (memory.session_id or "",)
        yield f'<div class="said"><span class="quiet">{_text(" · ".join(place))}</span>'
        yield f"<pre>{_text(readable(memory.text))}</pre></div>"


def _text(text: str | None) -> str:
    return escape(safe(text or ""))
