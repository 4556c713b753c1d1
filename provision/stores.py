"""Resources that store data: the bookings table and the function's log group."""

from __future__ import annotations

from typing import Any

from provision.resource import ABSENT, Resource, ResourceStatus
from provision.spec import EXPIRY, KEY

_EXPIRES = frozenset({"ENABLING", "ENABLED"})


class TableResource(Resource):
    """The bookings table: pay per request, encrypted, items expire some time after their last change."""

    kind = "table"

    @property
    def name(self) -> str:
        return self.spec.table_name

    def status(self) -> ResourceStatus:
        found = self._found()
        if found is None:
            return ABSENT
        tags = self.cloud.call("dynamodb", "ListTagsOfResource", ResourceArn=found["TableArn"]).get("Tags", [])
        ours = self.is_ours({tag["Key"]: tag["Value"] for tag in tags})
        return ResourceStatus(True, ours, () if self._expires() else ("time to live",))

    def create(self) -> None:
        self.cloud.call(
            "dynamodb",
            "CreateTable",
            TableName=self.name,
            AttributeDefinitions=[{"AttributeName": KEY, "AttributeType": "S"}],
            KeySchema=[{"AttributeName": KEY, "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            SSESpecification={"Enabled": True},
            Tags=self._tags(),
        )

    def update(self) -> None:
        if found := self._found():
            self.cloud.call("dynamodb", "TagResource", ResourceArn=found["TableArn"], Tags=self._tags())
        self.finish()

    def finish(self) -> None:
        if not self._expires():
            self.cloud.call(
                "dynamodb",
                "UpdateTimeToLive",
                TableName=self.name,
                TimeToLiveSpecification={"Enabled": True, "AttributeName": EXPIRY},
            )

    def delete(self) -> None:
        if self._found() is not None:
            self.cloud.find("dynamodb", "DeleteTable", TableName=self.name)

    def waiting(self) -> str:
        found = self._found()
        return "" if found is None or found["TableStatus"] == "ACTIVE" else str(found["TableStatus"])

    def _found(self) -> dict[str, Any] | None:
        found = self.cloud.find("dynamodb", "DescribeTable", TableName=self.name)
        table: dict[str, Any] | None = found["Table"] if found else None
        return table

    def _expires(self) -> bool:
        told = self.cloud.call("dynamodb", "DescribeTimeToLive", TableName=self.name)["TimeToLiveDescription"]
        return told.get("TimeToLiveStatus") in _EXPIRES

    def _tags(self) -> list[dict[str, str]]:
        return [{"Key": key, "Value": value} for key, value in self.spec.tags.items()]


class LogGroup(Resource):
    """The function's log group. Created before the function, which would create one without our tag."""

    kind = "log group"

    @property
    def name(self) -> str:
        return self.spec.log_group

    def status(self) -> ResourceStatus:
        groups = self.cloud.all("logs", "DescribeLogGroups", "logGroups", logGroupNamePrefix=self.name)
        if not any(group["logGroupName"] == self.name for group in groups):
            return ABSENT
        tags = self.cloud.call("logs", "ListTagsForResource", resourceArn=self._arn).get("tags", {})
        return ResourceStatus(True, self.is_ours(tags))

    def create(self) -> None:
        self.cloud.call("logs", "CreateLogGroup", logGroupName=self.name, tags=self.spec.tags)

    def update(self) -> None:
        self.cloud.call("logs", "TagResource", resourceArn=self._arn, tags=self.spec.tags)

    def delete(self) -> None:
        self.cloud.find("logs", "DeleteLogGroup", logGroupName=self.name)

    @property
    def _arn(self) -> str:
        return self.spec.arn("logs", f"log-group:{self.name}")
