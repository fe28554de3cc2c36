-- What happened and is to be told to others: written with it, dropped once it is handed over.
CREATE TABLE outbox (
    number INTEGER PRIMARY KEY, -- the order of commits: microseconds since 1970, moved on where the clock isn't
    id TEXT NOT NULL,
    what INTEGER NOT NULL, -- GraphHappened
    key TEXT NOT NULL,
    event_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    nodes INTEGER NOT NULL,
    traceparent TEXT NOT NULL
);

-- The latest number, also once its row is gone.
ALTER TABLE state ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
