"""What a user tells of themselves, kept as notes: name, home, diet, people, numbers, and whatever else they say."""

from __future__ import annotations

import re

from travel_tui.facts.names import is_name, named
from travel_tui.facts.text import fold
from travel_tui.local.brain import speech
from travel_tui.local.brain.person import QUOTED, third
from travel_tui.local.brain.state import Note
from travel_tui.local.brain.words import words

_CLAUSE = re.compile(
    r"\s*(?:[;]|,?\s+(?:and|but|also|plus)\s+(?:also\s+)?(?=(?:i|i'm|im|i've|my|we|our|we're|"
    r"(?:would\s+)?(?:like|want|need|wish|love)\s+to|want\s+a|need\s+a)\b)|,\s+(?=(?:i|i'm|im|i've|my|we|our|"
    r"we're)\b)|,\s+(?:and|but)\s+(?=(?:please|can|could|book|what)\b))\s*",
    re.I,
)
_LEAD = re.compile(
    r"^\W*(?:(?:hi|hello|hey|good\s+(?:morning|evening|afternoon)|please|ok(?:ay)?|well|so|oh|yes|no|and|but|"
    r"also|btw|by\s+the\s+way|fyi|just\s+so\s+you\s+know|for\s+(?:the\s+record|your\s+information|next\s+time|"
    r"the\s+future)|"
    r"note(?:\s+(?:down|also))?(?:\s+that)?|remember(?:\s+that)?|keep\s+in\s+mind(?:\s+that)?|know\s+that|"
    r"you\s+should\s+know(?:\s+that)?|i\s+(?:want|would\s+like|need)\s+you\s+to\s+(?:know|remember|"
    r"note)(?:\s+that)?|"
    r"i'd\s+like\s+you\s+to\s+(?:know|remember|note)(?:\s+that)?|can\s+you\s+(?:please\s+)?(?:remember|"
    r"note)(?:\s+that)?|could\s+you\s+(?:please\s+)?(?:remember|note)(?:\s+that)?|don'?t\s+forget(?:\s+that)?|"
    r"let\s+me\s+tell\s+you(?:\s+that)?|i\s+(?:must|should|forgot\s+to)\s+(?:mention|add|say)(?:\s+that)?|"
    r"actually|sorry|correction|update|in\s+fact|there|one\s+more\s+thing|oh\s+and|thanks|thank\s+you|"
    r"first(?:\s+of\s+all)?|save(?:\s+that)?|make\s+a\s+note(?:\s+that)?|unfortunately|sadly|luckily|honestly|"
    r"besides|you\s+know|i\s+mean|since|because|as)\b[\s,.:;!–—-]*)+",
    re.I,
)
_DIETS = (
    r"(?:vegetarian|vegan|pescatarian|flexitarian|omnivore|meat[- ]eater|fruitarian|"
    r"lacto[- ]?(?:ovo[- ]?)?vegetarian|keto|paleo|(?:lactose|gluten)[- ]intolerant|gluten[- ]free|"
    r"coeliac|celiac|diabetic|halal|kosher)"
)
_JOBS = (
    r"(?:nurse|doctor|teacher|engineer|developer|programmer|lawyer|pilot|chef|cook|journalist|writer|author|"
    r"musician|artist|designer|manager|"
    r"architect|dentist|accountant|scientist|professor|student|photographer|plumber|electrician|carpenter|farmer|"
    r"librarian|pharmacist|"
    r"surgeon|veterinarian|vet|paramedic|firefighter|baker|consultant|analyst|researcher|translator|salesperson|"
    r"barista|waiter|waitress|actor|"
    r"actress|singer|dancer|painter|sculptor|judge|banker|economist|biologist|chemist|physicist|mathematician|"
    r"geologist|historian|"
    r"psychologist|therapist|physiotherapist|hairdresser|tailor|mechanic|driver|sailor|soldier|officer|secretary|"
    r"tester|administrator|"
    r"director|producer|editor|coach|gardener|butcher|beekeeper|watchmaker|blogger|entrepreneur|founder|retiree|"
    r"pensioner|cellist|violinist|"
    r"pianist|guitarist|drummer|astronomer|astronaut|detective|diplomat|linguist|nanny|midwife|optician|potter|"
    r"priest|rabbi|referee)"
)
_NAME = r"(?P<v>[^\W\d_][\w'.-]*(?:\s+[^\W\d_][\w'.-]*){0,3})"

