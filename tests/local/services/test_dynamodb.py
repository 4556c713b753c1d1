"""dynamodb: tables and their items, as a Lambda function that keeps bookings uses them, and its near kin."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.local.services.clients import Aws, refused, zipped
from tests.local.services.tables import ITEM, Table
from travel_tui.local.runtime.functions import packaged_code

NewId = Callable[[str], str]
NO_NUMBERS = ("1_000", "\u0661", " 1", "1 ", "", "1e", "e1", ".", "0x1", "NaN", "Infinity", "--1", "1\n", "1,5")


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
    part = table.get(
        ProjectionExpression="stops[1], stops[7], #who.age[0], codes[0]", ExpressionAttributeNames={"#who": "who"}
    )
    assert part == {"stops": {"L": [ITEM["stops"]["L"][1]]}}
    with refused("ValidationException", "Invalid ProjectionExpression: Two document paths overlap"):
        table.get(ProjectionExpression="stops, stops[0]")
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
    with refused("UnknownOperationException", "Scan"):
        aws.dynamodb.scan(TableName=table.name)
    with refused("ValidationException", "IndexName"):
        aws.dynamodb.query(TableName=table.name, IndexName="by-city", KeyConditionExpression="booking_id = :a")


def nested(levels: int) -> dict[str, Any]:
    """A value inside so many maps and lists."""
    value: dict[str, Any] = {"S": "leaf"}
    for level in range(levels):
        value = {"L": [value]} if level % 2 else {"M": {"n": value}}
    return value


NUMBERS = ("1", "-1.50", "+2", ".5", "5.", "1e3", "1E-130", "0", "-0.0", "9" * 38, "1" + "0" * 60)


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_taken(table: Table, text: str) -> None:
    table.put({**ITEM, "n": {"N": text}})
    found = table.get() or {}
    assert Decimal(found["n"]["N"]) == Decimal(text)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        *(({"N": text}, "cannot be converted to a numeric value") for text in NO_NUMBERS),
        ({"N": "1e126"}, "Number overflow"),
        ({"N": "1e999999999"}, "Number overflow"),
        ({"N": "-1e-999999999"}, "Number overflow"),
        ({"N": "9" * 39}, "38 significant digits"),
        ({"NS": ["1_0"]}, "cannot be converted to a numeric value: 1_0"),
        ({"NULL": False}, "Null attribute value types must have the value of true"),
        (nested(32), "Nesting Levels have exceeded supported limits"),
        (nested(40), "Nesting Levels have exceeded supported limits"),
        ({"SS": []}, "An string set  may not be empty"),
        ({"NS": []}, "An number set  may not be empty"),
        ({"BS": []}, "Binary sets should not be empty"),
        ({"SS": ["a", "a"]}, "Input collection [a, a] contains duplicates."),
        ({"NS": ["1", "1.0"]}, "Input collection [1, 1.0] contains duplicates."),
    ],
)
def test_a_value_that_dynamodb_does_not_take_is_refused(table: Table, value: dict[str, Any], words: str) -> None:
    with refused("ValidationException", words):
        table.put({**ITEM, "v": value})
    with refused("ValidationException", words):
        table.update("SET v = :v", ExpressionAttributeValues={":v": value})
    assert table.get() == ITEM


def test_sums_are_exact_or_refused(table: Table) -> None:
    table.update("SET n = :v", ExpressionAttributeValues={":v": {"N": "9" * 36}})
    table.update("SET n = n + :v", ExpressionAttributeValues={":v": {"N": "1.5"}})
    assert (table.get() or {})["n"] == {"N": "1" + "0" * 35 + "0.5"}
    with refused("ValidationException", "38 significant digits"):
        table.update("SET n = n + :v", ExpressionAttributeValues={":v": {"N": "1e-90"}})


def test_values_nest_31_times_however_they_come_to_it(table: Table) -> None:
    table.put({**ITEM, "v": nested(31)})
    assert (table.get() or {})["v"] == nested(31)
    with refused("ValidationException", "Nesting Levels"):
        table.update("SET who.deeper = :v", ExpressionAttributeValues={":v": nested(31)})


@pytest.mark.parametrize(
    ("expression", "value", "words"),
    [
        ("DELETE b :x", {"N": "1"}, "operator: DELETE, operand type: NUMBER"),
        ("DELETE codes :x", {"S": "x"}, "operator: DELETE, operand type: STRING"),
        ("ADD b :x", {"S": "x"}, "operator: ADD, operand type: STRING"),
        ("ADD b :x", {"NULL": True}, "operator: ADD, operand type: NULL"),
        ("DELETE codes :x", {"NS": ["1"]}, "incorrect data type"),
        ("ADD seats :x", {"SS": ["a"]}, "incorrect data type"),
    ],
)
def test_operands_of_the_wrong_type_are_refused(
    table: Table, expression: str, value: dict[str, Any], words: str
) -> None:
    with refused("ValidationException", words):
        table.update(expression, ExpressionAttributeValues={":x": value})


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("(" * 400 + "attribute_exists(a)" + ")" * 400, "redundant parentheses"),
        ("((attribute_exists(a)))", "redundant parentheses"),
        ("(" * 400, "nested too deep"),
        ("NOT (" * 290 + "attribute_exists(a)" + ")" * 290, "nested too deep"),
        ("NOT " * 301 + "attribute_exists(a)", "too many operators; operator count: 301"),
        (" OR ".join(["a = b"] * 200), "too many operators; operator count: 399"),
        (" OR ".join(["attribute_exists(abc)"] * 200), "expression size: 4996"),
    ],
)
def test_an_expression_has_limits(table: Table, expression: str, words: str) -> None:
    with refused("ValidationException", words):
        table.put(ITEM, ConditionExpression=expression)


def test_parentheses_that_group_are_taken(table: Table) -> None:
    expression = "((attribute_exists(seats)) AND (NOT attribute_exists(b) OR (attribute_exists(c))))"
    table.put(ITEM, ConditionExpression=expression)
    table.put(ITEM, ConditionExpression=" OR ".join(["a = b"] * 100 + ["seats = seats"]))


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
