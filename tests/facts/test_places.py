"""Places: what is found in a sentence, where, and that the table holds together."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from travel_tui.facts.places import cities, find_places, lookup, same_city


def found(text: str) -> list[tuple[str, str]]:
    return [(mention.text, mention.city.name) for mention in find_places(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("book a trip from Boston to NYC", [("Boston", "Boston"), ("NYC", "New York")]),
        ("st petersburg", [("st petersburg", "Saint Petersburg")]),
        ("to St. Petersburg", [("St. Petersburg", "Saint Petersburg")]),
        ("são paulo to SAO PAULO", [("são paulo", "São Paulo"), ("SAO PAULO", "São Paulo")]),
        ("Sa\u0303o Paulo", [("Sa\u0303o Paulo", "São Paulo")]),
        ("Washington, D.C. to L.A.", [("Washington, D.C.", "Washington"), ("L.A.", "Los Angeles")]),
        ("new york city, then washington dc", [("new york city", "New York"), ("washington dc", "Washington")]),
        ("Xi'an, Xi’an, xian", [("Xi'an", "Xi'an"), ("Xi’an", "Xi'an"), ("xian", "Xi'an")]),
        ("Stratford upon Avon", [("Stratford upon Avon", "Stratford-upon-Avon")]),
        ("Muenchen nach KÖLN", [("Muenchen", "Munich"), ("KÖLN", "Cologne")]),
        ("Straßburg und GIESSEN", [("Straßburg", "Strasbourg"), ("GIESSEN", "Gießen")]),
        ("\ufb01renze to İSTANBUL", [("\ufb01renze", "Florence"), ("İSTANBUL", "Istanbul")]),
        ("Łódź lodz", [("Łódź", "Łódź"), ("lodz", "Łódź")]),
        ("I like York. New York too", [("York", "York"), ("New York", "New York")]),
        ("Boston’s weather", [("Boston", "Boston")]),
        ("Rochester, New York", [("Rochester, New York", "Rochester")]),
        ("portland maine", [("portland maine", "Portland, Maine")]),
        ("Frankfurt (Oder)", [("Frankfurt (Oder)", "Frankfurt (Oder)")]),
        ("Boston (BOS) to New York JFK", [("Boston", "Boston"), ("New York", "New York")]),
        ("Bombay→Saigon", [("Bombay", "Mumbai"), ("Saigon", "Ho Chi Minh City")]),
    ],
)  # fmt: skip
def test_a_city_is_found_under_its_names_as_people_write_them(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected
    assert all(mention.certain for mention in find_places(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BOS to JFK", [("BOS", True), ("JFK", True)]),
        ("bos to jfk", [("bos", True), ("jfk", True)]),
        ("SEA TO DEN", [("SEA", False), ("DEN", False)]),
        ("Fly me from SEA to DEN", [("SEA", True), ("DEN", True)]),
        ("sea to den 5 april", [("sea", False), ("den", False)]),
        ("la to sf on friday", [("la", False), ("sf", False)]),
        ("bom to del", [("bom", True), ("del", False)]),
        ("I have an MBA", [("MBA", False)]),
        ("my name is Florence and I live in Austin", [("Florence", False), ("Austin", True)]),
        ("I’m Sydney, this is my wife Charlotte", [("Sydney", False), ("Charlotte", False)]),
        ("Paris, please, not Nancy", [("Paris", True), ("Nancy", False)]),
        ("Nice to meet you", [("Nice", False)]),
        ("I am reading on my mobile", [("reading", False), ("mobile", False)]),
        ("from Nizza", [("Nizza", True)]),
    ],
)
def test_doubt_is_told_where_a_name_is_a_word_as_well(text: str, expected: list[tuple[str, bool]]) -> None:
    assert [(mention.text, mention.certain) for mention in find_places(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Can I see the sea view? My son had a tan, was it? Per person, pls.",
        "Mia, Pat and Den are with me",
        "l a d",
        "I CAN GO",
        "",
        "going to la roche",
        "Costa del Sol",
        "David, Mary and George",
    ],
)
def test_ordinary_words_are_no_airports(text: str) -> None:
    assert found(text) == []


def test_given_names_are_marked() -> None:
    names = ("Florence", "Paris", "Sydney", "Charlotte", "Austin", "Victoria")
    assert all(city and city.person for city in map(lookup, names))
    assert [mention.city.person for mention in find_places("Boston and Florence")] == [False, True]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("NYC", "New York", True),
        ("JFK", "nyc", True),
        ("Genève", "GENEVA", True),
        ("st. louis", "Saint Louis", True),
        ("Kiev", "Kyiv", True),
        ("Boston", "Austin", False),
        ("Boston", "Atlantis", False),
        ("atlantis", "Atlántis", True),
        ("Portland", "Portland, Maine", False),
        ("", "", False),
    ],
)
def test_two_names_are_the_same_city_or_not(one: str, other: str, same: bool) -> None:
    assert same_city(one, other) is same
    assert same_city(other, one) is same


def test_a_long_text_is_read_in_one_go() -> None:
    text = "Saint New Los San Boston " * 20_000
    assert len(find_places(text)) == 20_000


def test_the_table_is_large_and_has_no_name_or_code_of_two_cities() -> None:
    table = cities()
    assert len(table) >= 1500
    assert len({city.country for city in table}) >= 195
    codes = [code for city in table for code in city.codes]
    assert len(codes) == len(set(codes))
    assert [code for code in codes if not re.fullmatch("[A-Z]{3}", code)] == []
    names = [(name, city) for city in table for name in (city.name, *city.aliases)]
    assert [(name, city.name) for name, city in names if lookup(name) is not city] == []
    assert [name for name, _ in names if name != unicodedata.normalize("NFC", name).strip()] == []


def test_a_code_that_spells_another_city_means_that_city() -> None:
    other = {code for city in cities() for code in city.codes if lookup(code) is not city}
    assert other == {"LEH", "GOA", "KOS", "HOF", "ISE"}


PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["Saint", "St.", "New York", "são paulo", "JFK", "sea", "L.A.", "Xi'an", "ß", "\ufb01renze", ", ", "-", " ("]
    ),
)


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_offsets_cut_the_mention_out_of_any_text(text: str) -> None:
    end = 0
    for mention in find_places(text):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        assert lookup(mention.text) is mention.city
        end = mention.end


@settings(max_examples=100)
@given(st.text(), st.text())
def test_comparing_any_texts_is_symmetric(one: str, other: str) -> None:
    assert same_city(one, other) == same_city(other, one)


@given(st.sampled_from(cities()), st.sampled_from(["{}", "from {} to", "({})", "to {}, please", "“{}”"]))
def test_every_name_of_the_table_is_found_in_a_sentence(city: object, frame: str) -> None:
    name = city.name  # type: ignore[attr-defined]
    assert [mention.city for mention in find_places(frame.format(name))] == [city]
