-- When the local day began and ended as it was counted: the rules of its zone may have changed since. 0 and 0: it isn't
-- known.
ALTER TABLE roll_up ADD COLUMN begin_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE roll_up ADD COLUMN end_ms BIGINT NOT NULL DEFAULT 0;
