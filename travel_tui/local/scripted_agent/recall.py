"""Answer questions about the user and their trips from this session and memory."""

from __future__ import annotations

import re

from travel_tui.facts.names import is_name
from travel_tui.facts.places import find_places
from travel_tui.local.scripted_agent import overview, phrases, trip_answers
from travel_tui.local.scripted_agent.context import Context, Outcome
from travel_tui.local.scripted_agent.messages import Reply
from travel_tui.local.scripted_agent.note_phrases import ANSWERS, clauses
from travel_tui.local.scripted_agent.pronouns import second
from travel_tui.local.scripted_agent.state import Note
from travel_tui.local.scripted_agent.trips import meant
from travel_tui.local.scripted_agent.words import content, kin, stem

_WEAK_WORDS = """
preference preferences prefer favourite favorite preferred detail details info information current exact usual own
new special requirement requirements restriction restrictions anything type kind sort number address
"""
_TRIP_WORDS = """
trip trips booking bookings booked reservation flight flights train trains travel travelling journey leave return
depart departure id stay go going fly flying plan plans ticket date dates book
"""
_TRIP_KINDS = """
last next first second latest upcoming current cancelled air rail outbound inbound back home city destination origin
stay confirmation reference code itinerary holiday vacation summer winter other two away departure weekend early
calendar agenda schedule
"""

_PERSONAL = re.compile(r"\b(?:i|i'm|i've|i'd|my|mine|our|we|myself|(?:about|of|for|to)\s+(?:me|us))\b", re.I)
_NAME = re.compile(
    r"\b(?:my\s+(?:first\s+|full\s+|own\s+|last\s+)?name|who\s+(?:i\s+am|am\s+i)|what\s+(?:am\s+i|i\s+am|"
    r"i'm)\s+called|(?:what|how)\s+(?:to|should\s+you|do\s+you|will\s+you)\s+call\s+me)\b",
    re.I,
)
_LIKES = re.compile(r"\b(?:dis)?(?:lik|lov|enjoy|hat|prefer|fond|favou?rite|ador)\w*\b", re.I)
_OWN_NAME = re.compile(r"\bmy\s+([\w-]+)'s\s+name\b|\bname\s+of\s+my\s+([\w-]+)", re.I)
_SOMEONE = re.compile(r"\b(?:she|he|they|her|his|their|him|them)\b", re.I)
_OPINION = re.compile(
    r"\b(?:do|did|would)\s+i\s+(?:really\s+|usually\s+)?(?:think|feel|like|love|hate|prefer|dislike|mind|enjoy|"
    r"fear|want\s+to\s+eat)\b",
    re.I,
)
_OCCASION = re.compile(
    r"\b(?:why|what\b.*\bfor|occasion|reason|purpose|celebrat\w*|birthday|anniversary|wedding|honeymoon|"
    r"graduation|conference|"
    r"meeting|funeral|reunion|marathon|festival|concert|how\s+old)\b",
    re.I,
)
_ALL = re.compile(
    r"\b(?:(?:know|remember|recall|have|stored?|learn(?:ed|t)?|saved?|got|memory|memories|"
    r"noted)\b.{0,30}\b(?:about|of|on|from)\s+(?:me|us)\b|(?:do|can)\s+you\s+(?:still\s+)?(?:remember|know|"
    r"recall)\s+(?:me|us|who\s+i\s+am)\b|(?:what|everything)\b.{0,12}\bi\s+(?:have\s+|"
    r"'ve\s+)?(?:already\s+)?(?:told|said|shared|mentioned)\b"
    r"|\bwhat\s+did\s+(?:we|i)\s+(?:talk|ask|request|want|discuss|speak|chat|say|tell)|\b(?:our|the|"
    r"my)\s+(?:last|previous|"
    r"earlier|past)\s+(?:conversation|chat|session|talk)|my\s+(?:profile|preferences|details|data)\b|"
    r"tell\s+me\s+about\s+(?:myself|me)\b|summari[sz]e)",
    re.I,
)
_TRIPS = re.compile(
    r"\b(?:trips?|bookings?|booked|reservations?|reserved|itinerar\w+|journeys?|flights?|trains?|travel(?:s|ling|"
    r"ing)?|vacations?|holidays?|tickets?|confirmation|leave|leaving|depart\w*|return(?:ing)?|come\s+back|"
    r"coming\s+back|go(?:ing)?(?!\s+to\s+(?:be|have|like|eat))|fly(?:ing)?|away|back|stay(?:ing)?|plans?|"
    r"scheduled|calendar|agenda|schedule|"
    r"cancel(?:led|ed)?|booking[_ ]?id|dates?|destination|origin|(?:be|get|come|arrive)\s+(?:back\s+)?home)\b",
    re.I,
)
_ID = re.compile(
    r"\b(?:the|an?)\s+(?:id|reference|confirmation|code)\b|\b(?:booking|reservation|confirmation|"
    r"trip)[\s_]*(?:id|number|code|reference|ref)\b",
    re.I,
)
_WEAK = frozenset(stem(w) for w in _WEAK_WORDS.split())
_TRIP_STEMS = frozenset(stem(w) for w in _TRIP_WORDS.split())
_POSSESSIVE = re.compile(r"\b(?:my|our)\s+((?:[\w'-]+\s*){1,4})", re.I)
_YES_NO = re.compile(r"^\W*(?:and\s+|so\s+|but\s+)?(?:did|do|have|am|was|were|is|are|had)\b", re.I)


