-- An archive as version 3 wrote it (git 2d845f9): two agents with one session id, and a turn cut short.
BEGIN TRANSACTION;
CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
        event TEXT NOT NULL
    );
INSERT INTO "events" VALUES(1,1,'{"event":"MemoryInjected","synopsis":""}');
INSERT INTO "events" VALUES(2,1,'{"event":"ToolCall","action_group":"g","function":"book_trip","parameters":[{"name":"origin","value":"Oslo","type":"string"}],"trace_id":"t-1","wanted":"result"}');
INSERT INTO "events" VALUES(3,1,'{"event":"ToolResult","text":"Booked 9f0b135c.","trace_id":"t-1"}');
INSERT INTO "events" VALUES(4,1,'{"event":"TextDelta","text":"Noted."}');
INSERT INTO "events" VALUES(5,1,'{"event":"TurnCompleted"}');
INSERT INTO "events" VALUES(6,2,'{"event":"TextDelta","text":"Noted, too."}');
INSERT INTO "events" VALUES(7,2,'{"event":"TurnCompleted"}');
INSERT INTO "events" VALUES(8,3,'{"event":"TextDelta","text":"Boo"}');
CREATE TABLE memories (
        id INTEGER PRIMARY KEY,
        agent TEXT NOT NULL,
        memory_id TEXT NOT NULL,
        session_id TEXT NOT NULL,
        at TEXT NOT NULL,
        change TEXT NOT NULL,
        text TEXT NOT NULL,
        started_at TEXT,
        ended_at TEXT
    );
INSERT INTO "memories" VALUES(1,'AAAAAAAAAA/TSTALIASID@us-east-1','anna','shared','2026-11-23T12:06:00.000000+00:00','seen','Anna lives in Oslo.','2026-11-23T12:00:00.000000+00:00','2026-11-23T12:05:00.000000+00:00');
CREATE TABLE notes (
        id INTEGER PRIMARY KEY,
        turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        at TEXT NOT NULL
    );
INSERT INTO "notes" VALUES(1,1,'note','the first','2026-11-23T12:00:00+00:00');
INSERT INTO "notes" VALUES(2,1,'fact','Oslo','2026-11-23T12:00:00+00:00');
CREATE TABLE sessions (
        id INTEGER PRIMARY KEY,
        session_id TEXT NOT NULL,
        agent TEXT NOT NULL,
        memory_id TEXT,
        opened_at TEXT NOT NULL,
        ended_at TEXT,
        stored_at TEXT,
        summary_latency_s REAL,
        UNIQUE (session_id, agent)
    );
INSERT INTO "sessions" VALUES(1,'shared','AAAAAAAAAA/TSTALIASID@us-east-1','anna','2026-11-23T12:00:00.000000+00:00','2026-11-23T12:05:00.000000+00:00','2026-11-23T12:06:00.000000+00:00',46.7);
INSERT INTO "sessions" VALUES(2,'shared','BBBBBBBBBB/TSTALIASID@http://127.0.0.1:4571','bert','2026-11-23T13:00:00.000000+00:00',NULL,NULL,NULL);
INSERT INTO "sessions" VALUES(3,'alone','AAAAAAAAAA/TSTALIASID@us-east-1',NULL,'2026-11-23T14:00:00.000000+00:00',NULL,NULL,NULL);
CREATE TABLE turns (
        id INTEGER PRIMARY KEY,
        session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        sent_at TEXT NOT NULL,
        text TEXT NOT NULL,
        state TEXT NOT NULL,
        first_text_s REAL,
        total_s REAL,
        trouble TEXT,
        UNIQUE (session, number)
    );
INSERT INTO "turns" VALUES(1,1,1,'2026-11-23T12:00:00.000000+00:00','I live in Oslo.','answered',0.5,1.5,NULL);
INSERT INTO "turns" VALUES(2,2,1,'2026-11-23T13:00:00.000000+00:00','I live in Rome.','answered',0.5,1.5,NULL);
INSERT INTO "turns" VALUES(3,3,1,'2026-11-23T14:00:00.000000+00:00','Book it.','sent',NULL,NULL,NULL);
CREATE TABLE users (
        agent TEXT NOT NULL,
        memory_id TEXT NOT NULL,
        name TEXT NOT NULL DEFAULT '',
        draft TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (agent, memory_id)
    );
INSERT INTO "users" VALUES('AAAAAAAAAA/TSTALIASID@us-east-1','anna','Anna B.','half a sen');
CREATE INDEX sessions_by_agent ON sessions (agent, memory_id, opened_at);
CREATE INDEX events_by_turn ON events (turn, id);
CREATE INDEX memories_by_id ON memories (agent, memory_id, session_id, id);
CREATE INDEX notes_by_turn ON notes (turn, id);
COMMIT;
PRAGMA user_version = 3;
