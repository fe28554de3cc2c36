-- Everybody who may be asked for by name of id; role: a name of the contract's x-roles.
CREATE TABLE account (
    user_id TEXT NOT NULL PRIMARY KEY,
    role TEXT NOT NULL,
    created_us BIGINT NOT NULL
);

-- A sign-in on one device, and the family of refresh tokens that were made of each other. revoked_us 0 = it goes on.
CREATE TABLE sign_in (
    sign_in_id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    device TEXT NOT NULL,
    begun_us BIGINT NOT NULL,
    seen_us BIGINT NOT NULL,
    proved_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    revoked_us BIGINT NOT NULL,
    reason TEXT NOT NULL
);

CREATE INDEX sign_in_of_user ON sign_in (user_id, seen_us);
CREATE INDEX sign_in_revoked ON sign_in (revoked_us) WHERE revoked_us > 0;
CREATE INDEX sign_in_by_end ON sign_in (expires_us);

-- hash: SHA-256 of the token, as hexadecimal digits. A used one stays until it is over: coming again it tells of a thief.
CREATE TABLE refresh_token (
    hash TEXT NOT NULL PRIMARY KEY,
    sign_in_id TEXT NOT NULL,
    expires_us BIGINT NOT NULL,
    used_us BIGINT NOT NULL
);

CREATE INDEX refresh_token_of_sign_in ON refresh_token (sign_in_id);
CREATE INDEX refresh_token_by_end ON refresh_token (expires_us);
