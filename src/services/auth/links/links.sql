-- Links between accounts of providers and ours.

-- name: find_link :optional
-- in issuer text, subject text
-- out user_id text, role text
SELECT link.user_id, account.role FROM link
JOIN account ON account.user_id = link.user_id
WHERE link.issuer = :issuer AND link.subject = :subject;

-- name: add_link :exec
-- in issuer text, subject text, user_id text, now_us int
INSERT INTO link (issuer, subject, user_id, linked_us) VALUES (:issuer, :subject, :user_id, :now_us);

-- name: erase_links :exec
-- in user_id text
DELETE FROM link WHERE user_id = :user_id;

-- name: list :many
-- in user_id text, most int
-- out issuer text, subject text, linked_us int
SELECT issuer, subject, linked_us FROM link WHERE user_id = :user_id ORDER BY linked_us, issuer, subject LIMIT :most;
