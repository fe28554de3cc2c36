-- What was applied to this database, and when. The digest tells when a migration was changed afterwards.
CREATE TABLE IF NOT EXISTS schema_history (
    version integer NOT NULL PRIMARY KEY,
    name text NOT NULL,
    digest text NOT NULL,
    applied_at text NOT NULL DEFAULT CURRENT_TIMESTAMP
);