# (topic, pattern on the third-person sentence, its canonical form). Single-valued: a later one replaces an earlier one.
_KNOWN: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (topic, re.compile(pattern, re.I), form)
    for topic, pattern, form in (
        (
            "home",
            r"^The user(?:'s party)?(?: has| have| just| recently| now| finally|'s)* (?:moved|relocated|"
            r"is moving)(?: house| home| away)?(?: from [^,.]+?)? to (?P<v>[^,.;]+?)(?: (?:last|this|in \d{4}|recently|"
            r"now|two|a|from|now|since|with|for)\b.*)?$",
            "The user lives in {v}",
        ),
        (
            "home",
            r"^The user(?:'s party)?(?: now| currently| actually| still)* (?:lives?|resides?|is based|is living|"
            r"are based)(?: now| currently)?(?: in| at) (?P<v>[^,.;]+?)(?: (?:now|these days|currently|at the moment|"
            r"with|since|for)\b.*)?$",
            "The user lives in {v}",
        ),
        (
            "home",
            r"^The user's (?:home ?town|home(?: city| is)?|city|residence)(?: is)?(?: now)?(?: in)? (?P<v>[^,.;]+)$",
            "The user lives in {v}",
        ),
        (
            "diet",
            rf"^The user is (?:now |also |actually |still |no longer \w+ but )*(?:(?:a|an) )?(?:(?:strict|lifelong|"
            rf"committed|practising|proud|very strict) )?(?P<v>{_DIETS})(?: now| these days| anyway)?(?:,? not (?:a |"
            rf"an )?\w+)?(?: any ?more)?$",
            "The user is {v}",
        ),
        (
            "diet",
            rf"^The user (?:became|turned|went|has become|has gone|has turned|switched to being|eats(?: only|"
            rf" strictly)?) (?:(?:a|an) )?(?P<v>{_DIETS})(?:\b.*)?$",
            "The user is {v}",
        ),
        (
            "diet",
            rf"^The user (?:is not|isn't|is no longer) (?:(?:a|an) )?(?P<v>{_DIETS})(?: any ?more)?(?:\\b.*)?$",
            "-",
        ),
        (
            "seat",
            r"^The user(?: always| usually| really| now| generally)* (?:prefers?|likes?|wants?|would prefer|would like|"
            r"takes|sits in|chooses|needs?|loves?)(?: to (?:sit|have|be)(?: in| at| by| on)?| sitting (?:in|at|by|"
            r"on))? ?(?:the |an? )?(?P<v>(?:window|aisle|middle|front|back|exit[- ]row)(?: seats?)?)(?: (?:now|instead|"
            r"please|on .*|when .*|over .*|rather .*|to .*|in .*|at .*|best|most|the most|more|very much))?$",
            "The user prefers {v}",
        ),
        (
            "seat",
            r"^The user's (?:preferred seat|seat preference|favou?rite seat)(?: is|:) (?:the |an? )?(?P<v>.+)$",
            "The user prefers {v}",
        ),
        (
            "phone",
            r"^The user's (?:new )?(?:tele)?(?:phone|mobile|cell)(?: ?phone)?(?: number)? is(?: now)? (?P<v>.+)$",
            "The user's phone number is {v}",
        ),
        (
            "phone",
            r"^The user(?: can be reached| is reachable)(?: on| at| under| by phone (?:on|"
            r"at)) (?P<v>\+?[\d][\d ()/.-]{4,})$",
            "The user's phone number is {v}",
        ),
        ("email", r"^The user's e-?mail(?: address)? is(?: now)? (?P<v>\S+)$", "The user's email is {v}"),
        (
            "birthday",
            r"^The user's (?:birthday|birth ?date|date of birth) is(?: on)? (?P<v>.+)$",
            "The user's birthday is {v}",
        ),
        ("birthday", r"^The user was born on (?P<v>.+)$", "The user's birthday is {v}"),
        ("age", r"^The user is (?P<v>\d{1,3})(?: years old| years of age)?$", "The user is {v} years old"),
        (
            "budget",
            r"^The user's (?:(?:total|maximum|max|new|travel) )*budget (?:is|was raised to|went up to|"
            r"has changed to)(?: now| about| around| up to)* (?P<v>.+?)(?: now| in total| per trip)?$",
            "The user's budget is {v}",
        ),
        ("budget", r"^The user (?:has|has got) a (?:total )?budget of (?P<v>.+)$", "The user's budget is {v}"),
        ("job", r"^The user (?:now )?works as (?:an? )?(?P<v>.+)$", "The user works as {v}"),
        (
            "job",
            rf"^The user is (?:now )?(?:an? )?(?P<v>(?:[\\w-]+ ){{0,2}}?{_JOBS}(?: (?:at|for|in|from|by) .+)?)$",
            "",
        ),
        ("from", r"^The user (?:is|comes|hails)(?: originally)? from (?P<v>[^,.;]+)$", "The user is from {v}"),
        ("company", r"^The user (?:now )?works (?:for|at) (?P<v>.+)$", "The user works for {v}"),
    )
)
_ALLERGY = re.compile(
    r"^The user is(?: also| very| severely| highly| extremely| deathly| quite)* allergic to (?P<v>.+)$", re.I
)
_NO_ALLERGY = re.compile(r"^The user is (?:not|no longer) allergic to (?P<v>.+?)(?: any ?more)?$", re.I)
_CALLED = re.compile(
    rf"^The user(?:'s (?:first |full |real |last )?name(?:'s| is)(?: now| actually)?| is called| is named|"
    rf" goes by(?: the name)?| would like to be called| wants to be called| prefers to be called|"
    rf" introduced \w+ as) (?:[\"'])?{_NAME}",
    re.I,
)
_IS = re.compile(rf"^The user is {_NAME}(?:,? (?:from|by the way|here|and)\b.*)?$")
_ATTRIBUTE = re.compile(
    r"^The user's (?P<what>[\w' -]{2,60}?)(?:'s)? (?:name is|names are|is called|are called|is named|is|are|was|"
    r"were|will be|has changed to|changed to|=|:)(?: now| actually)? (?P<v>.+)$",
    re.I,
)
_PREFERS = re.compile(
    r"^The user(?: always| usually| really| now| generally)* (?:prefers|would rather(?: have)?|"
    r"would prefer) (?P<v>.+)$",
    re.I,
)


