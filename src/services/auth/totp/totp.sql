-- Apps that give codes, and recovery codes.

-- name: find :optional
-- in user_id text
-- out sealed text, confirmed_us int, used_step int
SELECT sealed, confirmed_us, used_step FROM totp WHERE user_id = :user_id;

-- One that is asked for already stays.
-- name: put :exec
-- in user_id text, sealed text
INSERT INTO totp (user_id, sealed, confirmed_us, used_step) VALUES (:user_id, :sealed, 0, 0)
ON CONFLICT (user_id) DO UPDATE SET sealed = :sealed WHERE totp.confirmed_us = 0;

-- All of them, a page at a time.
-- name: list_sealed :many
-- in after text, most int
-- out user_id text, sealed text
SELECT user_id, sealed FROM totp WHERE user_id > :after ORDER BY user_id LIMIT :most;

-- What was changed meanwhile stays.
-- name: reseal :exec
-- in user_id text, was text, sealed text
UPDATE totp SET sealed = :sealed WHERE user_id = :user_id AND sealed = :was;

-- name: confirm :exec
-- in user_id text, now_us int
UPDATE totp SET confirmed_us = :now_us WHERE user_id = :user_id AND confirmed_us = 0;

-- Whoever changes the row has used the code.
-- name: use_step :exec
-- in user_id text, step int
UPDATE totp SET used_step = :step WHERE user_id = :user_id AND used_step < :step;

-- name: erase :exec
-- in user_id text
DELETE FROM totp WHERE user_id = :user_id;

-- name: add_recovery_code :exec
-- in hash text, user_id text
INSERT INTO recovery_code (hash, user_id) VALUES (:hash, :user_id);

-- Whoever deletes the row has used the code.
-- name: use_recovery_code :exec
-- in hash text, user_id text
DELETE FROM recovery_code WHERE hash = :hash AND user_id = :user_id;

-- name: count_recovery_codes :one
-- in user_id text
-- out count int
SELECT COUNT(*) AS count FROM recovery_code WHERE user_id = :user_id;

-- name: erase_recovery_codes :exec
-- in user_id text
DELETE FROM recovery_code WHERE user_id = :user_id;

-- Whose second step it is, and when their password changed last.
-- name: get_member :optional
-- in user_id text
-- out role text, changed_us int
SELECT account.role, password.changed_us FROM account
JOIN password ON password.user_id = account.user_id
WHERE account.user_id = :user_id;
