"""State of before there were Regions: all of it is in the account and the Region that its ARNs name."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from travel_tui.local.state.agent_records import AgentRecords
from travel_tui.local.state.agents import Agents, AliasKey
from travel_tui.local.state.database import Database
from travel_tui.local.state.items import Items
from travel_tui.local.state.logs import LogEvents
from travel_tui.local.state.memories import Memories
from travel_tui.local.state.resources import Resources
from travel_tui.local.state.schema import MIGRATIONS
from travel_tui.local.state.scope import Scope
from travel_tui.local.state.sessions import Sessions
from travel_tui.local.state.transitions import Transitions

HERE = Scope("123456789012", "us-east-1")
ELSEWHERE = Scope("123456789012", "eu-west-1")
BEFORE_REGIONS = 3
ROWS = """
INSERT INTO agents VALUES ('A', 'mine', '{"agentId": "A", "agentName": "mine"}');
INSERT INTO action_groups VALUES ('A', 'second', '{"actionGroupId": "second"}');
INSERT INTO action_groups VALUES ('A', 'first', '{"actionGroupId": "first"}');
INSERT INTO agent_versions VALUES ('A', 'DRAFT', '{"agentVersion": "DRAFT"}', '[]');
INSERT INTO agent_aliases VALUES ('A', 'B', 'DRAFT', '{"agentAliasId": "B"}');
INSERT INTO sessions (id, agent_id, alias_id, session_id, started_at, idle_s, brain, attributes, injected)
    VALUES (7, 'A', 'B', 's', '2026-01-01T00:00:00.000000+00:00', 1, '{}', '{}', '{}');
INSERT INTO exchanges VALUES (7, 1, 'm', 'hello', 'hi', '[]');
INSERT INTO pending_summaries VALUES (7, 'm', 2);
INSERT INTO summaries VALUES (1, 'A', 'B', 'm', 'old', '2026-01-01', '2026-01-02', 'text');
INSERT INTO resources VALUES ('role', 'r', '{"RoleName": "r"}');
INSERT INTO resources VALUES ('policy', 'p', '{"Arn": "p"}');
INSERT INTO resources VALUES ('function', 'f', '{"FunctionName": "f"}');
INSERT INTO items VALUES ('t', 'k', '{"k": {"S": "v"}}');
INSERT INTO log_events (log_group, stream, at_ms, message) VALUES ('g', 's', 5, 'line');
INSERT INTO transitions (due_s, service, step, target) VALUES (9, 'dynamodb', 'table_active', '["t", "id"]');
"""


def test_everything_is_taken_over(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite3"
    with closing(sqlite3.connect(file)) as old:
        for script in MIGRATIONS[:BEFORE_REGIONS]:
            old.executescript(script)
        old.executescript(f"{ROWS}PRAGMA user_version={BEFORE_REGIONS};")
    database = Database(file)
    assert database.rows("PRAGMA foreign_key_check") == []
    agents, records, alias = Agents(database, HERE), AgentRecords(database, HERE), AliasKey(HERE, "A", "B")
    assert agents.agent("A") == {"agentId": "A", "agentName": "mine"}
    assert [group["actionGroupId"] for group in agents.action_groups("A")] == ["second", "first"], "in their order"
    assert records.versions("A") == [{"agentVersion": "DRAFT"}]
    assert records.aliases("A") == [{"agentAliasId": "B"}]
    session = Sessions(database).find(alias, "s")
    assert session is not None
    assert Sessions(database).last(session.row).user == "hello"
    memories = Memories(database)
    pending = memories.first_due(10)
    assert pending is not None
    assert (pending.alias, pending.memory_id) == (alias, "m")
    assert Resources(database, HERE.of_account).all("role") == [{"RoleName": "r"}]
    assert Resources(database, HERE.of_account).get("policy", "p") == {"Arn": "p"}
    assert Resources(database, HERE).get("function", "f") == {"FunctionName": "f"}
    assert Items(database, HERE).get("t", "k") == {"k": {"S": "v"}}
    assert [row["message"] for row in LogEvents(database, HERE).events("g", None, 0, 9)] == ["line"]
    due = Transitions(database).first_due(10)
    assert due is not None
    assert (due.scope, due.step, due.target) == (HERE, "table_active", ("t", "id"))
    assert Agents(database, ELSEWHERE).agent("A") is None
    records.delete_agent("A")
    assert agents.action_groups("A") == records.aliases("A") == [], "what belongs to an agent goes with it"
    database.close()
