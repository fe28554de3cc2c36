-- Inboxes.

-- row notice: notice_id text, template text, slots text, told_us int, read_us int

-- Whoever changes a row is the first to tell.
-- name: note_told :exec
-- in user_id text, told_key text, notice_id text, now_us int
INSERT INTO told (user_id, told_key, notice_id, told_us) VALUES (:user_id, :told_key, :notice_id, :now_us) ON CONFLICT (user_id, told_key) DO NOTHING;

-- name: get_told :one
-- in user_id text, told_key text
-- out notice_id text
SELECT notice_id FROM told WHERE user_id = :user_id AND told_key = :told_key;

-- name: add_notice :exec
-- in notice_id text, user_id text, template text, slots text, now_us int
INSERT INTO notice (notice_id, user_id, template, slots, told_us, read_us)
VALUES (:notice_id, :user_id, :template, :slots, :now_us, 0);

-- Those before one, the newest first.
-- name: list_notices :many
-- in user_id text, before_id text, most int
-- out notice
SELECT notice_id, template, slots, told_us, read_us FROM notice
WHERE user_id = :user_id AND notice_id < :before_id ORDER BY notice_id DESC LIMIT :most;

-- name: look_at_inbox :one
-- in user_id text
-- out notices int, unread int, newest text
SELECT COUNT(*) AS notices, COUNT(CASE WHEN read_us = 0 THEN 1 END) AS unread, COALESCE(MAX(notice_id), '') AS newest
FROM notice WHERE user_id = :user_id;

-- name: find_notice :optional
-- in user_id text, notice_id text
-- out notice_id text
SELECT notice_id FROM notice WHERE user_id = :user_id AND notice_id = :notice_id;

-- name: read_notice :exec
-- in user_id text, notice_id text, now_us int
UPDATE notice SET read_us = :now_us WHERE user_id = :user_id AND notice_id = :notice_id AND read_us = 0;

-- name: read_all_notices :exec
-- in user_id text, now_us int
UPDATE notice SET read_us = :now_us WHERE user_id = :user_id AND read_us = 0;

-- name: drop_notice :exec
-- in user_id text, notice_id text
DELETE FROM notice WHERE user_id = :user_id AND notice_id = :notice_id;

-- name: drop_notices_of :exec
-- in user_id text
DELETE FROM notice WHERE user_id = :user_id;

-- name: drop_told_of :exec
-- in user_id text
DELETE FROM told WHERE user_id = :user_id;

-- What both were told of: the other's own stays.
-- name: drop_notices_told_to_both :exec
-- in user_id text, other_id text
DELETE FROM notice WHERE user_id = :user_id AND notice_id IN
    (SELECT mine.notice_id FROM told AS mine JOIN told AS theirs ON theirs.told_key = mine.told_key
     WHERE mine.user_id = :user_id AND theirs.user_id = :other_id);

-- name: drop_told_to_both :exec
-- in user_id text, other_id text
DELETE FROM told WHERE user_id = :user_id AND told_key IN (SELECT theirs.told_key FROM told AS theirs WHERE theirs.user_id = :other_id);

-- name: move_notices :exec
-- in user_id text, other_id text
UPDATE notice SET user_id = :other_id WHERE user_id = :user_id;

-- name: move_told :exec
-- in user_id text, other_id text
UPDATE told SET user_id = :other_id WHERE user_id = :user_id;

-- name: sweep_notices :exec
-- in before_us int
DELETE FROM notice WHERE told_us < :before_us;

-- name: sweep_told :exec
-- in before_us int
DELETE FROM told WHERE told_us < :before_us;
