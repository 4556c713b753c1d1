"""Facts: one plain sentence a record, in the third person."""

from __future__ import annotations

from collections.abc import Iterable

from travel_tui.local.memory_extraction.drafts import Draft
from travel_tui.local.memory_extraction.messages import Message, said_by_user
from travel_tui.local.memory_extraction.statements import statements
from travel_tui.local.memory_extraction.subjects import retracted_by, subject_of
from travel_tui.local.state.word_index import index_words

_MAX_TEXT = 2_000


def facts(messages: Iterable[Message], earlier: Iterable[Message] = ()) -> list[Draft]:
    """Return the facts that the user stated, in order; of several on one subject only the last.

    `earlier` messages of the session only tell whom pronouns mean.
    """
    found: dict[str, Draft] = {}
    for statement in statements(said_by_user(messages), said_by_user(earlier)):
        subject = subject_of(statement.text)
        found.pop(subject, None)
        ended = index_words(retracted_by(statement.text))
        for other in [key for key, draft in found.items() if ended and ended <= index_words(draft.text)]:
            found.pop(other)
        found[subject] = Draft(statement.text[:_MAX_TEXT], subject, retracts=" ".join(sorted(ended)))
    return list(found.values())
