"""The action group of the travel agent: books trips by train or by air, changes their dates, cancels them.

The event and the answer are those of an action group with a function schema. Whatever comes in, an answer goes
out: what the user has to be asked for is REPROMPT, what the agent cannot mend is FAILURE, and nothing raises.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from bookings import Booking, open_store, store_with_new_id
from errors import AskUserError, FailedError
from parameters import Parameters, shown

REPROMPT, FAILURE = "REPROMPT", "FAILURE"


def lambda_handler(event: object, context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda passes both
    """Answer one call of an action group's function."""
    call: dict[str, Any] = event if isinstance(event, dict) else {}
    function = _text(call, "function")
    body, state = "", None
    try:
        if function not in _FUNCTIONS:
            raise FailedError(f"There is no function {shown(function)}. The functions are {', '.join(_FUNCTIONS)}.")
        body = _FUNCTIONS[function](call.get("parameters"))
    except AskUserError as error:
        body, state = str(error), REPROMPT
    except FailedError as error:
        print(f"[ERROR] {shown(function)}: {error}", file=sys.stderr)  # noqa: T201 - its output is its log
        body, state = str(error), FAILURE
    response: dict[str, Any] = {"responseBody": {"TEXT": {"body": body}}}
    if state:
        response["responseState"] = state
    return {
        "messageVersion": "1.0",
        "response": {
            "actionGroup": _text(call, "actionGroup"),
            "function": function,
            "functionResponse": response,
        },
        "sessionAttributes": _attributes(call, "sessionAttributes"),
        "promptSessionAttributes": _attributes(call, "promptSessionAttributes"),
    }


def book_trip(given: object) -> str:
    """Book a trip; the answer names its booking_id."""
    names = ("origin", "destination", "start_date", "end_date", "transportation_mode")
    asked = Parameters("book_trip", given, names)
    origin, destination = asked.city("origin"), asked.city("destination")
    start, end = asked.day("start_date"), asked.day("end_date")
    mode = asked.mode("transportation_mode")
    asked.apart(origin, destination)
    asked.in_order(start, end)
    asked.check()
    booking = store_with_new_id(open_store(), Booking("", origin, destination, start, end, mode))
    return f"Booked: {booking}. booking_id: {booking.booking_id}"


def update_existing_trip_dates(given: object) -> str:
    """Set new dates for a trip that is booked."""
    asked = Parameters("update_existing_trip_dates", given, ("booking_id", "new_start_date", "new_end_date"))
    booking_id = asked.booking_id("booking_id")
    start, end = asked.day("new_start_date"), asked.day("new_end_date")
    asked.in_order(start, end)
    asked.check()
    booking = open_store().change(booking_id, start, end)
    return f"Changed: booking {booking_id} is now {booking}."


def delete_existing_trip_reservation(given: object) -> str:
    """Cancel a trip that is booked."""
    asked = Parameters("delete_existing_trip_reservation", given, ("booking_id",))
    booking_id = asked.booking_id("booking_id")
    asked.check()
    booking = open_store().cancel(booking_id)
    about = f" ({booking})" if str(booking) else ""
    return f"Cancelled: booking {booking_id}{about}."


_FUNCTIONS: dict[str, Callable[[object], str]] = {
    run.__name__: run for run in (book_trip, update_existing_trip_dates, delete_existing_trip_reservation)
}


def _text(event: dict[str, Any], key: str) -> str:
    value = event.get(key)
    return value if isinstance(value, str) else ""


def _attributes(event: dict[str, Any], key: str) -> dict[str, Any]:
    value = event.get(key)
    return value if isinstance(value, dict) else {}
