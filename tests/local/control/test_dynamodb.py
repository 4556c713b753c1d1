"""dynamodb: tables and their items, as a Lambda function that keeps bookings uses them, and its near kin."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.local.control.clients import Aws, refused, zipped
from travel_tui.local.runtime.functions import packaged_code

NewId = Callable[[str], str]


class Table:
    """A table with the key booking_id, or with these keys."""

    def __init__(self, aws: Aws, name: str, *keys: str) -> None:
        self.client, self.name = aws.dynamodb, name
        names = keys or ("booking_id",)
        self.client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in names],
            KeySchema=[
                {"AttributeName": key, "KeyType": kind} for key, kind in zip(names, ("HASH", "RANGE"), strict=False)
            ],
        )

    def put(self, item: dict[str, Any], **more: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.put_item(TableName=self.name, Item=item, **more)
        return answer

    def get(self, key: str = "b-1", **more: Any) -> dict[str, Any] | None:
        answer: dict[str, Any] = self.client.get_item(TableName=self.name, Key={"booking_id": {"S": key}}, **more)
        return answer.get("Item")

    def update(self, expression: str, key: str = "b-1", **more: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.update_item(
            TableName=self.name, Key={"booking_id": {"S": key}}, UpdateExpression=expression, **more
        )
        return answer


ITEM: dict[str, Any] = {
    "booking_id": {"S": "b-1"},
    "status": {"S": "BOOKED"},
    "seats": {"N": "2"},
    "mask": {"B": b"\x00\xff"},
    "codes": {"SS": ["x", "y"]},
    "stops": {"L": [{"S": "Oslo"}, {"S": "Lund"}]},
    "who": {"M": {"first": {"S": "A"}, "age": {"N": "30"}}},
    "paid": {"BOOL": True},
    "note": {"NULL": True},
}


@pytest.fixture
def table(aws: Aws, new_id: NewId) -> Iterator[Table]:
    made = Table(aws, new_id("table"))
    made.put(ITEM)
    yield made
    aws.dynamodb.delete_table(TableName=made.name)


def test_a_table_lives_and_dies(aws: Aws, new_id: NewId) -> None:
    name = new_id("table")
    asked: dict[str, Any] = {
        "TableName": name,
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        "Tags": [{"Key": "a", "Value": "b"}],
    }
    made = aws.dynamodb.create_table(**asked)["TableDescription"]
    assert made["TableStatus"] == "CREATING"
    aws.dynamodb.get_waiter("table_exists").wait(TableName=name)
    with refused("ResourceInUseException", name):
        aws.dynamodb.create_table(**asked)
    found = aws.dynamodb.describe_table(TableName=made["TableArn"])["Table"]
    assert (found["TableStatus"], found["ItemCount"], found["TableArn"]) == ("ACTIVE", 0, made["TableArn"])
    assert name in aws.dynamodb.list_tables()["TableNames"]
    aws.dynamodb.tag_resource(ResourceArn=made["TableArn"], Tags=[{"Key": "c", "Value": "d"}])
    aws.dynamodb.untag_resource(ResourceArn=made["TableArn"], TagKeys=["a"])
    assert aws.dynamodb.list_tags_of_resource(ResourceArn=made["TableArn"])["Tags"] == [{"Key": "c", "Value": "d"}]
    aws.dynamodb.update_table(TableName=name, DeletionProtectionEnabled=True)
    with refused("ValidationException", "protected"):
        aws.dynamodb.delete_table(TableName=name)
    aws.dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    assert aws.dynamodb.delete_table(TableName=name)["TableDescription"]["TableStatus"] == "DELETING"
    aws.dynamodb.get_waiter("table_not_exists").wait(TableName=name)
    with refused("ResourceNotFoundException", name):
        aws.dynamodb.describe_table(TableName=name)
    with refused("ResourceNotFoundException", "Requested resource not found"):
        aws.dynamodb.get_item(TableName=name, Key={"id": {"S": "1"}})


def test_time_to_live_is_switched_on_and_off(aws: Aws, table: Table) -> None:
    off = {"TableName": table.name, "TimeToLiveSpecification": {"Enabled": False, "AttributeName": "expires_at"}}
    on = {"TableName": table.name, "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "expires_at"}}
    with refused("ValidationException", "already disabled"):
        aws.dynamodb.update_time_to_live(**off)
    aws.dynamodb.update_time_to_live(**on)
    found = aws.dynamodb.describe_time_to_live(TableName=table.name)["TimeToLiveDescription"]
    assert found == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
    with refused("ValidationException", "already enabled"):
        aws.dynamodb.update_time_to_live(**on)
    aws.dynamodb.update_time_to_live(**off)
    found = aws.dynamodb.describe_time_to_live(TableName=table.name)["TimeToLiveDescription"]
    assert found == {"TimeToLiveStatus": "DISABLED"}


def test_an_item_comes_back_as_it_was_put(table: Table) -> None:
    found = table.get()
    assert found == ITEM
    assert table.get("none") is None
    names = {"#who": "who", "#s": "status"}
    part = table.get(ProjectionExpression="#who.age, seats, #s, nothing", ExpressionAttributeNames=names)
    assert part == {"who": {"M": {"age": {"N": "30"}}}, "seats": {"N": "2"}, "status": {"S": "BOOKED"}}
    assert table.put(ITEM, ReturnValues="ALL_OLD")["Attributes"] == ITEM
    gone = table.client.delete_item(TableName=table.name, Key={"booking_id": {"S": "b-1"}}, ReturnValues="ALL_OLD")
    assert gone["Attributes"] == ITEM
    assert table.get() is None


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("attribute_exists(seats)", True),
        ("attribute_not_exists(seats)", False),
        ("attribute_not_exists(who.nothing)", True),
        ("#s = :booked", True),
        ("#s <> :booked", False),
        ("attribute_exists(booking_id) AND #s = :booked", True),
        ("NOT #s = :booked OR seats > :one", True),
        ("NOT (#s = :booked OR seats > :one)", False),
        ("seats BETWEEN :one AND :three", True),
        ("seats IN (:one, :three)", False),
        ("seats >= :three", False),
        ("seats > :booked", False),
        ("begins_with(#s, :b)", True),
        ("contains(codes, :x)", True),
        ("contains(stops, :oslo)", True),
        ("contains(stops[1], :oslo)", False),
        ("attribute_type(seats, :n)", True),
        ("size(codes) = :two", True),
        ("stops[0] = :oslo and who.age > :three", True),
        ("nothing = :booked", False),
    ],
)
def test_conditions_hold_or_not(table: Table, expression: str, holds: bool) -> None:
    values = {
        ":booked": {"S": "BOOKED"},
        ":b": {"S": "B"},
        ":one": {"N": "1"},
        ":two": {"N": "2.0"},
        ":three": {"N": "3"},
        ":x": {"S": "x"},
        ":oslo": {"S": "Oslo"},
        ":n": {"S": "N"},
    }
    used = {name: value for name, value in values.items() if name in re.findall(r":\w+", expression)}
    more: dict[str, Any] = {"ExpressionAttributeValues": used} if used else {}
    if "#s" in expression:
        more["ExpressionAttributeNames"] = {"#s": "status"}
    if holds:
        table.put(ITEM, ConditionExpression=expression, **more)
    else:
        with refused("ConditionalCheckFailedException", "The conditional request failed"):
            table.put(ITEM, ConditionExpression=expression, **more)


def test_updates_change_what_they_name(table: Table) -> None:
    answer = table.update(
        "SET seats = seats + :n, #s = :c, who.#first = :b, stops = list_append(stops, :l), "
        "extra = if_not_exists(extra, :n) "
        "REMOVE note, codes ADD visits :n",
        ExpressionAttributeNames={"#s": "status", "#first": "first"},
        ExpressionAttributeValues={
            ":n": {"N": "1"},
            ":c": {"S": "CANCELLED"},
            ":b": {"S": "B"},
            ":l": {"L": [{"S": "Rome"}]},
        },
        ReturnValues="ALL_NEW",
    )["Attributes"]
    assert [answer[name] for name in ("seats", "visits", "extra")] == [{"N": "3"}, {"N": "1"}, {"N": "1"}]
    assert answer["status"] == {"S": "CANCELLED"}
    assert answer["who"] == {"M": {"first": {"S": "B"}, "age": {"N": "30"}}}
    assert answer["stops"]["L"][2] == {"S": "Rome"}
    assert not {"note", "codes"} & answer.keys()
    assert table.get() == answer
    returned = table.update(
        "DELETE tags_ :x SET seats = seats - :one",
        ExpressionAttributeValues={":x": {"SS": ["x"]}, ":one": {"N": "1"}},
        ReturnValues="UPDATED_NEW",
    )
    assert returned["Attributes"] == {"seats": {"N": "2"}}


def test_an_update_makes_an_item_that_is_not_there(table: Table) -> None:
    table.update("ADD codes :c", key="b-2", ExpressionAttributeValues={":c": {"SS": ["q"]}})
    assert table.get("b-2") == {"booking_id": {"S": "b-2"}, "codes": {"SS": ["q"]}}
    table.update("DELETE codes :c", key="b-2", ExpressionAttributeValues={":c": {"SS": ["q"]}})
    assert table.get("b-2") == {"booking_id": {"S": "b-2"}}
    with refused("ConditionalCheckFailedException"):
        table.update(
            "SET a = :a",
            key="b-3",
            ConditionExpression="attribute_exists(booking_id)",
            ExpressionAttributeValues={":a": {"S": "x"}},
        )
    assert table.get("b-3") is None


@pytest.mark.parametrize(
    ("expression", "values", "words"),
    [
        ("SET status = :a", {":a": {"S": "x"}}, "reserved keyword: status"),
        ("SET a = :b", {":a": {"S": "x"}}, ":b"),
        ("SET a = seats", {":a": {"S": "x"}}, "unused in expressions: keys: {:a}"),
        ("SET a :a", {":a": {"S": "x"}}, "Syntax error"),
        ("SET a = :a, a = :a", {":a": {"S": "x"}}, "overlap"),
        ("SET booking_id = :a", {":a": {"S": "x"}}, "part of the key"),
        ("SET nothing.deeper = :a", {":a": {"S": "x"}}, "invalid for update"),
        ("SET a = seats + :a", {":a": {"S": "x"}}, "incorrect data type"),
        ("SET a = nothing + :a", {":a": {"N": "1"}}, "does not exist in the item"),
        ("SET a = :a", {":a": {"N": "one"}}, "numeric value"),
        ("SET a = :a", {":a": {"S": "x", "N": "1"}}, "more than one"),
        ("SET a = frob(:a, :a)", {":a": {"S": "x"}}, "frob"),
    ],
)
def test_updates_that_cannot_be_are_refused_and_change_nothing(
    table: Table, expression: str, values: dict[str, Any], words: str
) -> None:
    with refused("ValidationException", words):
        table.update(expression, ExpressionAttributeValues=values)
    assert table.get() == ITEM


def test_keys_have_to_be_those_of_the_table(aws: Aws, table: Table, new_id: NewId) -> None:
    with refused("ValidationException", "Missing the key booking_id"):
        table.put({"other": {"S": "x"}})
    with refused("ValidationException", "expected: S actual: N"):
        table.put({"booking_id": {"N": "1"}})
    with refused("ValidationException", "empty string"):
        table.put({"booking_id": {"S": ""}})
    with refused("ValidationException", "does not match the schema"):
        aws.dynamodb.get_item(TableName=table.name, Key={"id": {"S": "1"}})
    two = Table(aws, new_id("table"), "person", "trip")
    for trip in ("a", "b"):
        two.put({"person": {"S": "p"}, "trip": {"S": trip}, "n": {"S": trip}})
    found = aws.dynamodb.get_item(TableName=two.name, Key={"trip": {"S": "b"}, "person": {"S": "p"}})
    assert found["Item"]["n"] == {"S": "b"}


def test_what_tables_here_do_not_have_is_refused_by_name(aws: Aws, table: Table) -> None:
    with refused("ValidationException", "Expected"):
        table.put(ITEM, Expected={"a": {"Exists": False}})
    with refused("UnknownOperationException", "Query"):
        aws.dynamodb.query(TableName=table.name, KeyConditionExpression="booking_id = :a")


def test_the_action_groups_function_keeps_its_bookings_in_a_table(aws: Aws, new_id: NewId) -> None:
    table = Table(aws, new_id("bookings"))
    name = new_id("function")
    code = {file.name: file.read_text() for file in packaged_code().glob("*.py")}
    aws.function(
        name,
        Code={"ZipFile": zipped(code)},
        Handler="lambda_function.lambda_handler",
        Timeout=20,
        Environment={"Variables": {"BOOKINGS_TABLE": table.name, "BOOKINGS_TTL_DAYS": "30"}},
    )

    def ask(function: str, **parameters: str) -> str:
        event = {
            "actionGroup": "g",
            "function": function,
            "parameters": [{"name": k, "type": "string", "value": v} for k, v in parameters.items()],
        }
        answer = aws.lambda_.invoke(FunctionName=name, Payload=json.dumps(event))
        response = json.loads(answer["Payload"].read())["response"]["functionResponse"]
        return str(response["responseBody"]["TEXT"]["body"])

    trip = {"origin": "Boston", "destination": "Rome", "transportation_mode": "AIR"}
    booked = ask("book_trip", **trip, start_date="2027-03-01", end_date="2027-03-09")
    booking = booked.rpartition("booking_id: ")[2]
    assert table.get(booking), booked
    dates = {"new_start_date": "2027-03-02", "new_end_date": "2027-03-10"}
    assert "2027-03-10" in ask("update_existing_trip_dates", booking_id=booking, **dates)
    assert "Cancelled" in ask("delete_existing_trip_reservation", booking_id=booking)
    found = table.get(booking) or {}
    assert (found["status"], found["end_date"]) == ({"S": "cancelled"}, {"S": "2027-03-10"})
    assert "Cancelled" not in ask("delete_existing_trip_reservation", booking_id=booking)