_SUBJECT = re.compile(r"(?<![\w'])(?:i|i'm|i've|i'd|i'll|im|ive|my|mine|we|we're|we've|our)(?![\w'])", re.I)
_IMPERATIVE = re.compile(
    r"^\W*(?:please\s+)?(?:tell|write|give|show|book|reserve|cancel|change|move|shift|make|find|get|help|let|ask|"
    r"look|say|send|sing|play|"
    r"explain|list|fly|take|bring|update|extend|delete|postpone|switch|put|use|search|check|check|recommend|"
    r"suggest|remind|forget|repeat|"
    r"translate|calculate|count|draw|create|do|go|stop|keep|leave|confirm|arrange|call\s+(?!me)|order|buy|plan|"
    r"push|add|remove|need|want|can|could)\b",
    re.I,
)


def clauses(sentence: str) -> list[str]:
    """A sentence's clauses that each speak of the user, greetings and openings left out."""
    found = []
    for piece in _CLAUSE.split(sentence):
        clean = _LEAD.sub("", piece or "").strip(" \t.,;:!-–—)(")
        if clean:
            found.append(clean)
    return found


def note_of(sentence: str) -> Note | None:
    """The note that a third-person sentence about the user makes; None where it says nothing."""
    text = " ".join(sentence.split()).strip().rstrip(".!")
    if len(words(text)) < 3 or speech.is_attack(text):
        return None
    called = _CALLED.match(text)
    if called:
        value = named(called["v"])
        return Note("name", value, f"The user's name is {value}") if value else None
    for topic, pattern, form in _KNOWN:
        match = pattern.match(text)
        if match:
            value = match["v"].strip(" .,!\"'")
            return Note(topic, "", text) if form == "-" else Note(topic, value, form.format(v=value) or text)
    allergy = _ALLERGY.match(text)
    if allergy:
        return Note(f"allergy/{fold(allergy['v'])}", allergy["v"], text)
    person = _IS.match(text)
    if person and is_name(person["v"]):
        value = named(person["v"])
        return Note("name", value, f"The user's name is {value}")
    attribute = _ATTRIBUTE.match(text)
    if attribute and not text.startswith(QUOTED):
        return Note(_topic(attribute["what"]), attribute["v"], text)
    prefers = _PREFERS.match(text)
    if prefers:
        return Note("prefers/" + " ".join(words(prefers["v"])[-2:]), prefers["v"], text)
    return Note("said/" + fold(text)[:80], "", text)


