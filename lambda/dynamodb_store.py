"""Bookings in a DynamoDB table whose key is booking_id, a string."""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict
from typing import Any

import boto3
from bookings import BOOKED, CANCELLED, Booking, not_changeable
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from errors import StorageError

_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
_STATUS = {"#status": "status"}
_DAY_S = 86_400

Item = dict[str, dict[str, str]]


class DynamoDbStore:
    """Keeps bookings in the table of that name; with `days`, each expires so long after its last change.

    expires_at is in seconds since 1970, as DynamoDB's time to live reads it.
    """

    def __init__(self, name: str, days: int | None) -> None:
        self._name = name
        self._days = days
        self._tried = 0
        try:
            self._client: Any = boto3.client("dynamodb", config=_CONFIG)
        except (BotoCoreError, ValueError) as error:
            raise self._failed(error) from error

    def series(self) -> int:
        # Counting a table reads all of it. Seeded ids are for pictures: there, trying the series again will do.
        return self._tried

    def add(self, booking: Booking) -> bool:
        self._tried += 1
        attempt = secrets.token_hex(8)
        item = {name: {"S": value} for name, value in (asdict(booking) | {"attempt": attempt}).items()}
        if self._days is not None:
            item["expires_at"] = {"N": self._expiry()}
        if self._call("put_item", Item=item, ConditionExpression="attribute_not_exists(booking_id)") is not None:
            return True
        # boto3 may have sent it twice, when the first answer was lost: then the item that is there is this one.
        return self._item(booking.booking_id).get("attempt") == {"S": attempt}

    def change(self, booking_id: str, start_date: str, end_date: str) -> Booking:
        return self._update(booking_id, {"start_date": start_date, "end_date": end_date})

    def cancel(self, booking_id: str) -> Booking:
        return self._update(booking_id, {"#status": CANCELLED})

    def _update(self, booking_id: str, changes: dict[str, str]) -> Booking:
        values = {f":{number}": {"S": value} for number, value in enumerate(changes.values())}
        assignments = [f"{name} = :{number}" for number, name in enumerate(changes)]
        if self._days is not None:
            values[":expiry"] = {"N": self._expiry()}
            assignments.append("expires_at = :expiry")
        answer = self._call(
            "update_item",
            Key={"booking_id": {"S": booking_id}},
            UpdateExpression="SET " + ", ".join(assignments),
            ConditionExpression="attribute_exists(booking_id) AND #status = :booked",
            ExpressionAttributeNames=_STATUS,
            ExpressionAttributeValues=values | {":booked": {"S": BOOKED}},
            ReturnValues="ALL_NEW",
        )
        if answer is not None:
            return _booking(answer["Attributes"])
        found = self._item(booking_id)
        raise not_changeable(booking_id, _booking(found) if found else None)

    def _item(self, booking_id: str) -> Item:
        answer = self._call("get_item", Key={"booking_id": {"S": booking_id}}, ConsistentRead=True) or {}
        item: Item = answer.get("Item", {})
        return item

    def _call(self, operation: str, **request: Any) -> dict[str, Any] | None:
        """The service's answer; None where the request's condition did not hold."""
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(TableName=self._name, **request)
        except (ClientError, BotoCoreError) as error:
            if isinstance(error, ClientError) and error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return None
            raise self._failed(error) from error
        return answer

    def _expiry(self) -> str:
        return str(int(time.time()) + (self._days or 0) * _DAY_S)

    def _failed(self, error: Exception) -> StorageError:
        return StorageError(f"the table {self._name} cannot be used: {error}")


def _booking(item: Item) -> Booking:
    fields = ("booking_id", "origin", "destination", "start_date", "end_date", "transportation_mode", "status")
    return Booking(*(item.get(field, {}).get("S", "") for field in fields))
