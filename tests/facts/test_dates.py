"""Days and lengths of time as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from travel_tui.facts import calendar
from travel_tui.facts.dates import find_dates
from travel_tui.facts.spans import find_spans

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2027-07-11", ["2027-07-11"]),
        ("2027/07/11", ["2027-07-11"]),
        ("July 11th 2027", ["2027-07-11"]),
        ("July 11, 2027", ["2027-07-11"]),
        ("the 11th of July 2027", ["2027-07-11"]),
        ("11.07.2027", ["2027-07-11"]),
        ("Sun, 11 Jul 2027", ["2027-07-11"]),
        ("5 to 12 April 2027", ["2027-04-05", "2027-04-12"]),
        ("April 5-12, 2027", ["2027-04-05", "2027-04-12"]),
        ("between the 5th and the 12th of April 2027", ["2027-04-05", "2027-04-12"]),
        ("the twenty-third of May 2027", ["2027-05-23"]),
        ("in two weeks", ["2026-12-07"]),
        ("tomorrow", ["2026-11-24"]),
        ("the day after tomorrow", ["2026-11-25"]),
        ("next month on the 5th", ["2026-12-05"]),
        ("1/20/2027", ["2027-01-20"]),
        ("20/1/2027", ["2027-01-20"]),
        ("9/14/2027-9/28/2027", ["2027-09-14", "2027-09-28"]),
        ("on the day after Christmas 2026", ["2026-12-26"]),
        ("in 2028, 4 to 9 May", ["2028-05-04", "2028-05-09"]),
    ],
)
def test_a_day_said_plainly_is_sure(text: str, days: list[str]) -> None:
    found = find_dates(f"I leave {text}, please", TODAY)
    assert [d.value.isoformat() for d in found if d.value] == days
    assert all(d.sure for d in found)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("11 July", "2027-07-11"),
        ("Dec 30", "2026-12-30"),
        ("next Friday", "2026-11-27"),
        ("a week from Monday", "2026-12-07"),
        ("over the weekend", "2026-11-28"),
        ("the 5th", "2026-12-05"),
        ("Christmas Eve", "2026-12-24"),
        ("3/4/2027", "2027-03-04"),
    ],
)
def test_a_day_that_had_to_be_guessed_is_not_sure(text: str, day: str) -> None:
    (found,) = find_dates(text, TODAY)
    assert found.value
    assert found.value.isoformat() == day
    assert not found.sure


def test_an_order_that_could_be_the_other_way_round_says_so() -> None:
    (found,) = find_dates("3/4/2027", TODAY)
    assert found.other == date(2027, 4, 3)


@pytest.mark.parametrize("text", ["2027-02-30", "Feb 30 2027", "31 April 2027", "31.06.2027", "2027-13-01"])
def test_a_day_that_no_calendar_has_is_found_and_does_not_exist(text: str) -> None:
    (found,) = find_dates(text, TODAY)
    assert not found.exists
    assert found.value is None


@pytest.mark.parametrize(
    "text",
    ["I may go", "we march on", "the first one", "booking 9f0b135c", "+41 44 123 45 67", "at 10:30", "1,200 euros", ""],
)
def test_what_is_no_day_is_not_taken_for_one(text: str) -> None:
    assert find_dates(text, TODAY) == []


def test_a_month_alone_names_no_day() -> None:
    (found,) = find_dates("sometime in July", TODAY)
    assert (found.kind, found.month, found.value) == ("month", 7, None)


@pytest.mark.parametrize(
    ("text", "days", "sense"),
    [
        ("staying five nights", 5, "stay"),
        ("for a week", 7, "stay"),
        ("a couple of days", 2, "stay"),
        ("a fortnight", 14, "stay"),
        ("two days later", 2, "later"),
        ("the next day", 1, "later"),
        ("one day earlier", 1, "earlier"),
        ("an extra day", 1, "longer"),
        ("two more nights", 2, "longer"),
        ("two days longer", 2, "longer"),
        ("one night less", 1, "shorter"),
    ],
)
def test_lengths_of_time(text: str, days: int, sense: str) -> None:
    (found,) = find_spans(text)
    assert (found.days, found.sense) == (days, sense)


@given(
    st.dates(date(2000, 1, 1), date(2150, 12, 31)),
    st.sampled_from(["{d} {m} {y}", "{m} {d}, {y}", "the {d} of {m} {y}", "{iso}"]),
)
@settings(max_examples=60)
def test_any_day_is_read_back_from_how_it_is_written(day: date, form: str) -> None:
    text = form.format(d=day.day, m=calendar.MONTHS[day.month - 1], y=day.year, iso=day.isoformat())
    assert [d.value for d in find_dates(f"on {text} then", TODAY)] == [day]


@given(st.text(max_size=200), st.dates())
@settings(max_examples=100)
def test_any_text_is_read_without_error_and_offsets_hold(text: str, today: date) -> None:
    at = 0
    for mention in find_dates(text, today):
        assert at <= mention.start < mention.end <= len(text)
        at = mention.end
    for span in find_spans(text):
        assert text[span.start : span.end]


@given(st.dates(), st.integers(1, 31))
@settings(max_examples=60)
def test_the_nearest_day_number_has_that_number(near: date, number: int) -> None:
    found = calendar.nearest_day_number(near, number)
    assert found is None or found.day == number
