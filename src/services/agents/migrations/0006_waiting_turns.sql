-- Turns that wait for a visitor's decision. state: 0 = for it, 1 = approved, 2 = refused. What they are made of (record) is empty once
-- the turn has ended; the decision stays, so that the same again is known.
CREATE TABLE waiting_turn (
    turn_id TEXT NOT NULL PRIMARY KEY,
    approval_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    until_us BIGINT NOT NULL,
    record TEXT NOT NULL,
    state BIGINT NOT NULL
);

CREATE INDEX waiting_turn_by_time ON waiting_turn (state, until_us);
