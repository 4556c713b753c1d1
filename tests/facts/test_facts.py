"""Numbers, ids, names, amounts, and all facts of a text together."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from travel_tui.facts import find
from travel_tui.facts.amounts import find_amounts
from travel_tui.facts.ids import find_ids
from travel_tui.facts.names import find_names, is_name
from travel_tui.facts.numbers import find_numbers, to_int
from travel_tui.facts.text import even, fold, sentences

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "value"),
    [("five", 5), ("twenty-one", 21), ("23rd", 23), ("thirty first", 31), ("12", 12), ("a", 1), ("many", None)],
)
def test_a_number_in_digits_or_words(text: str, value: int | None) -> None:
    assert to_int(text) == value


def test_numbers_in_a_text() -> None:
    assert [(n.value, n.ordinal) for n in find_numbers("two adults on the second of 10 floors")] == [
        (2, False),
        (2, True),
        (10, False),
    ]


def test_ids_are_hexadecimal_and_no_dates() -> None:
    text = "9f0b135c and 9F0B135D, not 20270711, not deadbeef, not 12-9f0b135c"
    assert [i.value for i in find_ids(text)] == ["9f0b135c", "9f0b135d"]


@pytest.mark.parametrize("name", ["Anna", "Jean-Luc", "O'Brien", "Ada Lovelace", "Ludwig van Beethoven", "Zoë"])
def test_names_of_people(name: str) -> None:
    assert is_name(name)
    assert next(n.value for n in find_names(f"Hello, my name is {name}.")) in name


@pytest.mark.parametrize("text", ["vegetarian", "Vegetarian", "from", "Monday", "going", "42", ""])
def test_what_is_no_name(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("900 euros", 900, "euros"),
        ("€1,200.50", 1200.5, "€"),
        ("1.200 EUR", 1200, "eur"),
        ("$2k", 2000, "$"),
        ("three nights", 3, "nights"),
    ],
)
def test_amounts(text: str, value: float, unit: str) -> None:
    (found,) = find_amounts(f"about {text} in all")
    assert (found.value, found.unit) == (value, unit)


def test_all_facts_of_an_answer_in_order() -> None:
    text = "Done, Anna! Boston to New York on **11 July 2027** for 900 euros, booking id `9f0b135c`."
    assert [(f.kind, f.value) for f in find(text, TODAY)] == [
        ("name", "Anna"),
        ("place", "Boston"),
        ("place", "New York"),
        ("date", "2027-07-11"),
        ("amount", "900 euros"),
        ("id", "9f0b135c"),
    ]


@given(st.text(max_size=300))
@settings(max_examples=80)
def test_facts_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    at = 0
    for fact in find(text, TODAY):
        assert at <= fact.start < fact.end <= len(text)
        assert text[fact.start : fact.end] == fact.text or fact.kind == "date"
        at = fact.end


@given(st.text(max_size=300))
@settings(max_examples=80)
def test_evening_keeps_the_length(text: str) -> None:
    assert len(even(text)) == len(text)


def test_sentences_end_where_people_end_them() -> None:
    text = "I live in St. Gallen. On 11.07.2027 I go! Dr. No, at 5 p.m. sharp? yes"
    assert [text[a:b] for a, b in sentences(text)] == [
        "I live in St. Gallen.",
        "On 11.07.2027 I go!",
        "Dr. No, at 5 p.m. sharp?",
        "yes",
    ]


def test_folding_takes_accents_and_case_away() -> None:
    assert fold("Zürich ÉCOLE") == "zurich ecole"
