-- Whether a turn still has its visitor's words, in the index over all sessions: looking for old turns reads the index alone.
ALTER TABLE turn ADD COLUMN is_said BIGINT NOT NULL DEFAULT 1;
UPDATE turn SET is_said = 0 WHERE message = '';
DROP INDEX turn_of_user;
CREATE INDEX turn_of_user ON turn (user_id, at_us, turn_id, is_said);
