-- Members: their addresses, passwords, and what waits for a letter to be answered.

-- Whom an address belongs to, and what their password is compared with (absent: they have none).
-- name: find_member :optional
-- in email text
-- out user_id text, role text, hash text null
SELECT account.user_id, account.role, password.hash FROM email
JOIN account ON account.user_id = email.user_id
LEFT JOIN password ON password.user_id = email.user_id
WHERE email.email = :email;

-- name: get_account :optional
-- in user_id text
-- out role text, created_us int, email text null, shown text null, hash text null
SELECT account.role, account.created_us, email.email, email.shown, password.hash FROM account
LEFT JOIN email ON email.user_id = account.user_id
LEFT JOIN password ON password.user_id = account.user_id
WHERE account.user_id = :user_id;

-- name: list_accounts_of_role :many
-- in role text, most int
-- out user_id text
SELECT user_id FROM account WHERE role = :role ORDER BY user_id LIMIT :most;

-- name: put_account :exec
-- in user_id text, role text, now_us int
INSERT INTO account (user_id, role, created_us) VALUES (:user_id, :role, :now_us)
ON CONFLICT (user_id) DO UPDATE SET role = :role;

-- name: set_role :exec
-- in user_id text, role text
UPDATE account SET role = :role WHERE user_id = :user_id;

-- name: add_email :exec
-- in email text, user_id text, shown text, now_us int
INSERT INTO email (email, user_id, shown, verified_us) VALUES (:email, :user_id, :shown, :now_us);

-- name: move_email :exec
-- in user_id text, email text, shown text, now_us int
UPDATE email SET email = :email, shown = :shown, verified_us = :now_us WHERE user_id = :user_id;

-- name: put_password :exec
-- in user_id text, hash text, now_us int
INSERT INTO password (user_id, hash, changed_us) VALUES (:user_id, :hash, :now_us)
ON CONFLICT (user_id) DO UPDATE SET hash = :hash, changed_us = :now_us;

-- name: add_errand :exec
-- in hash text, purpose text, user_id text, email text, shown text, password_hash text, expires_us int
INSERT INTO errand (hash, purpose, user_id, email, shown, password_hash, expires_us)
VALUES (:hash, :purpose, :user_id, :email, :shown, :password_hash, :expires_us);

-- name: get_errand :optional
-- in hash text, purpose text, now_us int
-- out user_id text, email text, shown text, password_hash text, expires_us int
SELECT user_id, email, shown, password_hash, expires_us FROM errand WHERE hash = :hash AND purpose = :purpose AND expires_us > :now_us;

-- Until when the one of this kind can be run.
-- name: get_errand_end :optional
-- in user_id text, purpose text, now_us int
-- out expires_us int
SELECT expires_us FROM errand WHERE user_id = :user_id AND purpose = :purpose AND expires_us > :now_us;

-- Whoever deletes the row has run the errand.
-- name: take_errand :exec
-- in hash text
DELETE FROM errand WHERE hash = :hash;

-- name: drop_errands_of :exec
-- in user_id text, purpose text
DELETE FROM errand WHERE user_id = :user_id AND purpose = :purpose;

-- name: prove_sign_in :exec
-- in sign_in_id text, user_id text, now_us int
UPDATE sign_in SET proved_us = :now_us WHERE sign_in_id = :sign_in_id AND user_id = :user_id AND revoked_us = 0;

-- name: erase_account :exec
-- in user_id text
DELETE FROM account WHERE user_id = :user_id;

-- name: erase_email :exec
-- in user_id text
DELETE FROM email WHERE user_id = :user_id;

-- name: erase_password :exec
-- in user_id text
DELETE FROM password WHERE user_id = :user_id;

-- name: erase_errands :exec
-- in user_id text
DELETE FROM errand WHERE user_id = :user_id;

-- name: erase_refresh_tokens :exec
-- in user_id text
DELETE FROM refresh_token WHERE sign_in_id IN (SELECT sign_in_id FROM sign_in WHERE user_id = :user_id);

-- That they have ended must be known until the last access token is over; whose they were need not.
-- name: forget_sign_ins :exec
-- in user_id text
UPDATE sign_in SET user_id = '', device = '' WHERE user_id = :user_id;
