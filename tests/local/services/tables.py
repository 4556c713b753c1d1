"""A table of the local endpoint, as the tests of dynamodb use it."""

from __future__ import annotations

from typing import Any

from tests.local.services.clients import Aws


def as_client(aws: Aws) -> dict[str, str]:
    """What a client of the endpoint is made with."""
    return {
        "endpoint_url": aws.endpoint.url,
        "region_name": aws.region,
        "aws_access_key_id": aws.endpoint.key.access_key_id,
        "aws_secret_access_key": aws.endpoint.key.secret_access_key,
    }


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
