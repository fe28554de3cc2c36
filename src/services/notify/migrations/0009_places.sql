-- Which of what somebody said is the latest, as the store decides; at_us stays when it was said by the clock of the
-- node that heard it.
-- sqlite
ALTER TABLE consent ADD COLUMN place BIGINT NOT NULL DEFAULT 0;
-- postgres
-- By default for nodes of before, which may be beside: they don't know of it.
ALTER TABLE consent
    ADD COLUMN place BIGINT NOT NULL DEFAULT ((EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT);
-- both
UPDATE consent SET place = at_us;

DROP INDEX consent_of_user;
CREATE INDEX consent_of_user ON consent (user_id, subject, place, consent_id);
CREATE INDEX consent_in_order ON consent (user_id, place, consent_id);