def is_personal(text: str) -> bool:
    return _PERSONAL.search(text) is not None


def about_trips(text: str) -> bool:
    return _TRIPS.search(text) is not None


def answer(context: Context, text: str) -> Outcome | None:
    """Answer a question about the user; None where it is not about them."""
    if _NAME.search(text):
        if context.name:
            return Reply(f"Your name is **{context.name}**."), "The name was told."
        return Reply("I don't know your name yet; you haven't told me."), "The name was never told."
    if _ALL.search(text) and not _about_topic(text):
        return overview.answer(context, text), "The user asks for all that is remembered."
    if trip_answers.about_these(context, text):
        return trip_answers.answer(context, text), "The question is about the trip just spoken of."
    if (
        not is_personal(text)
        and not _ID.search(text)
        and not re.search(r"\b(?:trips?|bookings?|reservations?)\b", text, re.I)
    ):
        named = [n for n in matching(context.notes, text) if _names_someone(n, text)]
        if not named and len(text.split()) <= (8 if _SOMEONE.search(text) else 4):
            named = matching(context.notes, text)
        if not named and re.match(r"\W*(?:and\s+|so\s+)?(?:who|whose)\b", text, re.I):
            named = matching(context.notes, text)
        if not named and re.search(r"\bme\b", text, re.I):
            named = [n for n in matching(context.notes, text) if n.topic in ANSWERS]
        return (Reply(_told(named, text)), "It was told, and the question names it.") if named else None
    found = _by_topic(context, text) or matching(context.notes, text)
    whose = _OWN_NAME.search(text)
    if whose:
        who = (whose[1] or whose[2]).lower()
        found = [n for n in found if n.topic == f"my/{who}" or re.search(r"(?<=.)\b[A-ZÀ-Þ]\w+", n.text)]
    if found:
        return Reply(_told(found, text)), "It was told, in this session or an earlier one."
    actions = _matching_actions(context, text)
    if actions:
        return Reply(
            " ".join(second(a.replace("The assistant called", "I called")) + "." for a in actions)
        ), "It was found out earlier."
    shared = [n for n in context.notes if n.topic != "name" and content(text) & content(n.text)]
    if shared and not context.trips and about_trips(text):
        return Reply(_told(shared, text)), "No trip is known, but something told fits the question."
    if (
        not _OPINION.search(text)
        and (about_trips(text) or _ID.search(text) or _names_a_trip(context, text))
        and not _unknown_subject(text)
    ):
        return trip_answers.answer(context, text), "The question is about trips."
    possessive = _POSSESSED.search(text)
    context.session.wondered = possessive[1].strip() if possessive else ""
    return Reply(_unknown(context, text)), "It was never told, so say so."