def _topic(what: str) -> str:
    return "my/" + " ".join(w.removesuffix("'s") for w in words(what) if w not in ("new", "current", "name", "the"))


_RELATION = re.compile(
    r"\b(?:my|our)\s+(?:\w+\s+)?(?:wife|husband|partner|girlfriend|boyfriend|son|daughter|mother|mom|mum|father|dad|"
    r"sister|brother|friend|colleague|boss|dog|cat)\b",
    re.I,
)


def notes_of(parts: list[speech.Sentence]) -> list[Note]:
    """The notes that a message makes; she and he are whoever was last spoken of."""
    found: list[Note] = []
    who = ""
    for part in parts:
        text = part.text
        spoken_of = _RELATION.findall(text)
        pronoun = re.match(r"(?:she|he)('s)?\b", text, re.I)
        if who and pronoun:
            text = f"{who}{' is' if pronoun[1] else ''}{text[pronoun.end() :]}"
        who = spoken_of[-1] if spoken_of else who
        if who:
            text = re.sub(r"(?<=\band )(?:she|he)\b", who, text, flags=re.I)
        found += notes_from(text, part.mood)
    return found


def notes_from(sentence: str, mood: speech.Mood) -> list[Note]:
    """The notes that one sentence of a user makes; from a request only what is plainly about the user."""
    if mood in ("attack", "supposed", "question", "held"):
        return _in_passing(sentence)
    found: list[Note] = []
    name = introduced(sentence)
    if name:
        found.append(Note("name", name, f"The user's name is {name}"))
    for clause in clauses(sentence):
        kind = speech.mood(clause)
        if not _SUBJECT.search(clause) or _IMPERATIVE.match(clause) or kind in ("attack", "question", "supposed"):
            continue
        note = note_of(third(clause))
        if note is None or (note.topic == "name" and name):
            continue
        about_the_trip = kind == "request" or (mood in ("request", "wish") and _TRAVELS.search(clause))
        if about_the_trip and note.topic.startswith(("said/", "prefers/")) and not _STAYS.search(clause):
            continue
        if re.search(r"\byou(?:r|rs)?\b", clause, re.I) and note.topic.startswith("said/"):
            continue
        found.append(note)
    return found + [n for n in _in_passing(sentence) if n.topic not in {f.topic for f in found}]


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
_SEAT = re.compile(
    r"(?<!not )(?<!no )(?<!hate )(?<!hate the )(?:\b(?P<a>aisle|window|middle)\s+seats?\b|\bseats?\s+(?:by|at|"
    r"near|on|next\s+to)\s+the\s+"
    r"(?P<b>aisle|window)\b)",
    re.I,
)
_AS_DIET = re.compile(rf"\b(?:as|being)\s+an?\s+(?:strict\s+)?(?P<v>{_DIETS})\b", re.I)
_WITH = re.compile(
    r"\b(?:my|our)\s+(?P<who>wife|husband|partner|girlfriend|boyfriend|fianc[ée]e?|spouse|son|daughter|mother|"
    r"mom|mum|father|dad|sister|brother|friend|best\s+friend|colleague|boss|dog|cat|baby|kid|child|assistant|"
    r"aunt|uncle|cousin|grandmother|grandfather|niece|nephew|horse|pet|roommate|flatmate|neighbou?r)"
    r"(?:,|\s+is\s+called|\s+is\s+named|\s+named|\s+called)?\s+(?P<v>[A-ZÀ-Þ][\w'-]+)(?:\s*\((?P<age>\d{1,2})\)|"
    r",\s+(?:aged\s+)?(?P<age2>\d{1,2}),)?(?!\s+(?:is|was)\s+(?:called|named))"
)


def _aged(match: re.Match[str]) -> str:
    age = match["age"] or match["age2"]
    return f" and is {age} years old" if age else ""


def _in_passing(sentence: str) -> list[Note]:
    """What a sentence says of the user beside what it is about: my wife Carla, as a vegetarian, an aisle seat."""
    found = [
        Note(f"my/{m['who'].lower()}", m["v"], f"The user's {m['who'].lower()} is called {m['v']}{_aged(m)}")
        for m in _WITH.finditer(sentence)
        if is_name(m["v"])
    ]
    seat = _SEAT.search(sentence)
    if seat and _SUBJECT.search(sentence) and not sentence.rstrip().endswith("?"):
        value = f"{(seat['a'] or seat['b']).lower()} seats"
        found.append(Note("seat", value, f"The user prefers {value}"))
    diet = _AS_DIET.search(sentence)
    if diet:
        found.append(Note("diet", diet["v"], f"The user is {diet['v']}"))
    return found


