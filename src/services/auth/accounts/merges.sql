-- Guests whose history becomes an account's.

-- A guest's account is gone when somebody has merged it: whoever deletes the row merges.
-- name: take_guest :exec
-- in guest_id text
DELETE FROM account WHERE user_id = :guest_id AND role = 'guest';

-- name: add :exec
-- in guest_id text, user_id text, now_us int
INSERT INTO merge (guest_id, user_id, begun_us, moved_us) VALUES (:guest_id, :user_id, :now_us, 0);

-- row merge: guest_id text, user_id text, begun_us int, tries int, refusals int

-- Those whose turn it is: that haven't been done, and that are old enough to be done for the last time. What failed goes behind what didn't.
-- name: list_due :many
-- in now_us int, late_us int, most int
-- out merge
SELECT guest_id, user_id, begun_us, tries, refusals FROM merge
WHERE parked_us = 0 AND next_us <= :now_us AND (moved_us = 0 OR begun_us < :late_us)
ORDER BY next_us, begun_us, guest_id LIMIT :most;

-- name: list_of :many
-- in user_id text
-- out merge
SELECT guest_id, user_id, begun_us, tries, refusals FROM merge WHERE user_id = :user_id ORDER BY begun_us, guest_id;

-- name: note_moved :exec
-- in guest_id text, now_us int
UPDATE merge SET moved_us = :now_us, tries = 0, refusals = 0, next_us = 0, reason = '' WHERE guest_id = :guest_id;

-- name: note_failed :exec
-- in guest_id text, tries int, refusals int, next_us int, parked_us int, reason text
UPDATE merge SET tries = :tries, refusals = :refusals, next_us = :next_us, parked_us = :parked_us, reason = :reason
WHERE guest_id = :guest_id;

-- The first that wait for a person.
-- name: list_parked :many
-- in most int
-- out guest_id text, user_id text, reason text
SELECT guest_id, user_id, reason FROM merge WHERE parked_us > 0 ORDER BY parked_us, guest_id LIMIT :most;

-- name: count_parked :one
-- out count int
SELECT COUNT(*) AS count FROM merge WHERE parked_us > 0;

-- name: try_parked_again :exec
-- in refusals int
UPDATE merge SET parked_us = 0, next_us = 0, refusals = :refusals WHERE parked_us > 0;

-- name: drop :exec
-- in guest_id text
DELETE FROM merge WHERE guest_id = :guest_id;

-- name: erase :exec
-- in user_id text
DELETE FROM merge WHERE user_id = :user_id OR guest_id = :user_id;
