"""What a memory of thousands of records costs."""

from __future__ import annotations

from dataclasses import replace

from travel_tui.agent import session_summary
from travel_tui.memory.polling_policy import PollingPolicy
from travel_tui.memory.watcher import reused


def test_a_memory_of_thousands_is_listed_less_often() -> None:
    policy = PollingPolicy()
    policy.record_poll(records=1_000)
    assert policy.next_delay() == 30
    policy.record_poll(records=10_000)
    assert policy.next_delay() == 75
    policy.expect_summary()
    for _ in range(6):
        assert policy.next_delay() <= 2, "what is awaited is looked for at first as in any memory"
        policy.record_poll(records=10_000)
    assert policy.next_delay() == 10


def test_what_is_unchanged_in_a_new_listing_is_the_same_object() -> None:
    before = tuple(session_summary("anna", name, "Oslo") for name in "abc")
    assert reused(before, [replace(each) for each in before]) is before
    changed = [replace(before[0], text="Rome"), replace(before[1])]
    found = reused(before, changed)
    assert (found[0].text, found[1] is before[1], len(found)) == ("Rome", True, 2)
