-- API keys. hash: SHA-256 of the key; permissions: names, separated by spaces; expires_us 0 = never; revoked_us 0 = it is good.
-- changed_us: when the row was made or revoked, for nodes that keep all keys in memory.
CREATE TABLE api_key (
    key_id TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    shown TEXT NOT NULL,
    permissions TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    revoked_us BIGINT NOT NULL,
    changed_us BIGINT NOT NULL
);

CREATE INDEX api_key_of_user ON api_key (user_id, created_us);
CREATE INDEX api_key_changed ON api_key (changed_us);
