-- Days are counted in UTC from 1970-01-01 = 0. version: how often something of the day has changed, so that what was made of it is known to be old.
CREATE TABLE day (
    day BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);

-- All that a visitor did on a day. visitor: the 16 bytes of its id, the last first; without consent one byte, drawn by each event's id, so
-- that a row is many people's. events, details: row.h.
-- sqlite
CREATE TABLE visit (
    day BIGINT NOT NULL,
    visitor BLOB NOT NULL,
    events BLOB NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (day, visitor)
) WITHOUT ROWID;
-- postgres
CREATE TABLE visit (
    day BIGINT NOT NULL,
    visitor BYTEA NOT NULL,
    events BYTEA NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (day, visitor)
) PARTITION BY RANGE (day);
DO $$
DECLARE
    month DATE := DATE '2026-01-01';
BEGIN
    WHILE month < DATE '2031-01-01' LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF visit FOR VALUES FROM (%s) TO (%s)', 'visit_' || to_char(month, 'YYYY_MM'),
                       month - DATE '1970-01-01', (month + INTERVAL '1 month')::DATE - DATE '1970-01-01');
        month := month + INTERVAL '1 month';
    END LOOP;
END $$;
CREATE TABLE visit_other PARTITION OF visit DEFAULT;
-- both

-- Which visitors somebody was, signed in or as a guest.
-- sqlite
CREATE TABLE person (
    user_id TEXT NOT NULL,
    visitor BLOB NOT NULL,
    PRIMARY KEY (user_id, visitor)
);
-- postgres
CREATE TABLE person (
    user_id TEXT NOT NULL,
    visitor BYTEA NOT NULL,
    PRIMARY KEY (user_id, visitor)
);
-- both

-- Visitors who took back their consent, or whose person is gone.
-- sqlite
CREATE TABLE withdrawn (
    visitor BLOB NOT NULL PRIMARY KEY,
    day BIGINT NOT NULL
);
-- postgres
CREATE TABLE withdrawn (
    visitor BYTEA NOT NULL PRIMARY KEY,
    day BIGINT NOT NULL
);
-- both

-- Who first saw which variant of an experiment (its number in content/analytics/experiments.yaml), and when.
-- sqlite
CREATE TABLE exposure (
    experiment TEXT NOT NULL,
    visitor BLOB NOT NULL,
    variant BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (experiment, visitor)
);
-- postgres
CREATE TABLE exposure (
    experiment TEXT NOT NULL,
    visitor BYTEA NOT NULL,
    variant BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (experiment, visitor)
);
-- both
CREATE INDEX exposure_of_visitor ON exposure (visitor);
CREATE INDEX person_of_visitor ON person (visitor);

-- What was made of events, a row a local day. versions: the sum of the versions of the days that it was made of; while that is the same it is
-- right. content: JSON, as the measure writes it.
CREATE TABLE roll_up (
    measure TEXT NOT NULL,
    zone TEXT NOT NULL,
    day BIGINT NOT NULL,
    versions BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (measure, zone, day)
);