_INTRODUCED = re.compile(
    r"\b(?:my\s+(?:(?:first|full|real)\s+)?name(?:\s+is|'s|\s*:)(?:\s+actually)?|(?:please\s+|just\s+|"
    r"you\s+(?:can|may)\s+|everyone\s+|people\s+|friends\s+)call(?:s)?\s+me|^\W*call\s+me|\bcall\s+me(?!\s+(?:a|"
    r"an|back|when|if|later|at|on|tomorrow|in|under|crazy)\b)|i\s+go\s+by|i(?:'m|\s+am)\s+(?:called|named)|"
    r"^\W*name\s*(?:is|:))\s+[\"']?(?P<a>[^\W\d_][\w'-]*(?:[ ]+(?:(?:de|van|von|la|der|den|bin|al|di|da|"
    r"dos)[ ]+)?[A-ZÀ-Þ][\w'-]*){0,3})"
    r"|^\W*(?:(?:hi|hello|hey|good\s+\w+|greetings)(?:\s+there)?[\s,!.]+)?(?:this\s+is|it'?s|"
    r"here\s+is)\s+(?:(?:Dr|Mr|Mrs|Ms|"
    r"Prof)\b\.?\s+)?(?P<b>[A-ZÀ-Þ][\w'-]+(?:[ ]+[A-ZÀ-Þ][\w'-]+){0,2})(?=\s+(?:here|again|speaking|from)\b|"
    r"\s*[,.!]|\s*$)"
    r"|^\W*(?:(?:hi|hello|hey)[\s,!.]+)?(?P<c>[A-ZÀ-Þ][\w'-]+)\s+(?:here|speaking)\b"
    r"|^\W*(?:hi|hello|hey|good\s+\w+)?[\s,!.]*(?:i'?m|i\s+am)\s+(?P<d>[^\W\d_][\w'-]+)(?=\s*(?:[,.!]|$|"
    r"and\s+(?:i|my|we|want|would|need|live|am|have)\b|from\b))",
    re.I,
)


def introduced(sentence: str) -> str:
    """The name by which the user introduces themselves; "" where they do not."""
    for match in _INTRODUCED.finditer(sentence):
        plain = match["a"]
        if plain:
            value = named(plain)
            if value and is_name(value):
                return value
            continue
        value = match["b"] or match["c"] or match["d"]
        greeted = re.match(r"^\W*(?:hi|hello|hey|good\s+\w+)\b", sentence, re.I) is not None
        if is_name(value, lower=greeted and match["d"] is not None):
            return named(value)
    return ""


_ONLY_VALUE = re.compile(
    r"^\W*(?P<lead>(?:no|actually|sorry|i\s+meant?|correction|make\s+(?:it|that)|wait|oops|rather|it'?s|it\s+is|"
    r"that'?s|it\s+was)\b[\s,.:;]*)+"
    r"(?P<v>[^?]{1,60}?)[.!]*$",
    re.I,
)


def follow_up(context_told: Note | None, wondered: str, text: str) -> Note | None:
    """The note of an answer that gives only the value: of what the user just asked for, or in place of the last one."""
    match = _ONLY_VALUE.match(text)
    if not match or len(match["v"].split()) > 5 or re.match(r"(?:i|my|we|not|the\s+trip)\b", match["v"], re.I):
        return None
    value = match["v"].strip()
    if wondered and match["lead"].lower().startswith(("it", "that")):
        return note_of(f"The user's {wondered} is {value}")
    if context_told and context_told.value and context_told.value in context_told.text:
        return note_of(context_told.text.replace(context_told.value, value))
    return None


def merged(older: list[Note], newer: list[Note]) -> list[Note]:
    """Notes with later values in place of earlier ones on the same topic, and negated ones gone."""
    found = {n.topic: n for n in older}
    for note in newer:
        denied = _NO_ALLERGY.match(note.text)
        if denied:
            found.pop(f"allergy/{fold(denied['v'])}", None)
            continue
        found.pop(note.topic, None)
        found[note.topic] = note
    return list(found.values())
