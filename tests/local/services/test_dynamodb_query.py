"""dynamodb: queries of a table's items by key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Key

from tests.local.services.clients import Aws, refused
from tests.local.services.tables import Table, as_client

NewId = Callable[[str], str]


@pytest.fixture
def trips(aws: Aws, new_id: NewId) -> Iterator[Table]:
    """A table with a sort key."""
    made = Table(aws, new_id("table"), "person", "trip")
    for person, trip in (("p", "b"), ("p", "a"), ("q", "a"), ("p", "c"), ("p", "ab")):
        made.put({"person": {"S": person}, "trip": {"S": trip}, "city": {"S": f"city-{trip}"}})
    yield made
    aws.dynamodb.delete_table(TableName=made.name)


def asked_for(table: Table, condition: str, **more: Any) -> dict[str, Any]:
    """What a query for the trips of p answers, of those values that the condition uses."""
    values = {":p": {"S": "p"}, ":a": {"S": "a"}, ":b": {"S": "b"}, ":one": {"N": "1"}}
    used = {name: value for name, value in values.items() if name in condition + more.get("FilterExpression", "")}
    answer: dict[str, Any] = table.client.query(
        TableName=table.name, KeyConditionExpression=condition, ExpressionAttributeValues=used, **more
    )
    return answer


def trips_of(answer: dict[str, Any]) -> list[str]:
    return [item["trip"]["S"] for item in answer["Items"]]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("person = :p", ["a", "ab", "b", "c"]),
        ("person = :a", []),
        ("person = :p AND trip = :a", ["a"]),
        ("(person = :p AND begins_with(trip, :a))", ["a", "ab"]),
        ("trip > :a and person = :p", ["ab", "b", "c"]),
        ("person = :p AND trip BETWEEN :a AND :b", ["a", "ab", "b"]),
        ("person = :p AND trip <= :a", ["a"]),
    ],
)
def test_a_query_finds_the_items_of_a_key_in_order(trips: Table, condition: str, found: list[str]) -> None:
    answer = asked_for(trips, condition)
    assert (trips_of(answer), answer["Count"], answer["ScannedCount"]) == (found, len(found), len(found))
    assert "LastEvaluatedKey" not in answer
    assert trips_of(asked_for(trips, condition, ScanIndexForward=False)) == found[::-1]


def test_a_query_is_filtered_and_goes_on_page_by_page(trips: Table) -> None:
    names = {"#c": "city"}
    filtered = asked_for(trips, "person = :p", FilterExpression="contains(#c, :b)", ExpressionAttributeNames=names)
    assert (trips_of(filtered), filtered["Count"], filtered["ScannedCount"]) == (["ab", "b"], 2, 4)
    first = asked_for(trips, "person = :p", Limit=2)
    assert (trips_of(first), first["LastEvaluatedKey"]) == (["a", "ab"], {"person": {"S": "p"}, "trip": {"S": "ab"}})
    last = asked_for(trips, "person = :p", Limit=5, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert (trips_of(last), "LastEvaluatedKey" in last) == (["b", "c"], False)
    pages = trips.client.get_paginator("query").paginate(
        TableName=trips.name,
        KeyConditionExpression="person = :p",
        ExpressionAttributeValues={":p": {"S": "p"}},
        ScanIndexForward=False,
        PaginationConfig={"PageSize": 1},
    )
    assert [trip for page in pages for trip in trips_of(page)] == ["c", "b", "ab", "a"]


def test_boto3s_table_queries(aws: Aws, trips: Table) -> None:
    resource: Any = boto3.resource  # its types want each argument by itself
    table = resource("dynamodb", **as_client(aws)).Table(trips.name)
    found = table.query(KeyConditionExpression=Key("person").eq("p") & Key("trip").begins_with("a"))
    assert [item["trip"] for item in found["Items"]] == ["a", "ab"]
    assert table.query(KeyConditionExpression=Key("person").eq("p"), Select="COUNT")["Count"] == 4


@pytest.mark.parametrize(
    ("condition", "more", "words"),
    [
        ("trip = :a", {}, "Query condition missed key schema element: person"),
        ("person > :p", {}, "Query key condition not supported"),
        ("person = :p AND city = :a", {}, "Query key condition not supported"),
        ("person = :p AND trip > :a AND trip < :b", {}, "Query key condition not supported"),
        ("person = :p OR trip = :a", {}, "Syntax error"),
        ("person = :p AND trip <> :a", {}, "Invalid operator used in KeyConditionExpression: <>"),
        ("person = :one", {}, "Condition parameter type does not match schema type"),
        ("person = :x", {}, "not defined; attribute value: :x"),
        ("person = :p", {"FilterExpression": "trip = :a"}, "Primary key attribute: trip"),
        ("person = :p", {"Select": "SPECIFIC_ATTRIBUTES"}, "SPECIFIC_ATTRIBUTES"),
        ("person = :p", {"ExclusiveStartKey": {"person": {"S": "p"}}}, "starting key is invalid"),
        (
            "person = :p",
            {"ExclusiveStartKey": {"person": {"S": "q"}, "trip": {"S": "a"}}},
            "outside query boundaries",
        ),
        ("person = :p", {"KeyConditions": {"person": {"ComparisonOperator": "EQ"}}}, "KeyConditions"),
    ],
)
def test_a_query_that_cannot_be_is_refused(trips: Table, condition: str, more: dict[str, Any], words: str) -> None:
    with refused("ValidationException", words):
        asked_for(trips, condition, **more)
