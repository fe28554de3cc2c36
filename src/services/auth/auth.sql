-- Accounts, sign-ins and refresh tokens.

-- name: add_account :exec
-- in user_id text, role text, now_us int
INSERT INTO account (user_id, role, created_us) VALUES (:user_id, :role, :now_us);

-- name: get_role :optional
-- in user_id text
-- out role text
SELECT role FROM account WHERE user_id = :user_id;

-- name: add_sign_in :exec
-- in sign_in_id text, user_id text, device text, now_us int, proved_us int, expires_us int
INSERT INTO sign_in (sign_in_id, user_id, device, begun_us, seen_us, proved_us, expires_us, revoked_us, reason)
VALUES (:sign_in_id, :user_id, :device, :now_us, :now_us, :proved_us, :expires_us, 0, '');

-- name: add_refresh_token :exec
-- in hash text, sign_in_id text, expires_us int
INSERT INTO refresh_token (hash, sign_in_id, expires_us, used_us) VALUES (:hash, :sign_in_id, :expires_us, 0);

-- A token with its sign-in and whom it belongs to.
-- name: get_refresh_token :optional
-- in hash text
-- out sign_in_id text, user_id text, role text, expires_us int, used_us int, revoked_us int, proved_us int, begun_us int
SELECT refresh_token.sign_in_id, sign_in.user_id, account.role, refresh_token.expires_us, refresh_token.used_us, sign_in.revoked_us,
       sign_in.proved_us, sign_in.begun_us
FROM refresh_token
JOIN sign_in ON sign_in.sign_in_id = refresh_token.sign_in_id
JOIN account ON account.user_id = sign_in.user_id
WHERE refresh_token.hash = :hash;

-- Whoever changes the row has used it.
-- name: use_refresh_token :exec
-- in hash text, now_us int
UPDATE refresh_token SET used_us = :now_us WHERE hash = :hash AND used_us = 0;

-- name: touch_sign_in :exec
-- in sign_in_id text, now_us int, expires_us int
UPDATE sign_in SET seen_us = :now_us, expires_us = :expires_us WHERE sign_in_id = :sign_in_id;

-- name: get_sign_in_end :optional
-- in sign_in_id text
-- out expires_us int
SELECT expires_us FROM sign_in WHERE sign_in_id = :sign_in_id AND revoked_us = 0;

-- name: end_sign_in :exec
-- in sign_in_id text, user_id text, now_us int, reason text
UPDATE sign_in SET revoked_us = :now_us, reason = :reason
WHERE sign_in_id = :sign_in_id AND user_id = :user_id AND revoked_us = 0 AND expires_us > :now_us;

-- name: end_sign_ins :exec
-- in user_id text, now_us int, reason text
UPDATE sign_in SET revoked_us = :now_us, reason = :reason WHERE user_id = :user_id AND revoked_us = 0 AND expires_us > :now_us;

-- name: end_other_sign_ins :exec
-- in user_id text, sign_in_id text, now_us int, reason text
UPDATE sign_in SET revoked_us = :now_us, reason = :reason
WHERE user_id = :user_id AND sign_in_id <> :sign_in_id AND revoked_us = 0 AND expires_us > :now_us;

-- Those that go on, the latest seen first.
-- name: list_sign_ins :many
-- in user_id text, now_us int, most int
-- out sign_in_id text, device text, begun_us int, seen_us int, expires_us int
SELECT sign_in_id, device, begun_us, seen_us, expires_us FROM sign_in
WHERE user_id = :user_id AND revoked_us = 0 AND expires_us > :now_us ORDER BY seen_us DESC, sign_in_id DESC LIMIT :most;

-- Those of a user that ended at this very moment.
-- name: list_ended :many
-- in user_id text, at_us int
-- out sign_in_id text
SELECT sign_in_id FROM sign_in WHERE user_id = :user_id AND revoked_us = :at_us;

-- What any node has ended since.
-- name: list_revoked :each
-- in since_us int
-- out sign_in_id text, revoked_us int
SELECT sign_in_id, revoked_us FROM sign_in WHERE revoked_us >= :since_us AND revoked_us > 0;

-- name: drop_refresh_tokens :exec
-- in before_us int
DELETE FROM refresh_token WHERE expires_us < :before_us;

-- name: drop_sign_ins :exec
-- in before_us int
DELETE FROM sign_in WHERE expires_us < :before_us;

-- name: drop_errands :exec
-- in before_us int
DELETE FROM errand WHERE expires_us < :before_us;

-- Guests as whom nobody can go on: their sign-ins are gone.
-- name: list_idle_guests :many
-- in before_us int, most int
-- out user_id text
SELECT user_id FROM account WHERE role = 'guest' AND created_us < :before_us
    AND NOT EXISTS (SELECT 1 FROM sign_in WHERE sign_in.user_id = account.user_id)
ORDER BY created_us, user_id LIMIT :most;
