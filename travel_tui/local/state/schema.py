"""The database's schema: one script for each version, run in order and never changed once released.

Documents are JSON in AWS's own shapes (Agent, AgentActionGroup, AgentAlias), timestamps as ISO text. Columns named _at
are wall time as ISO text in UTC; columns named _s are the endpoint's running seconds (EndpointClock.seconds).
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

_SCOPES = """
-- All that was stored before belonged to one account and one Region. A scope is ACCOUNT/REGION, without the Region for
-- what belongs to the account. Children are copied before their parents are dropped, because dropping a table deletes
-- its rows, which cascades.
CREATE TABLE scoped_agents (
    scope TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (scope, agent_id)
);
CREATE TABLE scoped_action_groups (
    scope TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    action_group_id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (scope, agent_id, action_group_id),
    FOREIGN KEY (scope, agent_id) REFERENCES scoped_agents ON DELETE CASCADE
);
CREATE TABLE scoped_agent_versions (
    scope TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    version TEXT NOT NULL,
    agent TEXT NOT NULL,
    action_groups TEXT NOT NULL,
    PRIMARY KEY (scope, agent_id, version),
    FOREIGN KEY (scope, agent_id) REFERENCES scoped_agents ON DELETE CASCADE
);
CREATE TABLE scoped_agent_aliases (
    scope TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    alias_id TEXT NOT NULL,
    version TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (scope, agent_id, alias_id),
    FOREIGN KEY (scope, agent_id) REFERENCES scoped_agents ON DELETE CASCADE
);
INSERT INTO scoped_agents SELECT '123456789012/us-east-1', * FROM agents ORDER BY rowid;
INSERT INTO scoped_action_groups SELECT '123456789012/us-east-1', * FROM action_groups ORDER BY rowid;
INSERT INTO scoped_agent_versions SELECT '123456789012/us-east-1', * FROM agent_versions ORDER BY rowid;
INSERT INTO scoped_agent_aliases SELECT '123456789012/us-east-1', * FROM agent_aliases ORDER BY rowid;
DROP TABLE action_groups;
DROP TABLE agent_versions;
DROP TABLE agent_aliases;
DROP TABLE agents;
ALTER TABLE scoped_agents RENAME TO agents;
ALTER TABLE scoped_action_groups RENAME TO action_groups;
ALTER TABLE scoped_agent_versions RENAME TO agent_versions;
ALTER TABLE scoped_agent_aliases RENAME TO agent_aliases;
CREATE UNIQUE INDEX agents_by_name ON agents (scope, name) WHERE agent_id <> 'TRAVELDEMO';

ALTER TABLE sessions ADD COLUMN scope TEXT NOT NULL DEFAULT '123456789012/us-east-1';
DROP INDEX sessions_open;
CREATE UNIQUE INDEX sessions_open ON sessions (scope, agent_id, alias_id, session_id) WHERE ended_at IS NULL;
ALTER TABLE summaries ADD COLUMN scope TEXT NOT NULL DEFAULT '123456789012/us-east-1';
DROP INDEX summaries_newest;
CREATE INDEX summaries_newest ON summaries (scope, agent_id, alias_id, memory_id, ended_at, id);

CREATE TABLE scoped_resources (
    scope TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (scope, kind, name)
);
INSERT INTO scoped_resources
    SELECT CASE WHEN kind IN ('role', 'policy') THEN '123456789012/' ELSE '123456789012/us-east-1' END, *
    FROM resources;
