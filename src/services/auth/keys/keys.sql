-- API keys.

-- name: add :exec
-- in key_id text, hash text, user_id text, name text, shown text, permissions text, now_us int, expires_us int
INSERT INTO api_key (key_id, hash, user_id, name, shown, permissions, created_us, expires_us, revoked_us, changed_us)
VALUES (:key_id, :hash, :user_id, :name, :shown, :permissions, :now_us, :expires_us, 0, :now_us);

-- name: count :one
-- in user_id text, now_us int
-- out count int
SELECT COUNT(*) AS count FROM api_key WHERE user_id = :user_id AND revoked_us = 0 AND (expires_us = 0 OR expires_us > :now_us);

-- name: list :many
-- in user_id text, now_us int, most int
-- out key_id text, name text, shown text, permissions text, created_us int, expires_us int
SELECT key_id, name, shown, permissions, created_us, expires_us FROM api_key
WHERE user_id = :user_id AND revoked_us = 0 AND (expires_us = 0 OR expires_us > :now_us) ORDER BY created_us DESC, key_id LIMIT :most;

-- name: revoke :exec
-- in key_id text, user_id text, now_us int
UPDATE api_key SET revoked_us = :now_us, changed_us = :now_us WHERE key_id = :key_id AND user_id = :user_id AND revoked_us = 0;

-- name: revoke_all :exec
-- in user_id text, now_us int
UPDATE api_key SET revoked_us = :now_us, changed_us = :now_us WHERE user_id = :user_id AND revoked_us = 0;

-- What has changed since, in that order.
-- name: list_changed :each
-- in since_us int
-- out key_id text, hash text, user_id text, permissions text, expires_us int, revoked_us int
SELECT key_id, hash, user_id, permissions, expires_us, revoked_us FROM api_key WHERE changed_us >= :since_us ORDER BY changed_us, key_id;

-- That they were revoked must be known; whose they were need not.
-- name: forget :exec
-- in user_id text
UPDATE api_key SET user_id = '', name = '' WHERE user_id = :user_id;

-- name: drop_over :exec
-- in before_us int
DELETE FROM api_key WHERE expires_us > 0 AND expires_us < :before_us;
