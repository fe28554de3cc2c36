-- Turns that the world hasn't confirmed yet, apart from the turns: that one is confirmed doesn't write all its words anew.
CREATE TABLE unrecorded_turn (
    at_us BIGINT NOT NULL,
    turn_id TEXT NOT NULL,
    agent TEXT NOT NULL,
    user_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    language TEXT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (at_us, turn_id)
);

INSERT INTO unrecorded_turn (at_us, turn_id, agent, user_id, session_id, language, outcome)
SELECT at_us, turn_id, agent, user_id, session_id, language, outcome FROM turn WHERE recorded = 0;

DROP INDEX turn_unrecorded;
ALTER TABLE turn DROP COLUMN recorded;
