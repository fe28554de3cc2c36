-- Who says something. All that was recorded is of the first: its own origin is "event:" and the event's id.
CREATE TABLE origin (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO origin (id, name) VALUES (1, 'events');

-- Grows by one with each put, replace or retract that changed something.
CREATE TABLE state (version INTEGER NOT NULL);
INSERT INTO state (version) VALUES (0);

-- The sum of a node's claims. What lists need of it (its main label and name) stands before the long texts, so that
-- reading twenty neighbours neither parses nor passes those. A node that is gone keeps its row, as it last was.
CREATE TABLE node (
    key TEXT NOT NULL UNIQUE,
    shown INTEGER NOT NULL, -- 0 gone, 1 claimed, 2 nobody claims it, but something refers to it
    label TEXT NOT NULL,
    name TEXT NOT NULL GENERATED ALWAYS AS (coalesce(properties ->> '$.name', properties ->> '$.title', key)) STORED,
    since_us INTEGER NOT NULL,
    did_us INTEGER, -- when it did the first thing that was recorded of it
    labels TEXT NOT NULL, -- a JSON array
    properties TEXT NOT NULL -- a JSON object
);
CREATE INDEX node_by_label ON node (label, key) WHERE shown > 0;
-- A node is looked for by each of its labels; few have more than the main one.
CREATE INDEX node_of_many_labels ON node (key) WHERE shown > 0 AND json_array_length(labels) > 1;

-- What each origin says of a node, in the order of writing. Texts that are NULL are those of the node's row.
-- written and closed are turns: 2 x the version that the writing made, or 2 x the version + 1 for what was recorded
-- between that one and the next. They tell what could be said when, should an origin be retracted.
CREATE TABLE node_claim (
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    line INTEGER NOT NULL,
    since_us INTEGER NOT NULL,
    until_us INTEGER, -- NULL: still
    written INTEGER NOT NULL,
    closed INTEGER,
    labels TEXT,
    properties TEXT,
    PRIMARY KEY (key, seq)
) WITHOUT ROWID;
CREATE INDEX node_claim_of_origin ON node_claim (origin) WHERE origin > 1;

-- A row a claim. Of all open claims for one relationship (a type and two ends, where it doesn't repeat) one is shown:
-- what was recorded before what was told, then the oldest. It stands for their sum.
-- order_us is minus the time, so that the newest comes first in indexes that ascend. The ends' keys are in the
-- indexes, because lists are ordered by them: a page of neighbours is one range of one index, however many there are.
CREATE TABLE relationship (
    id INTEGER PRIMARY KEY, -- the order of writing
    type TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    order_us INTEGER NOT NULL,
    until_us INTEGER, -- NULL: still
    shown INTEGER NOT NULL,
    repeats INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    line INTEGER NOT NULL,
    written INTEGER NOT NULL, -- turns, as above
    closed INTEGER,
    said_us INTEGER, -- since when the origin says it holds, when it began later because it replaced a claim
    event TEXT,
    properties TEXT NOT NULL, -- what this claim says
    sum TEXT -- what all open claims say together, in the shown one and where that is something else
);
CREATE INDEX relationship_out ON relationship (source, type, order_us, target) WHERE shown = 1;
CREATE INDEX relationship_in ON relationship (target, type, order_us, source) WHERE shown = 1;
CREATE INDEX relationship_past_out ON relationship (source) WHERE shown = 0;
CREATE INDEX relationship_past_in ON relationship (target) WHERE shown = 0;
CREATE INDEX relationship_ends ON relationship (type, source, target, until_us, order_us DESC);
CREATE INDEX relationship_of_origin ON relationship (origin, line) WHERE origin > 1;
CREATE UNIQUE INDEX relationship_event ON relationship (event) WHERE event IS NOT NULL;

-- In which version each node, or what is joined to it, last changed.
CREATE TABLE change (key TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX change_by_version ON change (version);

CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
