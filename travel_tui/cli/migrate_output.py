"""Output of migrate: a table of users, or data; texts of summaries are told by their hash alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from travel_tui.config import AgentConfig
from travel_tui.memory_store import Strategy
from travel_tui.migration.plan import RecordStatus, UserPlan
from travel_tui.text import count, one_line

_COLUMNS = (
    RecordStatus.TO_WRITE, RecordStatus.WRITTEN, RecordStatus.ALREADY_THERE, RecordStatus.WRITTEN_BEFORE,
    RecordStatus.FAILED, RecordStatus.EMPTY,
)  # fmt: skip
_HASH = 16
"""Hexadecimal digits of a hash in the table; JSON has all of them."""


def heading(source: AgentConfig, target: AgentConfig, strategy: Strategy) -> list[str]:
    """Describe both ends."""
    place = f"{target.agent_id} / {target.alias_id}"
    return [
        f"from  {one_line(source.agent_id)} / {one_line(source.alias_id)}",
        f"to    {one_line(place)}, strategy {one_line(strategy.name)}, {one_line(strategy.namespace)}",
    ]


def table(users: Sequence[UserPlan]) -> list[str]:
    """Format the users as a table, with the columns that have something to say, and the reasons of failures."""
    columns = [each for each in _COLUMNS if any(user.count(each) for user in users)]
    rows = [["user", "actor", "summaries", *columns, "sha256"]]
    rows += [
        [
            one_line(user.memory_id, 40),
            "same" if user.actor == user.memory_id else one_line(user.actor, 48),
            f"{user.found:,}",
            *(f"{user.count(each):,}" for each in columns),
            user.sha256[:_HASH] if user.records else "",
        ]
        for user in users
    ]
    if len(users) > 1:
        totals = [f"{sum(user.count(each) for user in users):,}" for each in columns]
        rows.append(["all", "", f"{sum(user.found for user in users):,}", *totals, ""])
    widths = [max(len(row[number]) for row in rows) for number in range(len(rows[0]))]
    lines = ["  ".join(_cell(cell, width, number) for number, (cell, width) in enumerate(zip(row, widths, strict=True)))
             for row in rows]  # fmt: skip
    return [*(line.rstrip() for line in lines), *_reasons(users)]


def as_data(user: UserPlan) -> dict[str, Any]:
    """Convert a user's records to JSON data, without their texts."""
    return {
        "memory_id": user.memory_id,
        "actor": user.actor,
        "summaries": user.found,
        **{each.replace(" ", "_"): user.count(each) for each in RecordStatus},
        "sha256": user.sha256,
        "records": [
            {
                "session_id": each.session_id,
                "request_id": each.record.request_id,
                "namespace": each.record.namespace,
                "sha256": each.sha256,
                "status": each.status,
                "record_id": each.record_id or None,
                "reason": each.reason or None,
            }
            for each in user.records
        ],
    }


def _cell(text: str, width: int, number: int) -> str:
    return text.ljust(width) if number < 2 or not text[:1].isdigit() else text.rjust(width)


def _reasons(users: Sequence[UserPlan]) -> list[str]:
    reasons = Counter(each.reason for user in users for each in user.records if each.status is RecordStatus.FAILED)
    return [f"{count(number, 'record')} failed: {one_line(reason, 400)}" for reason, number in reasons.most_common()]
