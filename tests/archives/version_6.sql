-- An archive as version 6 wrote it (git da8d3d8): a session with two summaries, of which the newest was kept; a deleted one.
BEGIN TRANSACTION;
CREATE TABLE deletions (
            id INTEGER PRIMARY KEY,
            agent TEXT NOT NULL,
            memory_id TEXT NOT NULL,
            session_id TEXT,
            after INTEGER NOT NULL,
            deleted_by TEXT NOT NULL
        );
INSERT INTO "deletions" VALUES(1,'AAAAAAAAAA/TSTALIASID@us-east-1','anna','lost',3,'you');
CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
            event TEXT NOT NULL
        );
INSERT INTO "events" VALUES(1,1,'{"event":"TextDelta","text":"Noted."}');
INSERT INTO "events" VALUES(2,1,'{"event":"TurnCompleted"}');
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
INSERT INTO "memories" VALUES(1,'AAAAAAAAAA/TSTALIASID@us-east-1','anna','twice','2026-11-23T13:00:00.000000+00:00','seen','Anna lives in Oslo.','2026-11-23T12:00:00.000000+00:00','2026-11-23T12:30:00.000000+00:00');
INSERT INTO "memories" VALUES(2,'AAAAAAAAAA/TSTALIASID@us-east-1','anna','twice','2026-11-23T15:00:00.000000+00:00','changed','Anna moved to Bergen.','2026-11-23T14:00:00.000000+00:00','2026-11-23T14:30:00.000000+00:00');
INSERT INTO "memories" VALUES(3,'AAAAAAAAAA/TSTALIASID@us-east-1','anna','lost','2026-11-23T17:00:00.000000+00:00','seen','Anna likes trains.','2026-11-23T16:00:00.000000+00:00','2026-11-23T16:30:00.000000+00:00');
INSERT INTO "memories" VALUES(4,'AAAAAAAAAA/TSTALIASID@us-east-1','anna','lost','2026-11-23T18:00:00.000000+00:00','gone','Anna likes trains.','2026-11-23T16:00:00.000000+00:00','2026-11-23T16:30:00.000000+00:00');
INSERT INTO "memories" VALUES(5,'AAAAAAAAAA/TSTALIASID@us-east-1','bert','untimed','2026-11-23T18:00:00.000000+00:00','seen','Bert likes ships.',NULL,NULL);
CREATE TABLE notes (
            id INTEGER PRIMARY KEY,
            turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            text TEXT NOT NULL,
            at TEXT NOT NULL
        );
CREATE TABLE "sessions" (
            id INTEGER PRIMARY KEY,
            session_id TEXT NOT NULL,
            agent TEXT NOT NULL,
            memory_id TEXT,
            opened_at TEXT NOT NULL,
            ended_at TEXT,
            stored_at TEXT,
            summary_latency_s REAL
        , removed_by TEXT);
INSERT INTO "sessions" VALUES(1,'twice','AAAAAAAAAA/TSTALIASID@us-east-1','anna','2026-11-23T12:00:00.000000+00:00','2026-11-23T12:00:00.000000+00:00','2026-11-23T13:00:00.000000+00:00',46.7,NULL);
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
INSERT INTO "turns" VALUES(1,1,1,'2026-11-23T12:00:00.000000+00:00','I live in Oslo.','answered',0.1,0.2,NULL);
CREATE TABLE users (
            agent TEXT NOT NULL,
            memory_id TEXT NOT NULL,
            name TEXT NOT NULL DEFAULT '',
            draft TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (agent, memory_id)
        );
CREATE INDEX events_by_turn ON events (turn, id);
CREATE INDEX memories_by_id ON memories (agent, memory_id, session_id, id);
CREATE INDEX notes_by_turn ON notes (turn, id);
CREATE UNIQUE INDEX sessions_once ON sessions (session_id, agent, ifnull(memory_id, ''));
CREATE INDEX sessions_by_agent ON sessions (agent, memory_id, opened_at);
CREATE INDEX deletions_by_memory ON deletions (agent, memory_id, session_id);
COMMIT;
PRAGMA user_version = 6;
