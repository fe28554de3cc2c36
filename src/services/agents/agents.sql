-- Sessions and turns of conversations. A turn is stored whole, once, before the visitor gets its end.

-- row turn: number int, message text, content text, focus text, offered text, told text, products text, choices text, move text

-- The session's count of turns goes up by one; a new session begins.
-- name: touch_session :exec
-- in user_id text, session_id text, at_us int
INSERT INTO session (user_id, session_id, begun_us, seen_us, turns) VALUES (:user_id, :session_id, :at_us, :at_us, 1)
ON CONFLICT (user_id, session_id) DO UPDATE SET turns = session.turns + 1, seen_us = :at_us;

-- name: add_turn :exec
-- in turn_id text, agent text, user_id text, session_id text, at_us int, language text, outcome text, message text, content text, focus text, offered text, told text, products text, choices text, move text, events text
INSERT INTO turn (turn_id, agent, user_id, session_id, number, at_us, language, outcome, message, content, focus, offered, told,
                  products, choices, move, events)
SELECT :turn_id, :agent, :user_id, :session_id, session.turns, :at_us, :language, :outcome, :message, :content, :focus, :offered, :told,
       :products, :choices, :move, :events
FROM session WHERE session.user_id = :user_id AND session.session_id = :session_id;

-- The latest turns of a session, newest first.
-- name: list_turns :many
-- in user_id text, session_id text, most int
-- out turn
SELECT number, message, content, focus, offered, told, products, choices, move FROM turn
WHERE user_id = :user_id AND session_id = :session_id ORDER BY number DESC LIMIT :most;

-- What the visitor said in them and when, and the products that the answers talked about.
-- name: list_talked :many
-- in user_id text, session_id text, most int
-- out message text, at_us int, products text
SELECT message, at_us, products FROM turn WHERE user_id = :user_id AND session_id = :session_id ORDER BY number DESC LIMIT :most;

-- How many turns the session has.
-- name: count_turns :optional
-- in user_id text, session_id text
-- out turns int
SELECT turns FROM session WHERE user_id = :user_id AND session_id = :session_id;

-- name: get_turn :optional
-- in turn_id text
-- out user_id text, session_id text, events text
SELECT user_id, session_id, events FROM turn WHERE turn_id = :turn_id;

-- Turns the world hasn't confirmed yet, oldest first: the outbox.
-- name: list_unrecorded :many
-- in most int
-- out turn_id text, agent text, user_id text, session_id text, at_us int, language text, outcome text
SELECT turn_id, agent, user_id, session_id, at_us, language, outcome FROM unrecorded_turn ORDER BY at_us, turn_id LIMIT :most;

-- name: note_unrecorded :exec
-- in turn_id text, agent text, user_id text, session_id text, at_us int, language text, outcome text
INSERT INTO unrecorded_turn (turn_id, agent, user_id, session_id, at_us, language, outcome)
VALUES (:turn_id, :agent, :user_id, :session_id, :at_us, :language, :outcome);

-- Confirmed, or refused for good.
-- name: drop_unrecorded :exec
-- in at_us int, turn_id text
DELETE FROM unrecorded_turn WHERE at_us = :at_us AND turn_id = :turn_id;

-- name: erase_unrecorded :exec
-- in user_id text, session_id text
DELETE FROM unrecorded_turn WHERE user_id = :user_id AND session_id = :session_id;

-- The sessions of a visitor, the latest first, behind a place in that order; each with the first message that wasn't forgotten.
-- name: list_sessions :many
-- in user_id text, before_us int, before_id text, most int
-- out session_id text, begun_us int, seen_us int, turns int, began text
SELECT session_id, begun_us, seen_us, turns,
       COALESCE((SELECT turn.message FROM turn WHERE turn.user_id = session.user_id AND turn.session_id = session.session_id
                 AND turn.message <> '' ORDER BY turn.number LIMIT 1), '') AS began
FROM session
WHERE user_id = :user_id AND (seen_us < :before_us OR (seen_us = :before_us AND session_id < :before_id))
ORDER BY seen_us DESC, session_id DESC LIMIT :most;

-- name: list_session_turns :many
-- in user_id text, session_id text, behind int, most int
-- out turn_id text, number int, at_us int, language text, outcome text, message text, content text
SELECT turn_id, number, at_us, language, outcome, message, content FROM turn
WHERE user_id = :user_id AND session_id = :session_id AND number > :behind ORDER BY number LIMIT :most;

