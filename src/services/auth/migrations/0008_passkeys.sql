-- Passkeys (WebAuthn). credential_id: base64url, as browsers say it; public_key: hexadecimal, as libfido2 has it, of a COSE algorithm;
-- counter: what the authenticator said last (0 = it doesn't count); used_us 0 = it hasn't signed in yet.
CREATE TABLE passkey (
    passkey_id TEXT NOT NULL PRIMARY KEY,
    credential_id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    algorithm BIGINT NOT NULL,
    public_key TEXT NOT NULL,
    counter BIGINT NOT NULL,
    added_us BIGINT NOT NULL,
    used_us BIGINT NOT NULL
);

CREATE INDEX passkey_of_user ON passkey (user_id, added_us);
