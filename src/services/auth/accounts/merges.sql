-- Guests whose history becomes an account's.

-- A guest's account is gone when somebody has merged it: whoever deletes the row merges.
-- name: take_guest :exec
-- in guest_id text
DELETE FROM account WHERE user_id = :guest_id AND role = 'guest';

-- name: add :exec
-- in guest_id text, user_id text, now_us int
INSERT INTO merge (guest_id, user_id, begun_us, moved_us) VALUES (:guest_id, :user_id, :now_us, 0);

-- row merge: guest_id text, user_id text, begun_us int

-- Those that haven't been done, and those that are old enough to be done for the last time.
-- name: list_due :many
-- in late_us int, most int
-- out merge
SELECT guest_id, user_id, begun_us FROM merge WHERE moved_us = 0 OR begun_us < :late_us ORDER BY begun_us, guest_id LIMIT :most;

-- name: list_of :many
-- in user_id text
-- out merge
SELECT guest_id, user_id, begun_us FROM merge WHERE user_id = :user_id ORDER BY begun_us, guest_id;

-- name: note_moved :exec
-- in guest_id text, now_us int
UPDATE merge SET moved_us = :now_us WHERE guest_id = :guest_id;

-- name: drop :exec
-- in guest_id text
DELETE FROM merge WHERE guest_id = :guest_id;

-- name: erase :exec
-- in user_id text
DELETE FROM merge WHERE user_id = :user_id OR guest_id = :user_id;
