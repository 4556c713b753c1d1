"""Extract notes from what users say about themselves: name, home, diet, people, numbers and other facts."""

from __future__ import annotations

import re
from dataclasses import replace

from travel_tui.local.scripted_agent import speech_acts
from travel_tui.local.scripted_agent.incidental_notes import RELATION, in_passing, introduced
from travel_tui.local.scripted_agent.pronouns import inflect, third
from travel_tui.local.scripted_agent.state import Note
from travel_tui.local.scripted_agent.topics import note_of

_CLAUSE = re.compile(
    r"\s*(?:[;]|(?::|\s[-–—])\s+(?=(?:i|i'm|i've|my|we|we've|our)\b)|,?\s+(?:and|but|also|plus)\s+(?:also\s+)?(?=(?:i|i'm|im|i've|my|we|our|we're|"
    r"(?:would\s+)?(?:like|want|need|wish|love)\s+to|want\s+a|need\s+a)\b)|,\s+(?=(?:i|i'm|im|i've|my|we|our|"
    r"we're)\b)|,\s+(?:and|but)\s+(?=(?:please|can|could|book|what)\b))\s*",
    re.I,
)
_LEAD = re.compile(
    r"^\W*(?:(?:hi|hello|hey|good\s+(?:morning|evening|afternoon)|please|ok(?:ay)?|well|so|oh|ah|yes|yeah|yep|yup|no|and|but|"
    r"also|btw|by\s+the\s+way|fyi|just\s+so\s+you\s+know|for\s+(?:the\s+record|your\s+information|next\s+time|"
    r"the\s+future)|"
    r"note(?:\s+(?:down|also))?(?:\s+that)?|remember(?:\s+that)?|keep\s+in\s+mind(?:\s+that)?|know\s+that|"
    r"you\s+should\s+know(?:\s+that)?|i\s+(?:want|would\s+like|need)\s+you\s+to\s+(?:know|remember|"
    r"note)(?:\s+that)?|"
    r"i'd\s+like\s+you\s+to\s+(?:know|remember|note)(?:\s+that)?|can\s+you\s+(?:please\s+)?(?:remember|"
    r"note)(?:\s+that)?|could\s+you\s+(?:please\s+)?(?:remember|note)(?:\s+that)?|don'?t\s+forget(?:\s+that)?|"
    r"let\s+me\s+tell\s+you(?:\s+that)?|i\s+(?:must|should|forgot\s+to)\s+(?:mention|add|say)(?:\s+that)?|"
    r"actually|sorry|correction|update|in\s+fact|there|one\s+more\s+thing|oh\s+and|thanks|thank\s+you|"
    r"anyway|from\s+now\s+on|in\s+(?:the\s+)?future|going\s+forward|these\s+days|nowadays|on\s+reflection|"
    r"i(?:'ve|\s+have)?\s+changed\s+my\s+mind|first(?:\s+of\s+all)?|save(?:\s+that)?|"
    r"make\s+a\s+note(?:\s+that)?|unfortunately|sadly|luckily|honestly|"
    r"besides|you\s+know|i\s+mean|since|because|as)\b[\s,.:;!–—-]*)+",
    re.I,
)
_SUBJECT = re.compile(r"(?<![\w'])(?:i|i'm|i've|i'd|i'll|im|ive|my|mine|we|we're|we've|our)(?![\w'])", re.I)
_IMPERATIVE = re.compile(
    r"^\W*(?:please\s+)?(?:tell|write|give|show|book|reserve|cancel|change|move|shift|make|find|get|help|let|ask|"
    r"look|say|send|sing|play|"
    r"explain|list|fly|take|bring|update|extend|delete|postpone|switch|put|use|search|check|check|recommend|"
    r"suggest|remind|forget|repeat|"
    r"translate|calculate|count|draw|create|do|don'?t|go|stop|keep|leave|confirm|arrange|call\s+(?!me)|order|buy|plan|"
    r"push|add|remove|need|want|can|could)\b",
    re.I,
)


def clauses(sentence: str) -> list[str]:
    """Split a sentence into clauses, without greetings and openings."""
    found = []
    for piece in _CLAUSE.split(sentence):
        clean = _LEAD.sub("", piece or "").strip(" \t.,;:!-–—)(")
        if clean:
            found.append(clean)
    return found


_RELATION = re.compile(rf"\b(?:my|our)\s+(?:\w+\s+)?{RELATION}\b", re.I)
_TRAIL = re.compile(
    r"(?<![\s,;(–-])[\s,;(–-]+(?:(?:just\s+)?so\s+(?:that\s+)?you\s+know|by\s+the\s+way|btw|fyi|you\s+know|"
    r"for\s+your\s+information|if\s+(?:that|it)\s+(?:matters|helps)|in\s+case\s+(?:you\s+\w+(?:\s+it)?|"
    r"(?:that|it)\s+(?:helps|matters))|unfortunately|sadly|i'?m\s+afraid|though|please(?:\s+\w+\s+(?:it|that|"
    r"this))?|i\s+guess|by\s+now)\W*$",
    re.I,
)
_TOGETHER = re.compile(
    rf"^(?P<who>(?:my|our)\s+(?:\w+\s+)?{RELATION}(?:\s+(?-i:[A-ZÀ-Þ])[\w'-]+)?)\s+and\s+(?:I|me|myself)\s+"
    r"(?P<verb>both\s+\w+|\w+(?:\s+both)?)\s+(?P<rest>.+)$",
    re.I,
)


