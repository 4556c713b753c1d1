"""Word lists: stems, stop words, synonyms, and words that are never places."""

from __future__ import annotations

import re
from functools import lru_cache

from travel_tui.facts.text import fold

_SMALL = """
de del la le les sur am an der den upon on of the di do da dos das los las el al und y
"""
_NEVER_PLACES = """
a able about above across act after again against ago air all alone along already also always and another any anyone
anything anywhere appreciate are around arrange as ask at available back be because been before begin being believe
better between book booked booking bookings both bring business but buy by call came can cancel change check choose
city come coming confirm continue could couple cover date dates day days decide depart departing departure did
different discuss do doctor does doing done eat end ending enjoy enough error every everyone everything explain
explore extend family feel few find fine finish first fix flight flights fly flying follow for forget form found
friday friend friends from further get getting give go goes going gone good great had happen hard has have having he
hear hello help her here him his holiday home hotel hour hours how i if important improve in inform instead into is
it its just keep know last late later learn least leave leaving less let like little live long longer look lot love
made make making many may maybe me mean meet meeting mention mine modify monday month months more morning most move
much must my myself name need never new next night nights no none normal not note nothing now number of off office
ok okay old on once one ones only open or order other our out outside over own part pay people perhaps place plan
plane play please point possible postpone prefer present probably push put question rather reach read reading real
really receive reduce relax remember remind repeat reschedule reserve rest return returning right run said sail same
saturday save say saying school see seem sell send set she shift shop short should show since sit sleep so some
someone something sometime somewhere soon sort spend spring start starting stay staying still stop study such summer
sunday sure take talk tell than thank thanks that the their them then there these they thing things think this those
though three thursday ticket tickets till time to today together tomorrow too tour town train trains travel
traveling travelling trip trips try tuesday turn two under understand until up update us use used using vacation
very view visit wait walk want was watch way we wednesday week weekend weeks well were what whatever when where
whether which while who whole why will winter wish with within without work working would write wrong year years yes
yesterday yet you your yours yep yeah nope nah anyway dunno idk idea anytime clue care matter none skip stuff write
weather joke poem code python story song
"""
_STOPPED = """
best most least
whether currently exactly usually easily happens a about all also am an and any anything are as at be been being but
by can could did do does doing done ever for from get give given gave got had has have having he her here hers him
his how i if in into is it its just know let like made make may me mention mentioned might mine more my myself no
not now of on or our ours please recall remember remind said say saved see shall she should so some something still
stuff such tell than that the their them then there these they thing things think this those to told too us use user
very was we were what what's when where which who whom whose why will with would yes you your yours again already
about before earlier right ok okay hi hello hey thanks thank one ones s t m re ve ll d don didn doesn won isn wasn
aren haven hasn talk talked spoke discuss record noted note asked ask answer question happen called call name number
want wanted need whether actually currently exactly ever usually easily happen happens much many
"""

SMALL_WORDS = frozenset(_SMALL.split())

NO_PLACE = frozenset(_NEVER_PLACES.split())

FUNCTION_WORDS = frozenset(_STOPPED.split())
"""English words that carry no meaning of their own."""

_KIN = (
    "diet vegetarian vegan veggie pescatarian gluten kosher halal eat eats food meal meals meat dairy lactose "
    "dietary foods dish cuisine coeliac celiac",
    "allergy allergic allergies intolerant intolerance intolerances",
    "seat seats aisle window seating sit legroom",
    "home live lives living hometown reside based moved",
    "job work works working profession occupation employer career company employ boss",
    "phone telephone mobile cell cellphone",
    "email mail e-mail",
    "birthday born birth birthdate turns",
    "age old years",
    "partner spouse married | wife | husband | girlfriend | boyfriend | fiancee fiance",
    "budget spend cost price money afford expensive cheap max maximum",
    "child children kid kids | son | daughter | baby",
    "parent parents | mother mum mom | father dad",
    "sibling siblings | brother | sister",
    "pet pets animal | dog puppy | cat kitten | hamster | rabbit | parrot | horse",
    "hobby hobbies interest interests interested",
    "loyalty frequent flyer miles membership bonus",
    "disability wheelchair mobility crutches assistance accessible accessibility",
    "luggage baggage suitcase bag bags",
    "hotel hotels accommodation hostel room",
    "language languages speak speaks",
    "nationality citizen citizenship passport visa",
    "like likes love loves enjoy enjoys fond favourite favorite prefer prefers preference preferences rather",
    "dislike dislikes hate hates avoid avoids",
    "afraid fear fears scared terrified frightened phobia nervous",
    "trip trips travel journey booking reservation flight train ticket",
    "music band | jazz | rock | pop | classical | opera | techno | hip-hop | blues | metal | folk | reggae | "
    "bach | mozart",
    "colour color | blue | red | green | yellow | purple | orange | pink | black | white | turquoise",
    "sport sports | football | tennis | golf | ski skiing | swim swimming | run running | cycling | climbing | "
    "chess | hiking | surfing",
    "drink drinks beverage | tea | coffee | wine | beer | whisky | juice",
    "food cuisine dish eat | sushi | pizza | pasta | curry | italian | thai | indian | japanese | chocolate | "
    "cheese | fish | seafood",
    "instrument | piano | guitar | violin | cello | drums | flute",
)
_SHORTENED = re.compile(r"'(?:s|m|re|ve|ll|d|t)$")
_GROUPS: dict[str, set[str]] = {}


def stem(word: str) -> str:
    """Cut a word's ending of plural, tense or degree off."""
    word = word.removesuffix("'s").strip("'")
    for ending, least in (
        ("ies", 5),
        ("ing", 6),
        ("ers", 6),
        ("er", 6),
        ("ed", 5),
        ("es", 5),
        ("s", 4),
        ("ly", 6),
        ("e", 5),
        ("y", 5),
    ):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            cut = word[: -len(ending)]
            return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and ending in ("ing", "ed", "er", "ers") else cut
    return word


for _line in _KIN:
    # Words before the first bar are general terms for all the rest: a dog is a pet, but not a cat.
    _hub, *_members = [{stem(fold(w)) for w in part.split()} for part in _line.split("|")]
    for _kind in _members or [set()]:
        for _stem in _hub | _kind:
            _GROUPS.setdefault(_stem, set()).update(_kind if _stem in _kind else _hub.union(*_members))


def words(text: str) -> list[str]:
    """Return the words of a text, folded, in order."""
    return re.findall(r"[^\W_]+(?:'[^\W\d_]+)?", fold(text))


@lru_cache(maxsize=2048)
def content(text: str) -> frozenset[str]:
    """Return the stems of a text's words without stop words."""
    return frozenset(
        stem(w) for w in words(text) if w not in FUNCTION_WORDS and _SHORTENED.sub("", w) not in FUNCTION_WORDS
    )


def kin(word: str) -> set[str]:
    """Return a stem and those of related words."""
    return _GROUPS.get(word, set()) | {word}
