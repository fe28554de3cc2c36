-- row effect: number int, job_id text, kind text, input text

-- name: add :exec
-- in job_id text, kind text, input text
INSERT INTO effect (job_id, kind, input) VALUES (:job_id, :kind, :input);

-- name: list :many
-- out effect
SELECT number, job_id, kind, input FROM effect ORDER BY number;

-- name: count_of :one
-- in job_id text
-- out effects int
SELECT count(*) AS effects FROM effect WHERE job_id = :job_id;

-- name: count_all :one
-- out effects int
SELECT count(*) AS effects FROM effect;

-- name: count_jobs :one
-- out jobs int
SELECT count(DISTINCT job_id) AS jobs FROM effect;

-- Orders of which more than one goes at once.
-- name: count_crowded :one
-- out orders int
SELECT count(*) AS orders FROM (
    SELECT order_key FROM job WHERE order_key IS NOT NULL AND state IN ('later', 'ready', 'running') GROUP BY order_key HAVING count(*) > 1
) AS crowded;

-- What has ended and would never be thrown away.
-- name: count_kept_for_ever :one
-- out jobs int
SELECT count(*) AS jobs FROM job WHERE state IN ('done', 'dead', 'cancelled') AND expires_us = 0;

-- name: lease_of :one
-- in job_id text
-- out lease_until_us int
SELECT lease_until_us FROM job WHERE job_id = :job_id;

-- Who waits for another's transaction. A file has one writer at a time: whoever comes second waits.
-- name: count_waiting :one
-- out waiting int
-- sqlite
SELECT 1 AS waiting;
-- postgres
SELECT count(*) AS waiting FROM pg_locks WHERE NOT granted;
-- both

-- A world that begins anew.
-- name: drop_effects :exec
DELETE FROM effect;

-- name: drop_jobs :exec
DELETE FROM job;

-- name: drop_orders :exec
DELETE FROM job_order;

-- name: drop_lanes :exec
DELETE FROM job_lane;

-- name: drop_cron :exec
DELETE FROM job_cron;

-- name: drop_events :exec
DELETE FROM event;

-- name: drop_subjects :exec
DELETE FROM event_subject;

-- name: drop_consumed :exec
DELETE FROM event_consumed;
