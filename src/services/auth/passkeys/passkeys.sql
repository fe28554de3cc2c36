-- Passkeys, and the other ways in.

-- name: add :exec
-- in passkey_id text, credential_id text, user_id text, name text, algorithm int, public_key text, counter int, now_us int
INSERT INTO passkey (passkey_id, credential_id, user_id, name, algorithm, public_key, counter, added_us, used_us)
VALUES (:passkey_id, :credential_id, :user_id, :name, :algorithm, :public_key, :counter, :now_us, 0)
ON CONFLICT DO NOTHING;

-- name: list :many
-- in user_id text, most int
-- out passkey_id text, credential_id text, name text, added_us int, used_us int
SELECT passkey_id, credential_id, name, added_us, used_us FROM passkey
WHERE user_id = :user_id ORDER BY added_us DESC, passkey_id DESC LIMIT :most;

-- name: find :optional
-- in credential_id text
-- out passkey_id text, user_id text, role text, algorithm int, public_key text, counter int
SELECT passkey.passkey_id, passkey.user_id, account.role, passkey.algorithm, passkey.public_key, passkey.counter FROM passkey
JOIN account ON account.user_id = passkey.user_id
WHERE passkey.credential_id = :credential_id;

-- Only upward, or not at all where it doesn't count (WebAuthn Level 2, section 7.2, step 21).
-- name: use :exec
-- in passkey_id text, counter int, now_us int
UPDATE passkey SET counter = :counter, used_us = :now_us
WHERE passkey_id = :passkey_id AND (counter < :counter OR (counter = 0 AND :counter = 0));

-- name: remove :exec
-- in passkey_id text, user_id text
DELETE FROM passkey WHERE passkey_id = :passkey_id AND user_id = :user_id;

-- How many ways in an account has: passkeys, an address (a letter to it sets a password), accounts at providers.
-- name: count_ways :one
-- in user_id text
-- out ways int
SELECT (SELECT COUNT(*) FROM passkey WHERE user_id = :user_id) + (SELECT COUNT(*) FROM email WHERE user_id = :user_id)
       + (SELECT COUNT(*) FROM link WHERE user_id = :user_id) AS ways;

-- name: erase :exec
-- in user_id text
DELETE FROM passkey WHERE user_id = :user_id;
