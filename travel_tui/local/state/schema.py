"""The database's schema: one script for each version, run in order and never changed once released.

Documents are JSON in AWS's own shapes (Agent, AgentActionGroup, AgentAlias), timestamps as ISO text. Columns named
_at are wall time as ISO text in UTC; columns named _s are the endpoint's running seconds (EndpointClock.seconds).
"""

from __future__ import annotations

_AGENTS = """
-- An agent as it is being edited: its DRAFT.
CREATE TABLE agents (
    agent_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    document TEXT NOT NULL
);
-- The agent that is there from the start leaves its name, the reference notebook's, to others.
CREATE UNIQUE INDEX agents_by_name ON agents (name) WHERE agent_id <> 'TRAVELDEMO';
CREATE TABLE action_groups (
    agent_id TEXT NOT NULL REFERENCES agents ON DELETE CASCADE,
    action_group_id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (agent_id, action_group_id)
);
-- What can be invoked: DRAFT as it was last prepared, and the numbered versions.
CREATE TABLE agent_versions (
    agent_id TEXT NOT NULL REFERENCES agents ON DELETE CASCADE,
    version TEXT NOT NULL,
    agent TEXT NOT NULL,
    action_groups TEXT NOT NULL,
    PRIMARY KEY (agent_id, version)
);
CREATE TABLE agent_aliases (
    agent_id TEXT NOT NULL REFERENCES agents ON DELETE CASCADE,
    alias_id TEXT NOT NULL,
    version TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (agent_id, alias_id)
);
"""

_SESSIONS = """
-- Sessions that run, and ended ones until their summaries are stored.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    agent_id TEXT NOT NULL,
    alias_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    idle_s REAL NOT NULL,
    brain TEXT NOT NULL,
    attributes TEXT NOT NULL,
    injected TEXT NOT NULL
);
CREATE UNIQUE INDEX sessions_open ON sessions (agent_id, alias_id, session_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_idle ON sessions (idle_s) WHERE ended_at IS NULL;
CREATE TABLE exchanges (
    session INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
    number INTEGER NOT NULL,
    memory_id TEXT,
    user TEXT NOT NULL,
    agent TEXT NOT NULL,
    calls TEXT NOT NULL,
    PRIMARY KEY (session, number)
);
CREATE TABLE pending_summaries (
    session INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
    memory_id TEXT NOT NULL,
    due_s REAL NOT NULL,
    PRIMARY KEY (session, memory_id)
);
CREATE INDEX pending_due ON pending_summaries (due_s);
CREATE TABLE summaries (
    id INTEGER PRIMARY KEY,
    agent_id TEXT NOT NULL,
    alias_id TEXT NOT NULL,
    memory_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX summaries_newest ON summaries (agent_id, alias_id, memory_id, ended_at, id);
"""

_RETURNED_CONTROL = """
-- What a session waits for after it returned control to its caller, as JSON; its last exchange is then not answered.
ALTER TABLE sessions ADD COLUMN waiting TEXT;
"""

_CONTROL_PLANE = """
-- Roles, policies, functions, log groups, tables and client tokens, each a document in AWS's shape.
CREATE TABLE resources (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, name)
);
CREATE TABLE function_code (
    sha256 TEXT PRIMARY KEY,
    zip BLOB NOT NULL
);
CREATE TABLE log_events (
    id INTEGER PRIMARY KEY,
    log_group TEXT NOT NULL,
    stream TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    message TEXT NOT NULL
);
CREATE INDEX log_events_group ON log_events (log_group, id);
-- The items of DynamoDB tables, by their key attributes as JSON; an item is JSON as the wire has it.
CREATE TABLE items (
    table_name TEXT NOT NULL,
    item_key TEXT NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY (table_name, item_key)
);
-- What follows by itself on a state that passes, such as CREATING; target is a JSON list of the step's arguments.
CREATE TABLE transitions (
    id INTEGER PRIMARY KEY,
    due_s REAL NOT NULL,
    service TEXT NOT NULL,
    step TEXT NOT NULL,
    target TEXT NOT NULL
);
CREATE INDEX transitions_due ON transitions (due_s, id);
"""

MIGRATIONS: tuple[str, ...] = (_AGENTS + _SESSIONS, _RETURNED_CONTROL, _CONTROL_PLANE)