-- Sessions that nobody has spoken in since.
-- name: list_stale_sessions :many
-- in before_us int, most int
-- out user_id text, session_id text
SELECT user_id, session_id FROM session WHERE seen_us < :before_us ORDER BY seen_us LIMIT :most;

-- The world is to forget these turns.
-- name: note_erased_turns :exec
-- in user_id text, session_id text
INSERT INTO erased_turn (turn_id) SELECT turn_id FROM turn WHERE user_id = :user_id AND session_id = :session_id;

-- name: erase_turns :exec
-- in user_id text, session_id text
DELETE FROM turn WHERE user_id = :user_id AND session_id = :session_id;

-- name: erase_session :exec
-- in user_id text, session_id text
DELETE FROM session WHERE user_id = :user_id AND session_id = :session_id;

-- name: list_erased_turns :many
-- in most int
-- out turn_id text
SELECT turn_id FROM erased_turn ORDER BY turn_id LIMIT :most;

-- name: drop_erased_turn :exec
-- in turn_id text
DELETE FROM erased_turn WHERE turn_id = :turn_id;

-- name: add_waiting_turn :exec
-- in turn_id text, approval_id text, user_id text, session_id text, until_us int, record text
INSERT INTO waiting_turn (turn_id, approval_id, user_id, session_id, until_us, record, state)
VALUES (:turn_id, :approval_id, :user_id, :session_id, :until_us, :record, 0)
ON CONFLICT (turn_id) DO UPDATE SET approval_id = :approval_id, until_us = :until_us, record = :record, state = 0;

-- name: get_waiting_turn :optional
-- in turn_id text
-- out approval_id text, user_id text, until_us int, record text, state int
SELECT approval_id, user_id, until_us, record, state FROM waiting_turn WHERE turn_id = :turn_id;

-- Whoever changes the row has decided.
-- name: decide_waiting_turn :exec
-- in turn_id text, approval_id text, state int
UPDATE waiting_turn SET state = :state WHERE turn_id = :turn_id AND approval_id = :approval_id AND state = 0;

-- name: end_waiting_turn :exec
-- in turn_id text
UPDATE waiting_turn SET record = '' WHERE turn_id = :turn_id;

-- Decided, but not at their end: the process was killed.
-- name: list_decided_turns :many
-- in most int
-- out record text, state int, approval_id text
SELECT record, state, approval_id FROM waiting_turn WHERE state > 0 AND record <> '' ORDER BY turn_id LIMIT :most;

-- name: drop_late_turns :exec
-- in before_us int
DELETE FROM waiting_turn WHERE state = 0 AND until_us < :before_us;

-- name: erase_waiting_turns :exec
-- in user_id text, session_id text
DELETE FROM waiting_turn WHERE user_id = :user_id AND session_id = :session_id;

-- Conversations of one whose names another has, too.
-- name: list_names_of_both :many
-- in user_id text, other_id text
-- out session_id text
SELECT session.session_id FROM session JOIN session other ON other.session_id = session.session_id
WHERE session.user_id = :user_id AND other.user_id = :other_id ORDER BY session.session_id;

-- name: rename_session :exec
-- in user_id text, session_id text, new_id text
UPDATE session SET session_id = :new_id WHERE user_id = :user_id AND session_id = :session_id;

-- name: rename_turns :exec
-- in user_id text, session_id text, new_id text
UPDATE turn SET session_id = :new_id WHERE user_id = :user_id AND session_id = :session_id;

-- name: rename_unrecorded :exec
-- in user_id text, session_id text, new_id text
UPDATE unrecorded_turn SET session_id = :new_id WHERE user_id = :user_id AND session_id = :session_id;

-- name: move_sessions :exec
-- in user_id text, to_id text
UPDATE session SET user_id = :to_id WHERE user_id = :user_id;

-- name: move_turns :exec
-- in user_id text, to_id text
UPDATE turn SET user_id = :to_id WHERE user_id = :user_id;

-- name: move_unrecorded :exec
-- in user_id text, to_id text
UPDATE unrecorded_turn SET user_id = :to_id WHERE user_id = :user_id;

-- name: erase_all_waiting_turns :exec
-- in user_id text
DELETE FROM waiting_turn WHERE user_id = :user_id;
