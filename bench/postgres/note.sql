-- What is written.

-- name: add :exec
-- in id text, words text
INSERT INTO note (id, words) VALUES (:id, :words);