_TOPICS = tuple(
    (re.compile(pattern, re.I), topics)
    for pattern, topics in (
        (
            r"\bwhat\s+do\s+i\s+do\b|\bmy\s+(?:job|profession|occupation|work)\b|\bfor\s+a\s+living\b",
            ("job", "company"),
        ),
        (
            r"\bwhere\s+do\s+i\s+work\b|\bmy\s+(?:employer|company)\b|\bwho\s+do\s+i\s+work\s+for\b",
            ("company", "my/company", "my/employer"),
        ),
        (r"\b(?:where\s+(?:am|do)\s+i\s+(?:come\s+)?from|where\s+i(?:'m|\s+am|\s+come)\s+from)\b", ("from", "home")),
        (
            r"\bwhere\s+(?:do\s+i|i)\s+(?:\w+\s+)?live\b|\bmy\s+(?:home|home\s*town|home\s+city|city|address)\b|"
            r"\bwhere\s+(?:am\s+i|i\s+am|i'm)\s+based\b",
            ("home", "my/address", "from"),
        ),
        (r"\bhow\s+old\s+(?:am\s+i|i\s+am|i'm)\b|\bmy\s+age\b", ("age",)),
        (
            r"\bwhat\s+number\s+do\s+you\s+have|\b(?:reach|call|contact)\s+me\b",
            ("phone",),
        ),
        (
            r"\b(?:rather|prefer|like\s+to|usually|normally)\b.*\b(?:train|fly|flying|plane|travel)\b",
            ("mode",),
        ),
        (r"\bhow\s+many\s+(?:people|adults|persons|travell?ers|of\s+us|are\s+we)\b", ("party",)),
        (r"\bwhen\s+(?:was\s+i|i\s+was)\s+born\b|\bmy\s+birth", ("birthday",)),
        (r"\bhow\s+much\s+(?:can|do|will|may)\s+i\s+(?:want\s+to\s+)?(?:spend|pay|afford)\b", ("budget",)),
    )
)


_TASTE = re.compile(
    r"^\W*(?:and\s+|so\s+)?what(?:\s+else)?\s+(?:do|did)\s+i\s+(?:really\s+)?(like|love|enjoy|hate|dislike|"
    r"prefer)\W*$",
    re.I,
)
_FOND = "likes|loves|enjoys|adores|is fond of|prefers"
_TASTES = {stem(w): _FOND for w in ("like", "love", "enjoy", "prefer")} | {
    stem(w): "hates|dislikes|avoids|can't stand" for w in ("hate", "dislike")
}
_EATS = re.compile(
    r"\b(?:what|anything|which)\b.{0,30}\b(?:i|me|we)\b.{0,30}\b(?:eat|avoid|serve)\b|"
    r"\bwhat\s+(?:kind\s+of\s+)?(?:food|meals?)\b|\bmy\s+(?:diet|dietary|"
    r"food|meal)|\bmeal\b|"
    r"\bfoods?\b.{0,30}\bavoid\b",
    re.I,
)
_NOT_EATEN = re.compile(
    r"^The user (?:.* )?(?:allerg\w+|intoleran\w+|(?:can't|cannot|doesn't|never)\s+(?:eat|have|tolerate|stand)s?|"
    r"avoids?\s+(?:eating\s+)?(?:gluten|dairy|meat|"
    r"fish|nuts|sugar|pork))\b",
    re.I,
)


def _by_topic(context: Context, text: str) -> list[Note]:
    """Return the notes that common questions ask for without naming their words."""
    if _EATS.search(text):
        found = [
            n
            for n in context.notes
            if n.topic == "diet" or (_NOT_EATEN.search(n.text) and n.text.startswith("The user "))
        ]
        if found:
            return found
    taste = _TASTE.search(text)
    if taste:
        verbs = _TASTES[stem(taste[1].lower())]
        return [n for n in context.notes if re.match(rf"The user (?:\w+ )?(?:{verbs})", n.text)]
    for pattern, topics in _TOPICS:
        if pattern.search(text):
            for topic in topics:
                found = [n for n in context.notes if n.topic == topic]
                if found:
                    return found
    return []


def _about_topic(text: str) -> bool:
    """Return whether a question about memory names a topic, such as “my diet”."""
    return re.search(
        r"\babout\s+(?:my|our)\b|\bthat\s+i\b|\bwhat\s+i\s+(?:said|told\s+you)\s+about\b", text, re.I
    ) is not None and not re.search(r"\bmy\s+(?:profile|preferences|details|data)\b", text, re.I)


