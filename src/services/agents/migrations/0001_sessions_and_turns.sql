CREATE TABLE session (
    user_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    begun_us BIGINT NOT NULL,
    seen_us BIGINT NOT NULL,
    turns BIGINT NOT NULL,
    PRIMARY KEY (user_id, session_id)
);

CREATE TABLE turn (
    turn_id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    language TEXT NOT NULL,
    outcome TEXT NOT NULL,
    message TEXT NOT NULL,
    content TEXT NOT NULL,
    focus TEXT NOT NULL,
    offered TEXT NOT NULL,
    told TEXT NOT NULL,
    products TEXT NOT NULL,
    events TEXT NOT NULL,
    recorded BIGINT NOT NULL,
    UNIQUE (user_id, session_id, number)
);

CREATE INDEX turn_unrecorded ON turn (at_us, turn_id) WHERE recorded = 0;
