-- Guests who signed in to an account: what other services keep of them is to become the account's. moved_us 0 = it hasn't yet; the row
-- goes when it has been done once more, a while after, for what was under way.
CREATE TABLE merge (
    guest_id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    begun_us BIGINT NOT NULL,
    moved_us BIGINT NOT NULL
);

CREATE INDEX merge_of_user ON merge (user_id);
