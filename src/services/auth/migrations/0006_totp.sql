-- Apps that give codes (RFC 6238). sealed: the secret, under a key that isn't in this store (seal.h); confirmed_us 0 = no code of it was
-- shown yet, so none is asked for; used_step: the last step whose code was accepted: it and those before aren't again.
CREATE TABLE totp (
    user_id TEXT NOT NULL PRIMARY KEY,
    sealed TEXT NOT NULL,
    confirmed_us BIGINT NOT NULL,
    used_step BIGINT NOT NULL
);

-- What takes a code's place, once. hash: SHA-256 of 120 random bits.
CREATE TABLE recovery_code (
    hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL
);

CREATE INDEX recovery_code_of_user ON recovery_code (user_id);
