"""The subject of a statement: two statements on the same one contradict or repeat each other, and the later counts."""

from __future__ import annotations

import re

from travel_tui.facts.text import fold
from travel_tui.local.scripted_agent.incidental_notes import RELATION
from travel_tui.local.scripted_agent.topics import note_of
from travel_tui.local.scripted_agent.words import FUNCTION_WORDS, stem, words

_SINGLE = frozenset({"name", "home", "seat", "phone", "email", "birthday", "age", "budget", "job", "from", "company"})
"""Topics of which a user has one value at a time."""
_DIETS = frozenset(
    {"vegetarian", "vegan", "pescatarian", "flexitarian", "omnivore", "meat-eater", "meat eater", "fruitarian"}
)
_ADVERBS = (
    r"(?:(?:also|always|really|usually|now|still|just|actually|currently|no longer|generally|mostly|absolutely|"
    r"particularly|strongly|finally|recently|never|much|often|only)\s+)*"
)
_WHO = rf"(?P<who>The user(?:'s (?:[\w-]+ )?(?:{RELATION}|group)(?: [A-ZÀ-Þ][\w'-]+)?)?|[A-ZÀ-Þ][\w'-]+)"
_TASTE = re.compile(
    rf"^{_WHO} {_ADVERBS}(?:does not |doesn't |do not |don't |didn't |is not |isn't |can't |cannot |used to "
    rf")?{_ADVERBS}"
    r"(?:likes?|loves?|enjoys?|hates?|dislikes?|adores?|prefers?|stands?|fond of|is into|is a fan of|into|eats?|"
    r"drinks?|"
    r"plays?|stopped|quit|gave up|started|is allergic to|allergic to)\s+(?P<what>.+?)(?:\s+any\s?more)?$",
    re.I,
)
_LIVES = re.compile(rf"^{_WHO} {_ADVERBS}(?:lives?|moved|has moved|relocated|is based|resides?|is moving)\b", re.I)
_WORKS = re.compile(rf"^{_WHO} {_ADVERBS}(?:works?|is working|started|has started) (?P<how>as|at|for|in)\b", re.I)
_HAS = re.compile(
    rf"^{_WHO} {_ADVERBS}(?:has|owns|keeps|has got) (?P<number>no|an?|one|two|three|four|five|six|seven|eight|"
    rf"nine|ten|\d+)\s+"
    r"(?P<what>[a-z][\w -]{2,40}?)(?:\s+(?:now|called|named|and|in|at|on|who|that|with|from)\b.*)?$"
)
_STATES = re.compile(
    r"^(?P<what>(?:The|Our|This|[A-ZÀ-Þ])[\w'’ -]{0,70}?) (?P<verb>is|are|(?:was |has been |has )?(?:moved to|"
    r"changed to|"
    r"postponed to|rescheduled to)|will be|costs?|starts?|ends?|begins?|opens?|closes?|expires?|runs on|uses|"
    r"takes place) "
    rf"{_ADVERBS}(?P<value>.+)$"
)
_SAME_VERB = {"start": "begin", "starts": "begins", "takes place": "is", "are": "is"}
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_KINDS = (
    (
        "date",
        re.compile(
            rf"\b(?:{_MONTH}\.? \d|\d{{1,2}}\.? {_MONTH}\b|"
            rf"\d{{1,2}}(?:st|nd|rd|th)|\d{{4}}-\d|{_DAY}|{_MONTH}$|tomorrow|tonight|noon|midnight|"
            r"\d+ ?(?:am|pm)\b|\d:\d)",
            re.I,
        ),
    ),
    (
        "number",
        re.compile(
            r"^(?:(?:at|on|about|around|up to) )?(?:\W*\d|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|"
            r"twelve|"
            r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b)",
            re.I,
        ),
    ),
    ("place", re.compile(r"^(?:on|in|at|near|under|next to|behind)\s", re.I)),
    ("name", re.compile(r"^(?:called |named )?[A-ZÀ-Þ]")),
)
_CHANGED = re.compile(
    r"^(?P<what>(?:The|Our|[A-ZÀ-Þ])[\w'’ -]{0,70}?(?<!^The user)(?<! group)) (?:has |was |have |is )?(?:been |now )?"
    r"(?:changed|moved|rescheduled|postponed|delayed|updated|extended|switched|went (?:up|down)|rose|increased|dropped|"
    r"fell|decreased|grew|climbed|pushed(?: back)?|brought forward) to (?:now )?"
)
_SWITCHED = re.compile(
    r"^.{1,60}? (?:has |have )?(?:switched|changed|migrated|moved|went) (?:over )?from (?P<old>.{2,60}?) to .+$", re.I
)
_MEASURES = re.compile(
    rf"^{_WHO} {_ADVERBS}(?P<verb>weighs?|earns?|pays?|owes?|measures?|sleeps?) {_ADVERBS}"
    r"(?P<value>\W*\d\S*)(?P<what>.*)$"
)
_MEETS = re.compile(rf"^{_WHO} {_ADVERBS}(?P<verb>rehearses?|meets?|gathers?) {_ADVERBS}(?:on|at|every) (?P<value>.+)$")
_TRANSFERRED = re.compile(
    r"^(?P<who>(?!The user\b(?!'s))[A-ZÀ-Þ][\w' -]{0,60}?) (?:has |have |was |were )?(?:been )?"
    r"(?:moved|promoted|transferred|switched)(?: up| down)? to (?P<what>[a-z]+) [\w-]+(?: now)?$"
)
_NAMED_ENDED = re.compile(
    r"^(?P<who>(?!The\b)[A-ZÀ-Þ][\w'-]+) (?:has |is )?(?:no longer|stopped|quit|gave up) (?P<what>.{2,80})$"
)
_ENDED = re.compile(
    r"^The user(?:'s [\w -]{1,30}?)? (?:has |have |is |just |recently |finally )*(?:no longer|stopped|quit|gave up|"
    r"sold|got rid of|(?:doesn't|does not|isn't|can't|hasn't)(?=.* any ?more$))\s+(?:their |a |an |the )?"
    r"(?P<what>.{2,80}?)(?: any ?more)?(?: (?:last|this|in|on|two|three|a) .*)?$",
    re.I,
)
_ATTRIBUTE = re.compile(
    r"\b(?:favou?rite|preferred|main|current|default|primary|usual|address|password|status|priority|goal|plan|"
    r"budget|deadline|"
    r"date|size|colou?r|weight|height|nickname|hobby|title|version|location|price|language|diet|schedule|limit|"
    r"owner|leader|"
    r"instrument|sport|band|team)\b",
    re.I,
)


