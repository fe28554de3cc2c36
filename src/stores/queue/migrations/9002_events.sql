-- What has happened and is told to others: added in the transaction that made it happen, handed out as jobs afterwards.
CREATE TABLE event (
    event_id text NOT NULL PRIMARY KEY, -- UUID version 7 of its number: those of a subject sort in the order they were told in
    number bigint NOT NULL,
    type text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL, -- the CloudEvent, JSON
    created_us bigint NOT NULL,
    is_waiting integer NOT NULL -- not handed out yet
);
CREATE INDEX event_waiting ON event (event_id) WHERE is_waiting = 1;
CREATE INDEX event_age ON event (created_us);

-- The latest number of a subject: its row is locked until the transaction that tells ends.
CREATE TABLE event_subject (
    subject text NOT NULL PRIMARY KEY,
    number bigint NOT NULL -- microseconds since 1970, moved on where the clock doesn't
);
CREATE INDEX event_subject_age ON event_subject (number);

-- What consumers that keep their things in this database have heard, whosever event it was.
CREATE TABLE event_consumed (
    event_id text NOT NULL,
    consumer text NOT NULL,
    at_us bigint NOT NULL,
    PRIMARY KEY (event_id, consumer)
);
CREATE INDEX event_consumed_age ON event_consumed (at_us);
