-- What can't be moved is tried again later and later. tries: since it went well last; refusals: how often it was refused, which another try
-- won't change; parked_us 0 = it is tried; reason: what was said last.
ALTER TABLE merge ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE merge ADD COLUMN refusals BIGINT NOT NULL DEFAULT 0;
ALTER TABLE merge ADD COLUMN next_us BIGINT NOT NULL DEFAULT 0;
ALTER TABLE merge ADD COLUMN parked_us BIGINT NOT NULL DEFAULT 0;
ALTER TABLE merge ADD COLUMN reason TEXT NOT NULL DEFAULT '';

CREATE INDEX merge_by_turn ON merge (parked_us, next_us);
