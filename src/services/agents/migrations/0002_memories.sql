-- What visitors told about themselves. state: 0 = the world is to be told what holds, 1 = it knows, 2 = it refused for
-- good, 3 = forgotten: the world is to forget it, then the row goes. until_us 0 = it still holds.
CREATE TABLE memory (
    memory_id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    turn_id TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    kind TEXT NOT NULL,
    who TEXT NOT NULL,
    entity TEXT NOT NULL,
    label TEXT NOT NULL,
    name_en TEXT NOT NULL,
    name_ko TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    until_us BIGINT NOT NULL,
    closed_by TEXT NOT NULL,
    state BIGINT NOT NULL
);

CREATE INDEX memory_of_user ON memory (user_id, at_us, memory_id);
CREATE INDEX memory_pending ON memory (state, at_us, memory_id);

-- What was said in a session before its latest turns, in few words.
CREATE TABLE summary (
    user_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    lines TEXT NOT NULL,
    PRIMARY KEY (user_id, session_id)
);

-- A visitor's own words over all sessions, newest first.
CREATE INDEX turn_of_user ON turn (user_id, at_us, turn_id);
