-- Years of birth.

-- row age: birth_year int, declared_us int, verifier text, verified_us int, expires_us int

-- name: get :optional
-- in user_id text
-- out age
SELECT birth_year, declared_us, verifier, verified_us, expires_us FROM age WHERE user_id = :user_id;

-- Said for the first time.
-- name: declare :exec
-- in user_id text, birth_year int, now_us int
INSERT INTO age (user_id, birth_year, declared_us, verifier, verified_us, expires_us)
VALUES (:user_id, :birth_year, :now_us, '', 0, 0) ON CONFLICT (user_id) DO NOTHING;

-- name: verify :exec
-- in user_id text, birth_year int, verifier text, now_us int, expires_us int
INSERT INTO age (user_id, birth_year, declared_us, verifier, verified_us, expires_us)
VALUES (:user_id, :birth_year, :now_us, :verifier, :now_us, :expires_us)
ON CONFLICT (user_id) DO UPDATE SET birth_year = :birth_year, verifier = :verifier, verified_us = :now_us, expires_us = :expires_us;

-- A guest's becomes the account's, where that has none.
-- name: move :exec
-- in guest_id text, user_id text
UPDATE age SET user_id = :user_id
WHERE user_id = :guest_id AND NOT EXISTS (SELECT 1 FROM age other WHERE other.user_id = :user_id);

-- name: erase :exec
-- in user_id text
DELETE FROM age WHERE user_id = :user_id;

-- name: drop_expired :exec
-- in before_us int
DELETE FROM age WHERE verified_us > 0 AND expires_us < :before_us;
