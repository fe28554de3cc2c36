-- What somebody says of their year of birth. verified_us 0 = nobody has verified it; verifier: who has; expires_us: until when that counts.
CREATE TABLE age (
    user_id TEXT NOT NULL PRIMARY KEY,
    birth_year BIGINT NOT NULL,
    declared_us BIGINT NOT NULL,
    verifier TEXT NOT NULL,
    verified_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL
);
