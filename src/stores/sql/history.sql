-- What the store itself asks: the bookkeeping of migrate.c, which migrations a database has; and saying something.

-- Whether the table of the others exists yet.
-- name: count_tables :one
-- out tables int
-- sqlite
SELECT count(*) AS tables FROM sqlite_master WHERE type = 'table' AND name = 'schema_history';
-- postgres
SELECT count(*) AS tables FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_history';

-- Whether the place for tables that the connection was set up for exists yet; a file is one.
-- name: count_schemas :one
-- out schemas int
-- sqlite
SELECT 1 AS schemas;
-- postgres
SELECT count(*) AS schemas FROM pg_namespace WHERE nspname = current_schema();

-- name: list :many
-- out version int, name text, digest text
SELECT version, name, digest FROM schema_history ORDER BY version;

-- name: add :exec
-- in version int, name text, digest text
INSERT INTO schema_history (version, name, digest) VALUES (:version, :name, :digest);

-- To every process that listens; a file has no such listeners.
-- name: say :one
-- in message text
-- out said int
-- sqlite
SELECT length(:message) AS said;
-- postgres
SELECT count(*) AS said FROM pg_notify(current_schema(), :message);
