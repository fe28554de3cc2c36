-- Turns that were deleted and that the world hasn't forgotten yet.
CREATE TABLE erased_turn (
    turn_id TEXT NOT NULL PRIMARY KEY
);

CREATE INDEX session_of_user ON session (user_id, seen_us, session_id);
CREATE INDEX session_by_age ON session (seen_us);