def _names_a_trip(context: Context, text: str) -> bool:
    return (
        any(p.certain for p in find_places(text))
        and bool(context.trips)
        and meant(context, text, among=context.trips, use_focus=False).named
    )


def _names_someone(note: Note, text: str) -> bool:
    """Return whether question and note share a capitalised word."""
    return any(re.search(rf"\b{re.escape(w)}\b", note.text) for w in re.findall(r"(?<=[\w,] )[A-ZÀ-Þ][\w'-]+", text))


def matching(notes: list[Note], text: str) -> list[Note]:
    """Return the notes that share the question's words or related words."""
    asked = content(text)
    strong = asked - _WEAK
    possessive = _POSSESSIVE.search(text)
    owned = content(possessive[1]) - _WEAK if possessive else frozenset()
    if not strong and possessive:
        strong = asked
    if not strong:
        return []
    scored: list[tuple[float, Note]] = []
    for note in notes:
        if note.topic == "name" or (note.topic.startswith("occasion/") and not _OCCASION.search(text)):
            continue
        has = content(f"{note.text} {note.topic}")
        if re.search(r"\d(?:st|nd|rd|th) birthday", note.text):
            has |= {"old"}
        hits = {w for w in strong if kin(w) & has}
        exact = {w for w in strong if w in has}
        trips_only = strong & _TRIP_STEMS
        if not hits - trips_only:
            continue
        if "old" in asked and "old" not in hits:
            continue
        if owned and not (owned - _TRIP_STEMS) <= hits:
            continue
        if not owned and len(hits) < 0.6 * len(strong - trips_only):
            continue
        scored.append((len(hits) + 0.5 * len(exact), note))
    best = max((s for s, _ in scored), default=0.0)
    return [n for s, n in scored if s >= best - 0.6]


def _told(found: list[Note], text: str) -> str:
    named = _OWN_NAME.search(text)
    who = (named[1] or named[2]).lower() if named else ""
    of = next((n for n in found if n.topic == f"my/{who}" and n.value), None)
    if of and is_name(of.value):
        return f"Your {who}'s name is **{of.value}**."
    said = clauses(found[-5:])
    if len(said) == 1 and said[0].startswith("“"):
        return f"You told me: {said[0]}"
    if _YES_NO.match(text) and _LIKES.search(text) and not any(_LIKES.search(n.text) for n in found):
        return f"You haven't told me that; what I know is that {phrases.listed(said)}."
    if len(said) == 1 and found[-1].topic in ANSWERS:
        return said[0][:1].upper() + said[0][1:] + "."
    return f"You told me that {phrases.listed(said)}."


def _matching_actions(context: Context, text: str) -> list[str]:
    strong = content(text) - _WEAK - _TRIP_STEMS
    if not strong:
        return []
    known = context.recall.actions + context.session.actions
    return [a for a in known if len({w for w in strong if w in content(a)}) >= max(1, 0.6 * len(strong))][-2:]


def _unknown_subject(text: str) -> bool:
    """Return whether the question is about something that trips do not have (“my passport number”)."""
    possessive = _POSSESSIVE.search(text)
    if not possessive:
        return False
    head = content(possessive[1]) - _WEAK
    places = {stem(w) for p in find_places(possessive[1]) for w in content(p.text)}
    known = _TRIP_STEMS | places | {stem(w) for w in _TRIP_KINDS.split()}
    return bool(head) and not head & known


_POSSESSED = re.compile(
    r"\bmy\s+([a-z][a-z' -]{1,30}?)(?=\s*(?:[?.!,]|$|\b(?:is|are|was|on|for|in|at|to|that|which|again|do|did|"
    r"please)\b))",
    re.I,
)


def _unknown(context: Context, text: str) -> str:
    possessive = _POSSESSED.search(text)
    thing = f"your {possessive[1].strip()}" if possessive else "that"
    thing = re.sub(r"\s+(?:called|named)$", "'s name", thing)
    return f"I don't know {thing}; you haven't told me. If you do, I'll remember it{context.where_remembered}."


def answerable(context: Context, text: str) -> bool:
    """Return whether the text asks for something that is in the notes."""
    return bool(_POSSESSIVE.search(text) and matching(context.notes, text))
