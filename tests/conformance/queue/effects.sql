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
