"""Classify sentences about the user by topic: name, home, diet, seat, or anything else."""

from __future__ import annotations

import re

from travel_tui.facts.names import is_name, named
from travel_tui.facts.text import fold
from travel_tui.local.scripted_agent import modes, speech_acts
from travel_tui.local.scripted_agent.pronouns import QUOTED
from travel_tui.local.scripted_agent.state import Note
from travel_tui.local.scripted_agent.words import words

DIETS = (
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
            r"is moving)(?: house| home| away)?(?: from [^,.]+?)? to (?P<v>[^,.;]+?)(?: (?:last|this|in \d{4}|"
            r"recently|"
            r"now|two|a|from|now|since|with|for)\b.*)?$",
            "The user lives in {v}",
        ),
        (
            "home",
            r"^The user(?:'s party)?(?: now| currently| actually| still)* (?:lives?|resides?|is based|is living|"
            r"are based)(?: now| currently)?(?: in| at) (?P<v>[^,.;]+?)(?: (?:now|these days|currently|at the moment|"
            r"as of|with|since|for)\b.*)?$",
            "The user lives in {v}",
        ),
        (
            "home",
            r"^The user's (?:new )?(?:home ?town|home(?: city)?|city|residence) is(?: now)?(?: in)? "
            r"(?P<v>[^,.;]+?)(?: now)?$",
            "The user lives in {v}",
        ),
        (
            "diet",
            rf"^The user is (?:now |also |actually |still |no longer \w+ but )*(?:(?:a|an) )?(?:(?:strict|lifelong|"
            rf"committed|practising|proud|very strict) )?(?P<v>{DIETS})(?: now| these days| anyway)?(?:,? not (?:a |"
            rf"an )?\w+)?(?: any ?more)?$",
            "The user is {v}",
        ),
        ("diet", r"^The user needs (?P<v>[\w-]+) food$", "The user needs {v} food"),
        (
            "diet",
            rf"^The user (?:became|turned|went|has become|has gone|has turned|switched to being|eats(?: only|"
            rf" strictly)?) (?:(?:a|an) )?(?P<v>{DIETS})(?:\b.*)?$",
            "The user is {v}",
        ),
        (
            "diet",
            rf"^The user (?:is not|isn't|is no longer) (?:(?:a|an) )?(?P<v>{DIETS})(?: any ?more)?(?:\b.*)?$",
            "-",
        ),
        (
            "seat",
            r"^The user(?: always| usually| really| now| generally)* (?:prefers?|likes?|wants?|would prefer|"
            r"would like|"
            r"takes|sits in|chooses|needs?|loves?)(?: to (?:sit|have|be)(?: in| at| by| on)?| sitting (?:in|at|by|"
            r"on))? ?(?:the |an? )?(?P<v>(?:window|aisle|middle|front|back|exit[- ]row)(?: seats?)?)(?: (?:now|"
            r"instead|"
            r"please|on .*|when .*|over .*|rather .*|to .*|in .*|at .*|best|most|the most|more|very much))?$",
            "The user prefers {v}",
        ),
        (
            "party",
            r"^The user's party is (?:now |only |actually )*(?P<v>(?:\d+|two|three|four|five|six|seven|eight|"
            r"nine|ten)(?: \w+)?)"
            r"(?: now| actually| altogether| in total| travelling)*$",
            "The user's party is {v}",
        ),
        (
            "departure",
            r"^The user(?: always| usually| normally| generally| typically| mostly| only| now)+ (?:travels?|"
            r"flies|leaves|"
            r"departs|starts|goes)(?: by \w+)? (?:from|out of) (?P<v>[^,.;]+)$",
            "The user always travels from {v}",
        ),
        (
            "departure",
            r"^The user's (?:home |local |nearest |usual |closest |departure |preferred )+(?:airport|"
            r"station) is (?P<v>[^,.;]+)$",
            "The user always travels from {v}",
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
            rf"^The user is (?:now )?(?:an? )?(?P<v>(?:[\w-]+ ){{0,2}}?{_JOBS}(?: (?:at|for|in|from|by) .+)?)$",
            "",
        ),
        ("from", r"^The user (?:is|comes|hails)(?: originally)? from (?P<v>[^,.;]+)$", "The user is from {v}"),
        ("company", r"^The user (?:now )?works (?:for|at) (?P<v>.+)$", ""),
    )
)
_NO_FACT = re.compile(
    r"^The user (?:does|did|is|would|will|has|can|wants)$|"
    r"^The user (?:meant?|means|said(?!:)|is (?:quite |very |not |absolutely |so )*(?:bored|tired|hungry|busy|"
    r"curious|confused|happy|excited|lost|late|sure|certain|positive|"
    r"sorry|ready|"
    r"done|back|ok|okay|"
    r"fine|wondering|asking|thinking)|says|agrees|confirms|sees|understands|can't make|won't)\b.{0,60}$",
    re.I,
)
_ALLERGY = re.compile(
    r"^The user is(?: not| no longer| also| very| severely| highly| extremely| deathly| quite)* allergic to (?P<v>.+?)"
    r"(?: any ?more)?$",
    re.I,
)
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
_MODE_HABIT = re.compile(
    r"^The user(?:'s party)? (?:(?:always|usually|normally|generally|only|really|much|strongly|now|typically|"
    r"mostly) )*"
    r"(?:prefers?|likes?|loves?)(?: to)?(?: only)?(?: travel| go| take| travelling| traveling| going|"
    r" taking)?(?: by| the| on)?"
    r"(?: only)? (?:trains?|rail|planes?|air|fly|flying|flights?)\b|"
    r"^The user(?:'s party)? (?:(?:always|usually|normally|generally|only|mostly|typically) )+(?:flies|takes?|"
    r"travels?|goes)\b",
    re.I,
)
_PREFERS = re.compile(
    r"^The user(?: always| usually| really| now| generally)* (?:prefers|would rather(?: have)?|"
    r"would prefer) (?P<v>.+)$",
    re.I,
)


def note_of(sentence: str) -> Note | None:
    """Build a note from a third-person sentence about the user; None where it states no fact."""
    text = " ".join(sentence.split()).strip().rstrip(".!")
    if len(words(text)) < 3 or speech_acts.is_attack(text) or _NO_FACT.match(text):
        return None
    called = _CALLED.match(text)
    if called:
        value = named(called["v"])
        return Note("name", value, f"The user's name is {value}") if value else None
    for topic, pattern, form in _KNOWN:
        match = pattern.match(text)
        if match:
            value = match["v"].strip(" .,!\"'")
            if topic == "seat" and " " not in value:
                value += " seats"
            return Note(topic, "", text) if form == "-" else Note(topic, value, form.format(v=value) or text)
    mode = modes.chosen(text) if _MODE_HABIT.match(text) else None
    never = re.match(r"The user never (?:flies|takes|travels by|goes by|uses)\b(?: (?:the |an? )?(train|plane))?", text)
    if never and (never[1] or "flies" in never.group()):
        mode = "AIR" if never[1] == "train" else "TRAIN"
    if mode in ("TRAIN", "AIR"):
        return Note("mode", mode, text)
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
