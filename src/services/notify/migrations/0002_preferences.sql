-- How somebody wants to be told: the clock they live by, hours of quiet (minutes of the day; the same twice: none), letters a day at the most.
CREATE TABLE person (
    user_id TEXT NOT NULL PRIMARY KEY,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    quiet_from BIGINT NOT NULL,
    quiet_until BIGINT NOT NULL,
    most_a_day BIGINT NOT NULL
);

-- What they said of a category by a channel; without a row it is as rules.c has it.
CREATE TABLE preference (
    user_id TEXT NOT NULL,
    category TEXT NOT NULL,
    channel TEXT NOT NULL,
    is_wanted BIGINT NOT NULL,
    PRIMARY KEY (user_id, category, channel)
);

-- What they agreed to or took back, when, and where they said so: the latest counts, the others are the proof.
CREATE TABLE consent (
    consent_id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    is_given BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    source TEXT NOT NULL
);

CREATE INDEX consent_of_user ON consent (user_id, subject, consent_id);

-- What became of a notice beyond the inbox. state: sending (also for good, when the program ended meanwhile: nobody is told twice), sent, or why not.
CREATE TABLE delivery (
    notice_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    user_id TEXT NOT NULL,
    state TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (notice_id, channel)
);

CREATE INDEX delivery_of_user ON delivery (user_id, channel, at_us);
CREATE INDEX delivery_by_age ON delivery (at_us);
