"""Bookings that are kept: the same behaviour from SQLite and from DynamoDB, and what happens when they fail."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.lambda_code.conftest import Handler, event, told, trip

Load = Callable[[], Handler]
Reply = tuple[int, dict[str, Any]] | None
DAY_S = 86_400


def make_table() -> Any:
    table = boto3.client("dynamodb")
    table.create_table(
        TableName="bookings",
        KeySchema=[{"AttributeName": "booking_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "booking_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return table


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("BOOKINGS_TABLE", "bookings")
    with mock_aws():
        yield make_table()


@pytest.fixture
def sqlite(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "bookings.sqlite"
    monkeypatch.setenv("BOOKINGS_DB", str(path))
    return path


@pytest.fixture(params=["sqlite", "dynamodb"])
def store(request: pytest.FixtureRequest) -> object:
    return request.getfixturevalue(request.param)


def book(handler: Handler, **changes: object) -> str:
    body, state = told(handler(trip(**changes), None))
    assert state is None
    return body[-8:]


def change(handler: Handler, booking_id: str, start: str, end: str) -> tuple[str, str | None]:
    moved = event("update_existing_trip_dates", booking_id=booking_id, new_start_date=start, new_end_date=end)
    return told(handler(moved, None))


def cancel(handler: Handler, booking_id: str) -> tuple[str, str | None]:
    return told(handler(event("delete_existing_trip_reservation", booking_id=booking_id), None))


@pytest.mark.usefixtures("store")
def test_a_booking_lives_in_the_store_from_booking_to_cancelling(load: Load) -> None:
    made = book(load())
    body, state = change(load(), made, "2027-07-11", "2027-07-23")
    assert state is None
    assert f"booking {made} is now Boston to NYC, 2027-07-11 to 2027-07-23, by AIR" in body
    body, state = cancel(load(), made)
    assert state is None
    assert "Boston to NYC, 2027-07-11 to 2027-07-23" in body
    for again in (cancel(load(), made), change(load(), made, "2027-08-01", "2027-08-02")):
        assert again[1] == "REPROMPT"
        assert f"Booking {made} (Boston to NYC" in again[0]
        assert "cancelled already" in again[0]


@pytest.mark.usefixtures("store")
def test_an_unknown_booking_is_refused_in_words_for_the_user(handler: Handler) -> None:
    for body, state in (cancel(handler, "9f0b135c"), change(handler, "9f0b135c", "2027-07-11", "2027-07-23")):
        assert state == "REPROMPT"
        assert body == "There is no booking 9f0b135c. Ask the user to check the booking id."


@pytest.mark.usefixtures("store")
def test_seeded_ids_are_the_same_every_time_and_never_given_twice(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKINGS_SEED", "7")
    first = [book(load()) for _ in range(4)]
    warm = load()
    ids = first + [book(warm) for _ in range(4)]
    assert len(set(ids)) == 8
    monkeypatch.delenv("BOOKINGS_TABLE", raising=False)
    monkeypatch.delenv("BOOKINGS_DB", raising=False)
    without_store = load()
    assert [book(without_store) for _ in range(8)] == ids


def test_an_item_expires_so_many_days_after_its_last_change(
    dynamodb: Any, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    lasting = book(load())
    monkeypatch.setenv("BOOKINGS_TTL_DAYS", "30")
    expiring = book(load())
    items = {item["booking_id"]["S"]: item for item in dynamodb.scan(TableName="bookings")["Items"]}
    assert "expires_at" not in items[lasting]
    expiry = int(items[expiring]["expires_at"]["N"])
    assert change(load(), expiring, "2027-08-01", "2027-08-02")[1] is None
    key = {"booking_id": {"S": expiring}}
    changed = dynamodb.get_item(TableName="bookings", Key=key)["Item"]
    assert int(changed["expires_at"]["N"]) >= expiry
    assert abs(expiry - time.time() - 30 * DAY_S) < DAY_S


@mock_aws
def test_a_table_that_is_not_there_is_a_failure_with_its_name(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKINGS_TABLE", "no-such-table")
    body, state = told(load()(trip(), None))
    assert state == "FAILURE"
    assert "no-such-table" in body
    assert "try again later" in body


def test_a_region_that_is_not_set_is_a_failure(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKINGS_TABLE", "bookings")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    body, state = told(load()(trip(), None))
    assert state == "FAILURE"
    assert "region" in body


def test_a_locked_file_is_a_failure_and_nothing_is_booked(handler: Handler, sqlite: Path) -> None:
    book(handler)
    with closing(sqlite3.connect(sqlite)) as other:
        other.execute("BEGIN EXCLUSIVE")
        body, state = told(handler(trip(), None))
        other.rollback()
        assert other.execute("SELECT count(*) FROM bookings").fetchone() == (1,)
    assert state == "FAILURE"
    assert "locked" in body


@pytest.mark.parametrize("content", [b"", b"this is no database, whatever its name says" * 50])
def test_a_file_that_cannot_be_used_is_a_failure(
    content: bytes, load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ("no-such-folder/bookings" if not content else "bookings")
    if content:
        path.write_bytes(content)
    monkeypatch.setenv("BOOKINGS_DB", str(path))
    body, state = told(load()(trip(), None))
    assert state == "FAILURE"
    assert "file of bookings cannot be used" in body


def test_the_file_is_readable_by_its_owner_alone(handler: Handler, sqlite: Path) -> None:
    book(handler)
    assert sqlite.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("variable", ["BOOKINGS_SEED", "BOOKINGS_TTL_DAYS"])
def test_a_setting_that_is_no_number_is_a_failure_that_names_it(
    variable: str, handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "a lot")
    body, state = told(handler(trip(), None))
    assert state == "FAILURE"
    assert variable in body


@contextmanager
def endpoint(reply: Callable[[str, dict[str, Any]], Reply]) -> Iterator[str]:
    """A server that speaks DynamoDB's protocol; where `reply` gives None it hangs up."""

    class Speak(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = reply(self.headers["X-Amz-Target"].partition(".")[2], request)
            if answer is None:
                self.close_connection = True
                return
            body = json.dumps(answer[1]).encode()
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing on stderr."""

    with HTTPServer(("127.0.0.1", 0), Speak) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_table_is_looked_for_at_the_endpoint_of_the_environment(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(operation: str, _: dict[str, Any]) -> Reply:
        asked.append(operation)
        return 400, {"__type": "com.amazonaws#ResourceNotFoundException", "message": "no table here"}

    with endpoint(refuse) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("BOOKINGS_TABLE", "bookings")
        body, state = told(load()(trip(), None))
    assert asked == ["PutItem"]
    assert state == "FAILURE"
    assert "no table here" in body


def test_a_trip_is_booked_once_when_the_answer_was_lost(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    items: list[dict[str, Any]] = []

    def lose_the_first_answer(operation: str, request: dict[str, Any]) -> Reply:
        if operation == "GetItem":
            return 200, {"Item": items[0]}
        if items:
            return 400, {"__type": "com.amazonaws#ConditionalCheckFailedException", "message": "it is there"}
        items.append(request["Item"])
        return None

    with endpoint(lose_the_first_answer) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("BOOKINGS_TABLE", "bookings")
        made = book(load())
    assert [item["booking_id"]["S"] for item in items] == [made]
