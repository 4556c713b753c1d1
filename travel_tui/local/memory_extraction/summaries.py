"""Summaries: topics without a root element, one record for each part of a session."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from travel_tui.facts.text import even, sentences
from travel_tui.local.memory_extraction.calls import call_sentences
from travel_tui.local.memory_extraction.drafts import Draft
from travel_tui.local.memory_extraction.messages import USER, Message
from travel_tui.local.memory_extraction.statements import statements
from travel_tui.local.memory_extraction.turns import settle_calls, turns_of
from travel_tui.local.memory_extraction.wishes import wish_of
from travel_tui.local.scripted_agent.messages import Turn
from travel_tui.local.scripted_agent.words import FUNCTION_WORDS, content, words

_MAX_RECORD = 12_000
"""Characters of one record, of at most 16,000."""
_MAX_QUOTED = 600
"""Characters of a message that a summary repeats."""
_MAX_NAME_WORDS = 3
_REQUEST = re.compile(
    r"\?\s*$|^\W*(?:(?:hi|hello|hey|please|ok(?:ay)?|so|and|then)\W+)*(?:(?:can|could|would|will)\s+you|please|book|change|cancel|"
    r"find|show|tell|explain|list|order|send|make|create|write|help|give|check|look|search|recommend|suggest|remind|schedule)\b",
    re.I | re.M,
)
_NEVER_NAMED = (
    "hello please thanks like love always never prefer could would good great also really just going today name"
)
_NO_NAME = FUNCTION_WORDS | frozenset(_NEVER_NAMED.split())


def summaries(messages: Sequence[Message], earlier: Sequence[Message] = ()) -> list[Draft]:
    """Return the summary of a part of a session, as one record or, where it is long, several.

    `earlier` messages of the session are not summarised again; they tell what pronouns, results and changes refer to.
    """
    before = turns_of(earlier)
    called = {message.text for message in _before_calls([*earlier, *messages])}
    topics: list[tuple[str, list[str]]] = []
    for turn in turns_of(settle_calls(messages, earlier)):
        lines = _lines(turn, before, called=bool(turn.calls) or turn.user in called)
        named = next((each for each in (turn, *reversed(before)) if len(each.user.split()) > 2), turn)
        before = [*before, turn]
        if not lines:
            continue
        if topics and _goes_on(turn, topics[-1]):
            topics[-1][1].extend(lines)
        else:
            topics.append((topic_name(named), lines))
    return [Draft(text) for text in _records(topics)]


def _before_calls(messages: Sequence[Message]) -> list[Message]:
    """Return the messages of the user that were answered with a call; the call tells what was asked."""
    found: list[Message] = []
    last: Message | None = None
    for message in messages:
        if message.role == USER and message.text:
            last = message
        elif message.uses and last:
            found.append(last)
    return found


def _lines(turn: Turn, before: Sequence[Turn], *, called: bool) -> list[str]:
    lines = [each.text for each in statements([turn.user], [each.user for each in before[-4:]])]
    if called:
        return [*lines, *call_sentences(turn, before)]
    if wish := wish_of(turn.user):
        lines.append(wish)
    asked = quote(" ".join(_requests(turn.user)))
    if asked:
        lines.append(f'The user asked: "{asked}"')
    elif turn.user and not lines:
        lines.append(f'The user said: "{quote(turn.user)}"')
    answered = quote(turn.agent)
    return [*lines, f'The assistant answered: "{answered}"'] if answered else lines


def _requests(text: str) -> list[str]:
    """Return the sentences of a message that ask for something."""
    plain = even(text)
    return [plain[start:end] for start, end in sentences(plain)[:50] if _REQUEST.search(plain[start:end])]


def quote(text: str) -> str:
    """Return the first sentences of a text on one line, without quotes that would end a quotation."""
    plain = even(text)
    taken = ""
    for start, end in sentences(plain)[:20]:
        sentence = " ".join(plain[start:end].split())
        if taken and len(taken) + len(sentence) > _MAX_QUOTED:
            break
        taken = f"{taken} {sentence}".strip()
    return (taken if len(taken) <= _MAX_QUOTED else f"{taken[: _MAX_QUOTED - 1]}…").replace('"', "'")


def _goes_on(turn: Turn, topic: tuple[str, list[str]]) -> bool:
    """Whether a turn continues the topic before: it is short, or shares words with its name."""
    return len(turn.user.split()) < 4 or bool(content(turn.user) & content(topic[0]))


def topic_name(turn: Turn) -> str:
    """Return a topic's name: the first words that mean something, and Request for a request."""
    of = turn.user or turn.agent
    named: list[str] = []
    for word in (found.partition("'")[0] for found in re.findall(r"[^\W_][\w'-]*", even(of))):
        plain = words(word)
        if plain and plain[0] not in _NO_NAME and len(word) > 2 and word.lower() not in map(str.lower, named):
            named.append(word[:1].upper() + word[1:])
        if len(named) == _MAX_NAME_WORDS:
            break
    if not named:
        return "Conversation"
    return " ".join(named) + (" Request" if _REQUEST.search(of) else "")


def _records(topics: Sequence[tuple[str, list[str]]]) -> list[str]:
    texts: list[str] = []
    for name, lines in topics:
        for part in _parts(lines):
            body = "\n".join(escape(line, quote=False) for line in part)
            topic = f'<topic name="{escape(name)}">\n{body}\n</topic>'
            if texts and len(texts[-1]) + len(topic) < _MAX_RECORD:
                texts[-1] += f"\n{topic}"
            else:
                texts.append(topic)
    return texts


def _parts(lines: Sequence[str]) -> list[list[str]]:
    """Split lines so that each part fits into a record, also with every character escaped."""
    parts: list[list[str]] = [[]]
    size = 0
    for line in lines:
        kept = line if len(line) < _MAX_RECORD // 6 else f"{line[: _MAX_RECORD // 6 - 1]}…"
        if parts[-1] and size + len(kept) > _MAX_RECORD // 5:
            parts.append([])
            size = 0
        parts[-1].append(kept)
        size += len(kept)
    return parts if parts[0] else []
