-- An endpoint that hung, or was slow, rests: what is for it waits, so that nothing else does. 0: it doesn't.
ALTER TABLE webhook ADD COLUMN hangs integer NOT NULL DEFAULT 0; -- one after the other
ALTER TABLE webhook ADD COLUMN resting_until_us bigint NOT NULL DEFAULT 0;
