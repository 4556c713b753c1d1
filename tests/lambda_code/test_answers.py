"""What the Lambda answers to what comes in, with no store."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.lambda_code.conftest import Handler, event, told, trip


def test_a_trip_is_booked_and_all_that_was_said_is_confirmed(handler: Handler) -> None:
    answer = handler(trip(), None)
    body, state = told(answer)
    assert state is None
    for part in ("Boston", "NYC", "2027-07-11", "2027-07-22", "AIR"):
        assert part in body
    assert re.search(r"\bbooking_id: [0-9a-f]{8}$", body)
    assert answer["response"]["actionGroup"] == "BookingManagerActionGroup"
    assert answer["response"]["function"] == "book_trip"
    assert answer["sessionAttributes"] == {"userId": "anna"}
    assert answer["promptSessionAttributes"] == {"channel": "terminal"}


def test_without_a_store_changes_are_confirmed_unseen(handler: Handler) -> None:
    moved = event(
        "update_existing_trip_dates", booking_id="9F0B135C", new_start_date="2027-07-11", new_end_date="2027-07-23"
    )
    body, state = told(handler(moved, None))
    assert (state, "9f0b135c" in body, "2027-07-23" in body) == (None, True, True)
    body, state = told(handler(event("delete_existing_trip_reservation", booking_id="9f0b135c"), None))
    assert (state, "9f0b135c" in body) == (None, True)


def test_without_a_table_boto3_is_not_imported(handler: Handler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert told(handler(trip(), None))[1] is None


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"origin": None}, "origin is missing.*which city the trip starts from"),
        ({"origin": ""}, "origin is empty"),
        ({"destination": "   "}, "destination is empty"),
        ({"destination": "<UNKNOWN>"}, "destination is empty"),
        ({"origin": 7}, "origin must be text"),
        ({"origin": ["Boston"]}, "origin must be text"),
        ({"origin": "02118"}, "not the name of a city"),
        ({"origin": "Bos\x00ton"}, "not the name of a city"),
        ({"origin": "B" * 1_000_000}, "not the name of a city"),
        ({"origin": "\ud800oston"}, "not the name of a city"),
        ({"start_date": "July 11th 2027"}, "start_date.*YYYY-MM-DD"),
        ({"start_date": "2027-7-11"}, "start_date.*YYYY-MM-DD"),
        ({"start_date": "２０２７-07-11"}, "start_date.*YYYY-MM-DD"),
        ({"start_date": "2027-02-29"}, "2027-02-29, a day that the calendar does not have"),
        ({"end_date": "0000-01-01"}, "calendar does not have"),
        ({"end_date": "2027-07-10"}, "end on 2027-07-10, before it starts on 2027-07-11"),
        ({"destination": "  BÓSTON "}, "both"),
        ({"transportation_mode": "BUS"}, "only TRAIN and AIR"),
        ({"hotel": "Plaza"}, 'no parameter "hotel"'),
    ],
)
def test_what_will_not_do_is_asked_for(handler: Handler, changes: dict[str, object], wanted: str) -> None:
    body, state = told(handler(trip(**changes), None))
    assert state == "REPROMPT"
    assert re.search(wanted, body)
    assert len(body) < 600


def test_all_problems_are_told_at_once(handler: Handler) -> None:
    body, state = told(handler(event("book_trip", origin="Boston", transportation_mode="car"), None))
    assert state == "REPROMPT"
    assert all(name in body for name in ("destination", "start_date", "end_date", "TRAIN"))
    assert "origin" not in body


@pytest.mark.parametrize("booking_id", ["", "9f0b135", "9f0b135cc", "9f0b135g", 9, None])
def test_a_booking_id_is_eight_hexadecimal_digits(handler: Handler, booking_id: object) -> None:
    body, state = told(handler(event("delete_existing_trip_reservation", booking_id=booking_id), None))
    assert state == "REPROMPT"
    assert "booking id" in body


def test_a_parameter_that_comes_twice_has_to_agree_with_itself(handler: Handler) -> None:
    twice = trip()
    twice["parameters"].append({"name": "origin", "type": "string", "value": "Boston"})
    assert told(handler(twice, None))[1] is None
    twice["parameters"].append({"name": "origin", "type": "string", "value": "Denver"})
    body, state = told(handler(twice, None))
    assert state == "REPROMPT"
    assert "origin came twice" in body


def test_values_that_are_well_meant_are_taken(handler: Handler) -> None:
    body, state = told(
        handler(
            trip(origin=" São\n Paulo ", transportation_mode="train", end_date="2027-07-11", start_date="1999-07-11"),
            None,
        )
    )
    assert state is None
    assert "São Paulo to NYC, 1999-07-11 to 2027-07-11, by TRAIN" in body


@pytest.mark.parametrize("name", ["cancel_everything", "", "f" * 1_000_000])
def test_an_unknown_function_is_a_failure_that_names_the_known_ones(handler: Handler, name: str) -> None:
    body, state = told(handler(event(name), None))
    assert state == "FAILURE"
    assert "book_trip" in body
    assert len(body) < 300


def test_ids_are_strings_of_hexadecimal_digits_that_differ(handler: Handler) -> None:
    ids = [told(handler(trip(), None))[0][-8:] for _ in range(50)]
    assert len(set(ids)) == 50
    assert all(re.fullmatch(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{8}", made) for made in ids)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "origin",
        "destination",
        "start_date",
        "end_date",
        "transportation_mode",
        "booking_id",
        "new_start_date",
        "new_end_date",
    ]
)
VALUES = st.sampled_from(["Boston", "NYC", "2027-07-11", "2027-07-10", "AIR", "9f0b135c", ""]) | JSON
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "function": st.sampled_from(["book_trip", "update_existing_trip_dates", "delete_existing_trip_reservation"])
        | JSON,
        "actionGroup": JSON,
        "parameters": st.lists(st.fixed_dictionaries({"name": NAMES | JSON, "value": VALUES}) | JSON, max_size=6)
        | JSON,
        "sessionAttributes": JSON,
        "promptSessionAttributes": JSON,
    },
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(EVENTS | JSON)
def test_whatever_comes_in_an_answer_goes_out(handler: Handler, given_event: Any) -> None:
    told(handler(given_event, None))
