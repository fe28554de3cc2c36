-- What is remembered of a visitor. Every query names whose.

-- The latest exchanges of a session, newest first.
-- name: list_buffer :many
-- in user_id text, session_id text, most int
-- out message text, content text
SELECT message, content FROM turn
WHERE user_id = :user_id AND session_id = :session_id ORDER BY number DESC LIMIT :most;