DROP TABLE resources;
ALTER TABLE scoped_resources RENAME TO resources;
CREATE TABLE scoped_items (
    scope TEXT NOT NULL,
    table_name TEXT NOT NULL,
    item_key TEXT NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY (scope, table_name, item_key)
);
INSERT INTO scoped_items SELECT '123456789012/us-east-1', * FROM items;
DROP TABLE items;
ALTER TABLE scoped_items RENAME TO items;
ALTER TABLE log_events ADD COLUMN scope TEXT NOT NULL DEFAULT '123456789012/us-east-1';
DROP INDEX log_events_group;
CREATE INDEX log_events_group ON log_events (scope, log_group, id);
ALTER TABLE transitions ADD COLUMN scope TEXT NOT NULL DEFAULT '123456789012/us-east-1';
"""

_AGENTCORE = """
-- Short-term memory of AgentCore. Sessions, and with them actors, stay listed when their events are gone.
CREATE TABLE memory_sessions (
    memory_arn TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (memory_arn, actor_id, session_id)
) WITHOUT ROWID;
-- An event's document has its payload, branch and metadata in AWS's shapes; request is a digest of what its token made.
-- Row ids are never used again, because extractions that run refer to them.
CREATE TABLE memory_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    memory_arn TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    event_at TEXT NOT NULL,
    stored_at TEXT NOT NULL,
    document TEXT NOT NULL,
    client_token TEXT,
    request TEXT
);
CREATE UNIQUE INDEX memory_events_by_id ON memory_events (memory_arn, actor_id, session_id, event_id);
CREATE INDEX memory_events_newest ON memory_events (memory_arn, actor_id, session_id, event_at, id);
CREATE INDEX memory_events_stored ON memory_events (memory_arn, actor_id, session_id, id);
CREATE UNIQUE INDEX memory_events_by_token ON memory_events (memory_arn, client_token) WHERE client_token IS NOT NULL;
-- Long-term memory. A newer record on a subject replaces the older one of its namespace and strategy. places and words
-- are what the search index has of a record: the namespaces that it is under, and the stems of its words.
CREATE TABLE memory_records (
    id INTEGER PRIMARY KEY,
    memory_arn TEXT NOT NULL,
    record_id TEXT NOT NULL,
    strategy_id TEXT NOT NULL,
    namespace TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    metadata TEXT NOT NULL,
    created_at TEXT NOT NULL,
    origin_at TEXT NOT NULL,
    expires_at TEXT,
    gone_s REAL,
    places TEXT NOT NULL,
    words TEXT NOT NULL
);
CREATE UNIQUE INDEX memory_records_by_id ON memory_records (memory_arn, record_id);
CREATE INDEX memory_records_newest ON memory_records (memory_arn, namespace, created_at DESC, id DESC);
CREATE INDEX memory_records_subject ON memory_records (memory_arn, namespace, subject) WHERE subject <> '';
CREATE INDEX memory_records_gone ON memory_records (gone_s) WHERE gone_s IS NOT NULL;
CREATE INDEX memory_records_expiring ON memory_records (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE memory_namespaces (
    memory_arn TEXT NOT NULL,
    namespace TEXT NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY (memory_arn, namespace)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE memory_record_words USING fts5 (
    places, words, content='memory_records', content_rowid='id', tokenize='ascii', detail='column'
);
CREATE TRIGGER memory_record_added AFTER INSERT ON memory_records BEGIN
    INSERT INTO memory_record_words (rowid, places, words) VALUES (new.id, new.places, new.words);
    INSERT INTO memory_namespaces VALUES (new.memory_arn, new.namespace, 1)
        ON CONFLICT DO UPDATE SET records = records + 1;
END;
CREATE TRIGGER memory_record_removed AFTER DELETE ON memory_records BEGIN
    INSERT INTO memory_record_words (memory_record_words, rowid, places, words)
        VALUES ('delete', old.id, old.places, old.words);
    UPDATE memory_namespaces SET records = records - 1
        WHERE memory_arn = old.memory_arn AND namespace = old.namespace;
    DELETE FROM memory_namespaces WHERE memory_arn = old.memory_arn AND namespace = old.namespace AND records = 0;
END;
-- Deleted memories whose events and records are still to be deleted, some at a time.
CREATE TABLE dropped_memories (
    memory_arn TEXT PRIMARY KEY
) WITHOUT ROWID;
-- Events that wait for their extraction. outcome is '' or what a fault asked for, strategy_id '' means all strategies.
CREATE TABLE pending_extractions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    memory_arn TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    event INTEGER NOT NULL REFERENCES memory_events ON DELETE CASCADE,
    due_s REAL NOT NULL,
    outcome TEXT NOT NULL,
    strategy_id TEXT NOT NULL
);
CREATE INDEX pending_extractions_due ON pending_extractions (due_s, id);
CREATE INDEX pending_extractions_session ON pending_extractions (memory_arn, actor_id, session_id, due_s);
CREATE INDEX pending_extractions_event ON pending_extractions (event);
-- Sessions whose episode is made once they are idle, with the first event that no episode has yet.
CREATE TABLE pending_episodes (
    memory_arn TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    first_event INTEGER NOT NULL,
    due_s REAL NOT NULL,
    PRIMARY KEY (memory_arn, actor_id, session_id)
) WITHOUT ROWID;
CREATE INDEX pending_episodes_due ON pending_episodes (due_s);
-- Failed extractions; events is a JSON list of the events' row ids.
CREATE TABLE failed_extractions (
    id INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL UNIQUE,
    memory_arn TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    strategy_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    events TEXT NOT NULL
);
CREATE INDEX failed_extractions_memory ON failed_extractions (memory_arn, id);
-- Sessions of harnesses: the agent's state, and the call whose result it waits for, as JSON.
CREATE TABLE harness_sessions (
    id INTEGER PRIMARY KEY,
    harness_arn TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    agent_state TEXT NOT NULL,
    waiting TEXT,
    turns INTEGER NOT NULL,
    UNIQUE (harness_arn, actor_id, session_id)
);
"""

MIGRATIONS: tuple[str, ...] = (_AGENTS + _SESSIONS, _RETURNED_CONTROL, _CONTROL_PLANE, _SCOPES, _AGENTCORE)
