-- Sessions and turns of conversations. A turn is stored whole, once, before the visitor gets its end.

-- row turn: content text, focus text, offered text, told text, products text, choices text, move text

-- The session's count of turns goes up by one; a new session begins.
-- name: touch_session :exec
-- in user_id text, session_id text, at_us int
INSERT INTO session (user_id, session_id, begun_us, seen_us, turns) VALUES (:user_id, :session_id, :at_us, :at_us, 1)
ON CONFLICT (user_id, session_id) DO UPDATE SET turns = session.turns + 1, seen_us = :at_us;

-- name: add_turn :exec
-- in turn_id text, user_id text, session_id text, at_us int, language text, outcome text, message text, content text, focus text, offered text, told text, products text, choices text, move text, events text
INSERT INTO turn (turn_id, user_id, session_id, number, at_us, language, outcome, message, content, focus, offered, told,
                  products, choices, move, events, recorded)
SELECT :turn_id, :user_id, :session_id, session.turns, :at_us, :language, :outcome, :message, :content, :focus, :offered, :told,
       :products, :choices, :move, :events, 0
FROM session WHERE session.user_id = :user_id AND session.session_id = :session_id;

-- The latest turns of a session, newest first.
-- name: list_turns :many
-- in user_id text, session_id text, most int
-- out turn
SELECT content, focus, offered, told, products, choices, move FROM turn
WHERE user_id = :user_id AND session_id = :session_id ORDER BY number DESC LIMIT :most;

-- What the visitor said last in the session, newest first.
-- name: list_said :many
-- in user_id text, session_id text, most int
-- out message text
SELECT message FROM turn WHERE user_id = :user_id AND session_id = :session_id ORDER BY number DESC LIMIT :most;

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
-- out turn_id text, user_id text, session_id text, at_us int, language text, outcome text
SELECT turn_id, user_id, session_id, at_us, language, outcome FROM turn WHERE recorded = 0 ORDER BY at_us, turn_id LIMIT :most;

-- state: 1 = confirmed, 2 = refused for good.
-- name: mark_recorded :exec
-- in turn_id text, state int
UPDATE turn SET recorded = :state WHERE turn_id = :turn_id;
