-- Where events are posted to. 0 is "never" for every moment.
CREATE TABLE webhook (
    webhook_id text NOT NULL PRIMARY KEY, -- UUID version 7
    url text NOT NULL,
    types text NOT NULL, -- patterns, parted by blanks
    description text NOT NULL,
    secret text NOT NULL, -- sealed
    previous_secret text NOT NULL, -- sealed; '': none
    previous_until_us bigint NOT NULL, -- it signs, too, until then
    is_enabled integer NOT NULL,
    created_us bigint NOT NULL
);

-- What is posted: an event that some webhook asked for.
CREATE TABLE message (
    event_id text NOT NULL PRIMARY KEY,
    type text NOT NULL,
    body text NOT NULL, -- the CloudEvent
    created_us bigint NOT NULL
);
CREATE INDEX message_age ON message (created_us, event_id);

CREATE TABLE delivery (
    webhook_id text NOT NULL,
    event_id text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    tries integer NOT NULL,
    status integer NOT NULL, -- of the last answer; 0: none
    reason text NOT NULL, -- why it wasn't delivered at the last try
    changed_us bigint NOT NULL,
    PRIMARY KEY (webhook_id, event_id)
);
CREATE INDEX delivery_event ON delivery (event_id);