def notes_of(parts: list[speech_acts.Sentence]) -> list[Note]:
    """Extract the notes of a message; “she” and “he” are the person mentioned last."""
    found: list[Note] = []
    who = ""
    for part in (one for whole in parts for one in _apart(whole)):
        text = _TRAIL.sub("", part.text)
        spoken_of = _RELATION.findall(text)
        pronoun = re.match(r"(?:she|he)('s)?\b", text, re.I)
        if who and pronoun:
            text = f"{who}{' is' if pronoun[1] else ''}{text[pronoun.end() :]}"
        who = spoken_of[-1] if spoken_of else who
        if who:
            text = re.sub(r"(?<=\band )(?:she|he)\b", who, text, flags=re.I)
        found += notes_from(text, part.act)
        if speech_acts.named_person(text) and part.act == "other" and not part.asks and not _SUBJECT.search(text):
            said = note_of(third(text))
            found += [said] if said else []
    return found


def _apart(part: speech_acts.Sentence) -> list[speech_acts.Sentence]:
    """Split “my sister and I are vegan” into a sentence for each."""
    lead = _LEAD.match(part.text)
    match = _TOGETHER.match(_TRAIL.sub("", part.text)[lead.end() if lead else 0 :])
    if not match:
        return [part]
    verb = re.sub(r"\s*\bboth\b\s*", "", match["verb"])
    mine = {"are": "am", "were": "was"}.get(verb.lower(), verb)
    texts = (
        part.text[: lead.end()] if lead else "",
        f"I {mine} {match['rest']}",
        f"{match['who']} {inflect(mine)} {match['rest']}",
    )
    return [replace(part, text=text) for text in texts if text]


def notes_from(sentence: str, act: speech_acts.SpeechAct) -> list[Note]:
    """Extract the notes of one sentence; from a request only lasting facts about the user."""
    if act not in ("request", "wish") and speech_acts.is_question(sentence):
        return []
    if act in ("attack", "supposed", "held"):
        return in_passing(sentence)
    found: list[Note] = []
    name = introduced(sentence)
    if name:
        found.append(Note("name", name, f"The user's name is {name}"))
    for clause in clauses(sentence):
        kind = speech_acts.classify(clause)
        if not _SUBJECT.search(clause) or _IMPERATIVE.match(clause) or kind in ("attack", "supposed"):
            continue
        if speech_acts.is_question(clause):
            continue
        note = note_of(third(clause))
        if note is None or (name and (note.topic == "name" or note.text.startswith(f"The user is {name}"))):
            continue
        about_the_trip = kind == "request" or bool(act in ("request", "wish") and _TRAVELS.search(clause))
        if _ONCE.match(clause) and _TRAVELS.search(clause):
            about_the_trip = True
        if about_the_trip and note.topic.startswith(("said/", "prefers/", "mode")) and not _STAYS.search(clause):
            continue
        if re.search(r"\byou(?:r|rs)?\b", clause, re.I) and note.topic.startswith("said/"):
            continue
        found.append(note)
    return found + [n for n in in_passing(sentence) if n.topic not in {f.topic for f in found}]


_ONCE = re.compile(r"^(?:i|we)(?:'d|'ll|\s+would|\s+will)\b", re.I)
_TRAVELS = re.compile(
    r"\b(?:leav\w*|return\w*|depart\w*|travel\w*|fly\w*|go|going|book\w*|arriv\w*|stay\w*|start\w*|com(?:e|ing)|"
    r"be|trip|"
    r"need|want|prefer|train|plane|would|will|think|mean|guess|take|see|visit)\b|\d",
    re.I,
)
_STAYS = re.compile(
    r"\b(?:always|prefer|hate|love|(?<!would )(?<!'d )like|allerg\w+|never|usually|can'?t|cannot|afraid|"
    r"wheelchair|only\s+eat|need\s+(?:a\s+)?(?:wheelchair|vegetarian|quiet|special)|enjoy|collect|speak|"
    r"have)\b(?!\s+to\s+(?:book|go|fly|travel|visit|return|leave|cancel|change|come))",
    re.I,
)
_ONLY_VALUE = re.compile(
    r"^\W*(?P<lead>(?:no|actually|sorry|i\s+meant?|correction|make\s+(?:it|that)|wait|oops|rather|it'?s|it\s+is|"
    r"that'?s|it\s+was|h+m+|well|ok(?:ay)?|let'?s\s+(?:say|make\s+(?:it|that))|better|or|change\s+(?:it|"
    r"that)\s+to|say)"
    r"\b[\s,.:;]*)+(?P<v>[^?]{1,60}?)(?:,?\s+(?:instead|please|then|now|rather|after\s+all|actually))*[.!]*$",
    re.I,
)


def follow_up(context_told: Note | None, wondered: str, text: str) -> Note | None:
    """Return the note of a message that gives only a value: for the last question, or for the last note."""
    match = _ONLY_VALUE.match(text)
    if not match or len(match["v"].split()) > 5 or re.match(r"(?:i|my|we|not|the\s+trip)\b", match["v"], re.I):
        return None
    value = match["v"].strip()
    if wondered and match["lead"].lower().startswith(("it", "that")):
        return note_of(f"The user's {wondered} is {value}")
    counted = re.match(r"(?:\d+|[a-z]+)\s+(?P<noun>[a-z]+)$", value, re.I)
    if context_told and counted and re.search(rf"\b\w+\s+{counted['noun']}\b", context_told.text, re.I):
        text = re.sub(rf"\b\w+\s+{counted['noun']}\b", value, context_told.text, flags=re.I)
        return replace(context_told, value=value, text=text)
    if context_told and context_told.value and context_told.value in context_told.text:
        return note_of(context_told.text.replace(context_told.value, value))
    return None


def merged(older: list[Note], newer: list[Note]) -> list[Note]:
    """Return the notes with later values in place of earlier ones on the same topic."""
    found = {n.topic: n for n in older}
    for note in newer:
        found.pop(note.topic, None)
        found[note.topic] = note
    return list(found.values())
