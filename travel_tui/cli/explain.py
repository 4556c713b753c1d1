"""travel-tui explain: where the facts of an answer come from, and what a summary lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from travel_tui.cli.explain_input import RecordedConversation
    from travel_tui.cli.explain_output import Explained


@click.command(short_help="Explain where the facts of an answer come from, and what a summary lacks.")
@click.argument("source", metavar="FILE|FOLDER|-")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def explain(source: str, as_json: bool) -> None:
    """Explain where each fact of the last answer comes from: said, a function, memory, not in the prompt, or unknown.

    FILE is a conversation as JSON, "-" reads it from standard input; docs/explain.md has its shape. FOLDER is evidence
    that /export wrote. AWS is not called.
    """
    from travel_tui.cli.command_context import print_json
    from travel_tui.cli.explain_output import as_data, rows

    explained = [_explained(each) for each in _conversations(source)]
    if as_json:
        for each in explained:
            print_json(as_data(each))
    else:
        click.echo("\n".join("\n".join(rows(each)) for each in explained))


def _conversations(source: str) -> list[RecordedConversation]:
    """Read the input; bad input becomes one sentence."""
    import sys
    from pathlib import Path

    from travel_tui.cli.explain_input import parse_conversation, read_evidence
    from travel_tui.clock import Clock
    from travel_tui.text import safe

    place = Path(source)
    name = "standard input" if source == "-" else source
    try:
        if source == "-":
            text = sys.stdin.buffer.read().decode("utf-8-sig")
        elif place.is_dir():
            return read_evidence(place)
        else:
            text = place.read_text(encoding="utf-8-sig")
        return [parse_conversation(text, Clock().today())]
    except UnicodeDecodeError as error:
        raise click.ClickException(safe(f"{name}: this is not UTF-8 text.")) from error
    except ValueError as error:
        raise click.ClickException(safe(f"{name}: {error}")) from error


def _explained(conversation: RecordedConversation) -> Explained:
    from dataclasses import replace

    from travel_tui.attribution.attribute import explain_answer
    from travel_tui.attribution.lost import find_lost
    from travel_tui.cli.explain_output import Explained
    from travel_tui.memory.record_text import readable

    # Several summaries may be of one session: each has a key of its own while they are compared.
    memory = {f"{number}": readable(text) for number, (_, text) in enumerate(conversation.memory)}
    ids = {f"{number}": session_id for number, (session_id, _) in enumerate(conversation.memory)}
    injected = None if conversation.injected is None else {key for key in ids if ids[key] in conversation.injected}
    claims = [
        replace(each, evidence=replace(each.evidence, record_id=ids[each.evidence.record_id]))
        if each.evidence is not None and each.evidence.record_id is not None
        else each
        for each in explain_answer(conversation.turns, memory, injected, conversation.today)
    ]
    lost = None
    if conversation.summary is not None:
        lost = find_lost(conversation.turns, conversation.summary, conversation.today)
    return Explained(claims, lost, conversation.session_id, conversation.derived)
