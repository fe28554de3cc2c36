-- How a member is reached and signs in. email: as it is compared (lower case); shown: as it was typed. Never there unless verified.
CREATE TABLE email (
    email TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE,
    shown TEXT NOT NULL,
    verified_us BIGINT NOT NULL
);

-- hash: Argon2id, with its parameters and salt.
CREATE TABLE password (
    user_id TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL,
    changed_us BIGINT NOT NULL
);

-- What a letter's token stands for, once. purpose: sign-up, reset, email; or nothing, for a letter that has no token (it is written
-- all the same, so that it takes as long). Of a sign-up the address and the password's hash wait here until it is confirmed.
CREATE TABLE errand (
    hash TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    user_id TEXT NOT NULL,
    email TEXT NOT NULL,
    shown TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    expires_us BIGINT NOT NULL
);

CREATE INDEX errand_of_user ON errand (user_id, purpose);
CREATE INDEX errand_by_end ON errand (expires_us);