def subject_of(text: str) -> str:
    """Return the subject of a sentence in the third person; the sentence itself where no other can compete with it."""
    sentence = _CHANGED.sub(r"\g<what> is ", text.strip().rstrip("."))
    note = note_of(sentence)
    if note and (note.topic in _SINGLE or note.topic.startswith("allergy/")):
        return note.topic
    if note and note.topic == "diet" and (not note.value or fold(note.value) in _DIETS):
        return "diet"
    for name, pattern in (("lives", _LIVES), ("taste", _TASTE), ("has", _HAS), ("works", _WORKS)):
        found = pattern.match(sentence)
        if found:
            more = found.groupdict().get("what") or found.groupdict().get("how") or ""
            return f"{name}/{_key(found['who'])}/{_key(more)}"
    measures, meets = _MEASURES.match(sentence), _MEETS.match(sentence)
    if measures:
        what = re.sub(r"\b(?:now|currently)\b|\d+", "", measures["what"])
        return f"measure/{_key(measures['who'])}/{_key(measures['verb'])}/{_key(what)}"
    if meets:
        return f"meets/{_key(meets['who'])}/{_key(meets['verb'])}"
    return _stated(sentence) or f"said/{_key(sentence)[:200]}"


def retracted_by(text: str) -> str:
    """Return what a sentence says has ended, such as “works at Acme” of “no longer works at Acme”; else ""."""
    sentence = text.strip().rstrip(".")
    switched = _SWITCHED.match(sentence)
    if switched:
        return switched["old"]
    other = _TRANSFERRED.match(sentence) or _NAMED_ENDED.match(sentence)
    if other:
        return f"{other['who']} {other['what']}"
    ended = _ENDED.match(sentence)
    return f"{ended['what']}" if ended else ""


def _stated(sentence: str) -> str:
    """Return the subject of “X is Y”: X with the kind of Y, since several kinds can hold of X at once."""
    states = _STATES.match(sentence)
    if not states or states["what"] in {"The user", "The user's group", "It", "This"}:
        return ""
    kind = next((kind for kind, pattern in _KINDS if pattern.search(states["value"])), "")
    what, verb = states["what"], states["verb"]
    if not kind and not (_ATTRIBUTE.search(what) and not re.search(rf"(?<!\w){RELATION}$", what, re.I)):
        return ""
    verb = "is" if verb.endswith(" to") or verb == "will be" else _SAME_VERB.get(verb, verb)
    return f"{verb}/{_key(what)}/{kind}"


def _key(text: str) -> str:
    return " ".join(stem(word) for word in words(text) if word not in FUNCTION_WORDS or word == "user")
