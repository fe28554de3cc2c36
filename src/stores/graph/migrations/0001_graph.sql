-- Nodes and relationships. What lists need of a node (its main label and name) is kept beside the JSON, made by the
-- database itself, and before it, so that reading twenty neighbours neither parses nor passes their long texts.
CREATE TABLE node (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL GENERATED ALWAYS AS (labels ->> '$[0]') STORED,
    name TEXT NOT NULL GENERATED ALWAYS AS (coalesce(properties ->> '$.name', properties ->> '$.title', key)) STORED,
    origin TEXT NOT NULL DEFAULT '',
    labels TEXT NOT NULL CHECK (json_type(labels) = 'array'),
    properties TEXT NOT NULL CHECK (json_type(properties) = 'object')
);
CREATE INDEX node_by_label ON node (label, key);

-- only_one: at most one of its type between its ends; said again, it is updated. Others are one row a time it happened.
CREATE TABLE relationship (
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    source INTEGER NOT NULL REFERENCES node (id),
    target INTEGER NOT NULL REFERENCES node (id),
    at_us INTEGER NOT NULL,
    properties TEXT NOT NULL,
    only_one INTEGER NOT NULL,
    origin TEXT NOT NULL DEFAULT ''
);
CREATE INDEX relationship_out ON relationship (source, type, at_us DESC);
CREATE INDEX relationship_in ON relationship (target, type, at_us DESC);
CREATE UNIQUE INDEX relationship_once ON relationship (source, type, target) WHERE only_one = 1;

-- Events that were learned, so that one that comes again changes nothing.
CREATE TABLE event (id TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
