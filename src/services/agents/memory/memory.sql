-- What is remembered of a visitor. Every query names whose.

-- row item: memory_id text, user_id text, session_id text, turn_id text, at_us int, kind text, who text, entity text, label text, name_en text, name_ko text, score real, until_us int, closed_by text, state int

-- name: add :exec
-- in memory_id text, user_id text, session_id text, turn_id text, at_us int, kind text, who text, entity text, label text, name_en text, name_ko text, score real
INSERT INTO memory (memory_id, user_id, session_id, turn_id, at_us, kind, who, entity, label, name_en, name_ko, score,
                    until_us, closed_by, state)
VALUES (:memory_id, :user_id, :session_id, :turn_id, :at_us, :kind, :who, :entity, :label, :name_en, :name_ko, :score,
        0, '', 0);

-- What isn't forgotten, newest first; what doesn't hold any more, too.
-- name: list :many
-- in user_id text, most int
-- out item
SELECT memory_id, user_id, session_id, turn_id, at_us, kind, who, entity, label, name_en, name_ko, score, until_us,
       closed_by, state
FROM memory WHERE user_id = :user_id AND state <> 3 ORDER BY at_us DESC, memory_id DESC LIMIT :most;

-- From then on it doesn't hold, and the world is to be told so.
-- name: close :exec
-- in memory_id text, until_us int, closed_by text
UPDATE memory SET until_us = :until_us, closed_by = :closed_by, state = CASE WHEN state = 4 THEN 4 ELSE 0 END
WHERE memory_id = :memory_id AND until_us = 0 AND state <> 3;

-- What the one that is gone had closed holds again.
-- name: reopen :exec
-- in user_id text, closed_by text
UPDATE memory SET until_us = 0, closed_by = '', state = CASE WHEN state = 4 THEN 4 ELSE 0 END
WHERE user_id = :user_id AND closed_by = :closed_by AND state <> 3;

-- Forgotten, and nothing left of what was told; the id is kept until the world has forgotten it too.
-- name: forget :exec
-- in memory_id text, user_id text
UPDATE memory SET state = 3, session_id = '', kind = '', who = '', entity = '', label = '', name_en = '', name_ko = '',
                  score = 0
WHERE memory_id = :memory_id AND user_id = :user_id AND state <> 3;

-- The visitor's words of a turn, and the answer to them.
-- name: erase_turn :exec
-- in turn_id text, user_id text
UPDATE turn SET message = '', content = '', events = '', is_said = 0 WHERE turn_id = :turn_id AND user_id = :user_id;

-- What the world hasn't been told yet or is to forget, oldest first: the outbox.
-- name: list_pending :many
-- in most int
-- out item
SELECT memory_id, user_id, session_id, turn_id, at_us, kind, who, entity, label, name_en, name_ko, score, until_us,
       closed_by, state
FROM memory WHERE state = 0 OR state = 3 OR state = 4 ORDER BY at_us, memory_id LIMIT :most;

-- Unless it was closed, reopened or forgotten meanwhile. state: 1 = known, 2 = refused.
-- name: settle :exec
-- in memory_id text, until_us int, state int
UPDATE memory SET state = :state WHERE memory_id = :memory_id AND state = 0 AND until_us = :until_us;

-- The world has forgotten whose it was; it is to be told anew.
-- name: tell_anew :exec
-- in memory_id text
UPDATE memory SET state = 0 WHERE memory_id = :memory_id AND state = 4;

-- What isn't forgotten becomes another's, and the world is to hear whose.
-- name: move :exec
-- in user_id text, to_id text
UPDATE memory SET user_id = :to_id, state = CASE WHEN state = 3 THEN 3 ELSE 4 END WHERE user_id = :user_id;

-- name: rename_session :exec
-- in user_id text, session_id text, new_id text
UPDATE memory SET session_id = :new_id WHERE user_id = :user_id AND session_id = :session_id;

-- name: remove :exec
-- in memory_id text
DELETE FROM memory WHERE memory_id = :memory_id AND state = 3;

-- The turns of all sessions that still have the visitor's words, newest first; from the index alone.
-- name: list_said :many
-- in user_id text, most int
-- out turn_id text
SELECT turn_id FROM turn WHERE user_id = :user_id AND is_said = 1 ORDER BY at_us DESC, turn_id DESC LIMIT :most;

-- The answers of all sessions.
-- name: scan_answers :each
-- in user_id text
-- out turn_id text, content text
SELECT turn_id, content FROM turn WHERE user_id = :user_id ORDER BY at_us, turn_id;

-- name: get_turn :optional
-- in turn_id text, user_id text
-- out session_id text, at_us int, message text
SELECT session_id, at_us, message FROM turn WHERE turn_id = :turn_id AND user_id = :user_id;

-- What the visitor said in a session before a turn, newest first.
-- name: list_messages :many
-- in user_id text, session_id text, before int, most int
-- out message text
SELECT message FROM turn WHERE user_id = :user_id AND session_id = :session_id AND number < :before ORDER BY number DESC LIMIT :most;
