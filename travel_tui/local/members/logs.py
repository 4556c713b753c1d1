"""Optional members of logs' operations."""

from __future__ import annotations

from travel_tui.local.members.member import Members, effective, refused, without_effect

_ONE_ACCOUNT = "has one account"

MEMBERS: dict[str, Members] = {
    "CreateLogGroup": {
        **effective("tags"),
        **refused("has no keys", "kmsKeyId"),
        **refused("has one class of log groups", "logGroupClass", accepted=("STANDARD",)),
        **refused("protects no log groups", "deletionProtectionEnabled"),
    },
    "DescribeLogGroups": {
        **effective("limit", "logGroupNamePattern", "logGroupNamePrefix", "nextToken"),
        **refused(_ONE_ACCOUNT, "accountIdentifiers", "includeLinkedAccounts"),
        **refused("has one class of log groups", "logGroupClass", accepted=("STANDARD",)),
        **refused("finds log groups by their names", "logGroupIdentifiers"),
    },
    "FilterLogEvents": {
        **effective(
            "endTime",
            "filterPattern",
            "limit",
            "logGroupIdentifier",
            "logGroupName",
            "logStreamNamePrefix",
            "logStreamNames",
            "nextToken",
            "startTime",
        ),
        **without_effect("events come in the order of their time", "interleaved", "startFromHead"),
        **without_effect("nothing is masked", "unmask"),
    },
}

REASONS: dict[str, str] = {
    "FilterLogEvents": "to read what a function printed, as `aws logs tail` does",
    "UntagResource": "to undo TagResource",
}
