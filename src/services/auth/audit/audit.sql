-- The audit log. What it is a chain of: audit.c.

-- name: get_head :optional
-- out number int, hash text
SELECT number, hash FROM audit_head WHERE id = 1;

-- name: put_head :exec
-- in number int, hash text
INSERT INTO audit_head (id, number, hash) VALUES (1, :number, :hash) ON CONFLICT (id) DO UPDATE SET number = :number, hash = :hash;

-- name: add :exec
-- in number int, at_us int, act text, actor text, subject text, detail text, hash text
INSERT INTO audit (number, at_us, act, actor, subject, detail, hash) VALUES (:number, :at_us, :act, :actor, :subject, :detail, :hash);

-- row entry: number int, at_us int, act text, actor text, subject text, detail text, hash text

-- name: walk :each
-- out entry
SELECT number, at_us, act, actor, subject, detail, hash FROM audit ORDER BY number;

-- name: list :many
-- in before int, most int
-- out entry
SELECT number, at_us, act, actor, subject, detail, hash FROM audit WHERE number < :before ORDER BY number DESC LIMIT :most;

-- name: list_of :many
-- in subject text, most int
-- out entry
SELECT number, at_us, act, actor, subject, detail, hash FROM audit WHERE subject = :subject ORDER BY number DESC LIMIT :most;
