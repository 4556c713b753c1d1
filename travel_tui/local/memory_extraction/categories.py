"""Categories of preferences, from the words in them."""

from __future__ import annotations

from travel_tui.local.scripted_agent.words import FUNCTION_WORDS, stem, words

_MAX_CATEGORIES = 3
_WORDS = {
    "food": "food eat eats meal breakfast lunch dinner restaurant cuisine dish cook cooking vegetarian vegan "
    "gluten dairy nuts "
    "mushroom garlic spicy sugar salt dessert sushi pizza pasta curry chocolate cheese fruit vegetable meat fish "
    "bread snack",
    "dietary": "allergic allergy intolerant vegetarian vegan gluten lactose halal kosher diet diabetic pescatarian",
    "drinks": "coffee tea wine beer juice water drink drinks whisky cocktail espresso",
    "travel": "travel trip flight fly train seat aisle window hotel airport journey airline luggage vacation "
    "holiday beach",
    "seating": "seat aisle window legroom row",
    "music": "music jazz rock pop classical opera concert band song piano guitar cello violin album playlist techno",
    "reading": "book books novel read reading fiction author magazine poetry newspaper",
    "film": "film films movie movies series cinema documentary horror comedy actor",
    "sports": "sport sports run running marathon tennis football golf ski skiing swim swimming cycling bike "
    "climbing hiking yoga "
    "gym workout training basketball",
    "health": "health doctor sleep medicine pain exercise stress therapy diet weight vitamin allergy",
    "technology": "software python java code coding editor vim emacs database server cloud linux mac windows app "
    "laptop phone "
    "dark mode keyboard api framework programming deploy postgres",
    "communication": "email call phone message answer answers reply chat meeting language notify contact slack "
    "text french german "
    "english formal short concise",
    "work": "work job office meeting manager team project deadline client remote company report",
    "financial": "pay payment invoice card money budget price cost bank bill credit debit cheap expensive invest "
    "savings stocks",
    "shopping": "buy shop shopping brand clothes shoes store order delivery size",
    "home": "house apartment garden kitchen room furniture plants balcony",
    "pets": "dog dogs cat cats pet pets puppy kitten horse",
    "family": "family wife husband son daughter mother father sister brother children kids partner",
    "schedule": "morning evening afternoon night weekday weekend monday tuesday wednesday thursday friday "
    "saturday sunday am pm early late",
    "appearance": "color colour style design font theme dark light blue red green",
    "learning": "learn learning study course lesson class tutorial exam school university language",
    "games": "game games chess video console puzzle board",
    "art": "art painting museum gallery photography drawing pottery theatre theater dance",
    "nature": "nature forest mountain mountains sea lake animals birds weather",
}
_BY_STEM: dict[str, list[str]] = {}
for _category, _listed in _WORDS.items():
    for _word in _listed.split():
        _BY_STEM.setdefault(stem(_word), []).append(_category)


def categories(text: str) -> list[str]:
    """Return up to three categories of a text, the most frequent first; never an empty list."""
    counts: dict[str, int] = {}
    for word in words(text):
        for category in _BY_STEM.get(stem(word), ()):
            counts[category] = counts.get(category, 0) + 1
    ranked = sorted(counts, key=lambda category: -counts[category])[:_MAX_CATEGORIES]
    if ranked:
        return ranked
    named = [word for word in words(text) if word not in FUNCTION_WORDS and len(word) > 3]
    return [named[-1]] if named else ["general"]
