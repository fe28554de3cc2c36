-- The graph on SQLite: see migrations/ for the tables. Times in the tables are as they are in graph.h, but for order_us,
-- which is minus the time, and ends, which are NULL for GRAPH_FOREVER.

-- row node_row: key text, labels text, properties text, since_us int
-- row held_node: shown int, label text, since_us int, did_us int null, labels text, properties text
-- row bare_row: id int, relationship text, key text, at_us int, properties text
-- row neighbour_row: id int, relationship text, key text, label text, name text, at_us int, properties text
-- row relationship_row: type text, source text, target text, at_us int, properties text
-- row node_claim_row: seq int, origin int, origin_name text, line int, since_us int, until_us int null, written int, closed int null, labels text, labels_as_node int, properties text, properties_as_node int
-- row past_row: id int, type text, is_out int, other text, label text, name text, at_us int, until_us int null, repeats int, recorded int, properties text
-- row relationship_claim_row: origin text, line int, since_us int, until_us int null, properties text
-- row said_row: id int, origin int, line int, at_us int, until_us int null, shown int, recorded int, properties text, sum text null
-- row told_row: id int, origin int, line int, at_us int, written int, closed int null, said_us int null
-- row recorded_row: id int, at_us int, until_us int null
-- row node_claim_key: key text, seq int, since_us int, until_us int null
-- row relationship_key: id int, type text, source text, target text, at_us int, until_us int null, repeats int, written int
-- row node_claim_turn: key text, seq int, written int
-- row touching_row: id int, type text, source text, target text, repeats int, written int, closed int null, event text null
-- row read_node: key text, labels text, properties text
-- row read_relationship: id int, type text, source text, target text, properties text
-- row changed_row: key text, shown int, labels text, properties text, since_us int

-- ---- nodes

-- name: get_node :optional
-- in key text
-- out node_row
SELECT key, labels, properties, since_us FROM node WHERE key = :key AND shown > 0;

-- The row of a node, be it shown or not.
-- name: find_node :optional
-- in key text
-- out held_node
SELECT shown, label, since_us, did_us, labels, properties FROM node WHERE key = :key;

-- name: get_shown :optional
-- in key text
-- out shown int
SELECT shown FROM node WHERE key = :key;

-- name: add_node :exec
-- in key text, shown int, label text, since_us int, did_us int null, labels text, properties text
INSERT INTO node (key, shown, label, since_us, did_us, labels, properties)
VALUES (:key, :shown, :label, :since_us, :did_us, :labels, :properties);

-- name: set_node :exec
-- in key text, shown int, label text, since_us int, did_us int null, labels text, properties text
UPDATE node SET shown = :shown, label = :label, since_us = :since_us, did_us = :did_us, labels = :labels,
    properties = :properties
WHERE key = :key;

-- name: scan_nodes :each
-- out node_row
SELECT key, labels, properties, since_us FROM node WHERE shown > 0 ORDER BY key;

-- name: scan_nodes_with_label :each
-- in label text
-- out node_row
SELECT key, labels, properties, since_us FROM node WHERE label = :label AND shown > 0 ORDER BY key;

-- ---- what is said of nodes

-- In the order of writing. as_node: where the texts are those of the node's row.
-- name: list_node_claims :many
-- in key text
-- out node_claim_row
SELECT c.seq, c.origin, o.name AS origin_name, c.line, c.since_us, c.until_us, c.written, c.closed,
    coalesce(c.labels, n.labels) AS labels, c.labels IS NULL AS labels_as_node,
    coalesce(c.properties, n.properties) AS properties, c.properties IS NULL AS properties_as_node
FROM node_claim c CROSS JOIN node n ON n.key = c.key CROSS JOIN origin o ON o.id = c.origin
WHERE c.key = :key ORDER BY c.seq;

-- name: add_node_claim :exec
-- in key text, seq int, origin int, line int, since_us int, until_us int null, written int, closed int null, labels text null, properties text null
INSERT INTO node_claim (key, seq, origin, line, since_us, until_us, written, closed, labels, properties)
VALUES (:key, :seq, :origin, :line, :since_us, :until_us, :written, :closed, :labels, :properties);

-- name: close_node_claim :exec
-- in key text, seq int, until_us int null, closed int
UPDATE node_claim SET until_us = :until_us, closed = :closed WHERE key = :key AND seq = :seq;

-- name: set_node_claim_line :exec
-- in key text, seq int, line int
UPDATE node_claim SET line = :line WHERE key = :key AND seq = :seq;

-- name: set_node_claim_texts :exec
-- in key text, seq int, labels text null, properties text null
UPDATE node_claim SET labels = :labels, properties = :properties WHERE key = :key AND seq = :seq;

-- name: set_node_claim_since :exec
-- in key text, seq int, since_us int
UPDATE node_claim SET since_us = :since_us WHERE key = :key AND seq = :seq;

-- name: delete_node_claim :exec
-- in key text, seq int
DELETE FROM node_claim WHERE key = :key AND seq = :seq;

-- Whether something refers to a node.
-- name: find_reference :optional
-- in key text
-- out found int
SELECT 1 AS found WHERE EXISTS (SELECT 1 FROM relationship WHERE source = :key AND shown = 1)
    OR EXISTS (SELECT 1 FROM relationship WHERE target = :key AND shown = 1);

-- ---- neighbours: after a place, as (type, order_us, key, id); each reads one range of an index in its order

-- name: list_out :each
-- in source text, type text, order_us int, other text, id int, maximum int
-- out neighbour_row
SELECT r.id, r.type AS relationship, r.target AS key, n.label, n.name, -r.order_us AS at_us,
    coalesce(r.sum, r.properties) AS properties
FROM relationship r CROSS JOIN node n ON n.key = r.target
WHERE r.source = :source AND r.shown = 1 AND (r.type, r.order_us, r.target) >= (:type, :order_us, :other)
    AND (r.type, r.order_us, r.target, r.id) > (:type, :order_us, :other, :id)
ORDER BY r.type, r.order_us, r.target, r.id LIMIT :maximum;

-- The same without what is in the other end's row: two steps through trees less for each.
-- name: list_out_bare :each
-- in source text, type text, order_us int, other text, id int, maximum int
-- out bare_row
SELECT id, type AS relationship, target AS key, -order_us AS at_us, coalesce(sum, properties) AS properties
FROM relationship
WHERE source = :source AND shown = 1 AND (type, order_us, target) >= (:type, :order_us, :other)
    AND (type, order_us, target, id) > (:type, :order_us, :other, :id)
ORDER BY type, order_us, target, id LIMIT :maximum;

-- name: list_in :each
-- in target text, type text, order_us int, other text, id int, maximum int
-- out neighbour_row
SELECT r.id, r.type AS relationship, r.source AS key, n.label, n.name, -r.order_us AS at_us,
    coalesce(r.sum, r.properties) AS properties
FROM relationship r CROSS JOIN node n ON n.key = r.source
WHERE r.target = :target AND r.shown = 1 AND (r.type, r.order_us, r.source) >= (:type, :order_us, :other)
    AND (r.type, r.order_us, r.source, r.id) > (:type, :order_us, :other, :id)
ORDER BY r.type, r.order_us, r.source, r.id LIMIT :maximum;

-- The types that leave a node, by steps over the index.
-- name: list_types_out :many
-- in key text
-- out type text
WITH RECURSIVE step (type) AS (
    SELECT (SELECT min(type) FROM relationship WHERE source = :key AND shown = 1)
    UNION ALL
    SELECT (SELECT min(r.type) FROM relationship r WHERE r.source = :key AND r.shown = 1 AND r.type > step.type)
    FROM step WHERE step.type IS NOT NULL
)
SELECT type FROM step WHERE type IS NOT NULL;

-- Every claim for what leaves a node, or comes in, that held at a moment; in the order of writing.
-- name: list_past :many
-- in key text, moment int
-- out past_row
SELECT r.id, r.type, r.is_out, n.key AS other, n.label, n.name, -r.order_us AS at_us, r.until_us, r.repeats,
    r.event IS NOT NULL AS recorded, r.properties
FROM (
    SELECT *, target AS other, 1 AS is_out FROM relationship WHERE source = :key AND shown = 1
    UNION ALL SELECT *, target, 1 FROM relationship WHERE source = :key AND shown = 0
    UNION ALL SELECT *, source, 0 FROM relationship WHERE target = :key AND shown = 1
    UNION ALL SELECT *, source, 0 FROM relationship WHERE target = :key AND shown = 0
) r JOIN node n ON n.key = r.other
WHERE -r.order_us <= :moment AND (r.until_us IS NULL OR r.until_us > :moment)
ORDER BY r.id;

-- ---- relationships

-- What is shown has no end, so until_us orders nothing: it stands there because it does in the index.
-- name: scan_relationships :each
-- out relationship_row
SELECT type, source, target, -order_us AS at_us, coalesce(sum, properties) AS properties
FROM relationship WHERE shown = 1
ORDER BY type, source, target, until_us, order_us DESC, id;

-- name: scan_relationships_of_type :each
-- in type text
-- out relationship_row
SELECT type, source, target, -order_us AS at_us, coalesce(sum, properties) AS properties
FROM relationship WHERE shown = 1 AND type = :type
ORDER BY source, target, until_us, order_us DESC, id;

-- Every claim, closed ones too, in the order of writing.
-- name: list_relationship_claims :many
-- in type text, source text, target text
-- out relationship_claim_row
SELECT CASE WHEN r.event IS NULL THEN o.name ELSE 'event:' || r.event END AS origin, r.line, -r.order_us AS since_us,
    r.until_us, r.properties
FROM relationship r CROSS JOIN origin o ON o.id = r.origin
WHERE r.type = :type AND r.source = :source AND r.target = :target ORDER BY r.id;

-- What is said of a relationship that doesn't repeat, and not taken back: in the order of writing.
-- name: list_said :many
-- in type text, source text, target text
-- out said_row
SELECT id, origin, line, -order_us AS at_us, until_us, shown, event IS NOT NULL AS recorded, properties, sum
FROM relationship
WHERE type = :type AND source = :source AND target = :target AND repeats = 0
    AND (until_us IS NULL OR closed = 0)
ORDER BY id;

-- Those of them that have no end.
-- name: list_open :many
-- in type text, source text, target text
-- out said_row
SELECT id, origin, line, -order_us AS at_us, until_us, shown, event IS NOT NULL AS recorded, properties, sum
FROM relationship
WHERE type = :type AND source = :source AND target = :target AND repeats = 0 AND until_us IS NULL
ORDER BY id;

-- Of what repeats: what an origin said on a line.
-- name: find_on_line :optional
-- in origin int, line int, type text, source text, target text
-- out said_row
SELECT id, origin, line, -order_us AS at_us, until_us, shown, event IS NOT NULL AS recorded, properties, sum
FROM relationship
WHERE origin = :origin AND origin > 1 AND line = :line AND type = :type AND source = :source AND target = :target
    AND repeats = 1 AND (closed IS NULL OR closed = 0)
LIMIT 1;

-- And what it said just so.
-- name: find_alike :optional
-- in origin int, type text, source text, target text, at_us int, until_us int null, properties text
-- out said_row
SELECT id, origin, line, -order_us AS at_us, until_us, shown, event IS NOT NULL AS recorded, properties, sum
FROM relationship
WHERE type = :type AND source = :source AND target = :target AND until_us IS :until_us AND order_us = -:at_us
    AND origin = :origin AND line = 0 AND repeats = 1 AND (closed IS NULL OR closed = 0) AND properties = :properties
LIMIT 1;

-- name: add_relationship :exec
-- in type text, source text, target text, at_us int, until_us int null, shown int, repeats int, origin int, line int, written int, closed int null, said_us int null, properties text
INSERT INTO relationship (type, source, target, order_us, until_us, shown, repeats, origin, line, written, closed,
    said_us, properties)
VALUES (:type, :source, :target, -:at_us, :until_us, :shown, :repeats, :origin, :line, :written, :closed, :said_us,
    :properties);

-- name: close_relationship :exec
-- in id int, until_us int null, closed int
UPDATE relationship SET until_us = :until_us, closed = :closed, shown = 0, sum = NULL WHERE id = :id;

-- name: set_relationship_line :exec
-- in id int, line int
UPDATE relationship SET line = :line WHERE id = :id;

-- name: set_shown :exec
-- in id int, shown int, sum text null
UPDATE relationship SET shown = :shown, sum = :sum WHERE id = :id;

-- ---- what was recorded

-- Something a user did, who did something before: *changed is 0 when the event is known, when an end isn't there or
-- when it happened before all else the user did.
-- name: add_event :exec
-- in type text, user text, entity text, at_us int, until_us int null, repeats int, shown int, event text, properties text
INSERT INTO relationship (type, source, target, order_us, until_us, shown, repeats, origin, line, written, event,
    properties)
SELECT :type, u.key, e.key, -:at_us, :until_us, :shown, :repeats, 1, 0, (SELECT 2 * version + 1 FROM state), :event,
    :properties
FROM node u CROSS JOIN node e
WHERE u.key = :user AND u.did_us <= :at_us AND e.key = :entity AND e.shown > 0
ON CONFLICT (event) WHERE event IS NOT NULL DO NOTHING;

-- name: find_event :optional
-- in event text
-- out touching_row
SELECT id, type, source, target, repeats, written, closed, event FROM relationship WHERE event = :event;

-- When the user did the first thing.
-- name: get_first_event :one
-- in user text
-- out at_us int null
SELECT min(at_us) AS at_us FROM (
    SELECT -order_us AS at_us FROM relationship WHERE source = :user AND shown = 1 AND event IS NOT NULL
    UNION ALL SELECT -order_us FROM relationship WHERE source = :user AND shown = 0 AND event IS NOT NULL
);

-- What was recorded once between two, as it happened.
-- name: list_recorded :many
-- in type text, source text, target text
-- out recorded_row
SELECT id, -order_us AS at_us, until_us FROM relationship
WHERE type = :type AND source = :source AND target = :target AND repeats = 0 AND event IS NOT NULL
ORDER BY order_us DESC, id;

-- Which of them held at a moment, or the first that began after it; of those that ended.
-- name: find_recorded_at :optional
-- in type text, source text, target text, moment int
-- out recorded_row
SELECT id, -order_us AS at_us, until_us FROM relationship
WHERE type = :type AND source = :source AND target = :target AND until_us > :moment AND repeats = 0
    AND event IS NOT NULL
ORDER BY until_us LIMIT 1;

-- name: set_recorded_end :exec
-- in id int, until_us int null
UPDATE relationship SET until_us = :until_us, shown = CASE WHEN :until_us IS NULL THEN shown ELSE 0 END,
    sum = CASE WHEN :until_us IS NULL THEN sum END
WHERE id = :id;

-- ---- origins

-- name: find_origin :optional
-- in name text
-- out id int
SELECT id FROM origin WHERE name = :name;

-- name: add_origin :exec
-- in name text
INSERT INTO origin (name) VALUES (:name);

-- name: delete_origin :exec
-- in id int
DELETE FROM origin WHERE id = :id;

-- What it says still.
-- name: list_nodes_said_by :many
-- in origin int
-- out node_claim_key
SELECT key, seq, since_us, until_us FROM node_claim
WHERE origin = :origin AND origin > 1 AND (closed IS NULL OR closed = 0) ORDER BY key, seq;

-- name: list_relationships_said_by :many
-- in origin int
-- out relationship_key
SELECT id, type, source, target, -order_us AS at_us, until_us, repeats, written FROM relationship
WHERE origin = :origin AND origin > 1 AND (closed IS NULL OR closed = 0) ORDER BY id;

-- What it ever said.
-- name: list_node_claims_by :many
-- in origin int
-- out node_claim_turn
SELECT key, seq, written FROM node_claim WHERE origin = :origin AND origin > 1 ORDER BY key, seq;

-- name: list_relationships_by :many
-- in origin int
-- out touching_row
SELECT id, type, source, target, repeats, written, closed, event FROM relationship
WHERE origin = :origin AND origin > 1 ORDER BY id;

-- name: delete_relationship :exec
-- in id int
DELETE FROM relationship WHERE id = :id;

-- Every claim that touches a node and was written in a turn or later, or held then; in the order of writing.
-- name: list_touching :many
-- in key text, since_turn int
-- out touching_row
SELECT id, type, source, target, repeats, written, closed, event FROM (
    SELECT * FROM relationship WHERE source = :key AND shown = 1
    UNION SELECT * FROM relationship WHERE source = :key AND shown = 0
    UNION SELECT * FROM relationship WHERE target = :key AND shown = 1
    UNION SELECT * FROM relationship WHERE target = :key AND shown = 0
) WHERE written >= :since_turn OR closed IS NULL OR closed >= :since_turn
ORDER BY written, id;

-- What origins said between two, of relationships that repeat or of those that don't, in the order of writing.
-- name: list_told :many
-- in type text, source text, target text, repeats int
-- out told_row
SELECT id, origin, line, -order_us AS at_us, written, closed, said_us FROM relationship
WHERE type = :type AND source = :source AND target = :target AND repeats = :repeats AND event IS NULL
ORDER BY id;

-- name: begin_as_said :exec
-- in id int
UPDATE relationship SET order_us = -said_us, said_us = NULL WHERE id = :id;

-- ---- versions

-- name: get_version :one
-- out version int
SELECT version FROM state;

-- name: set_version :exec
-- in version int
UPDATE state SET version = :version;

-- name: note_change :exec
-- in key text, version int
INSERT INTO change (key, version) VALUES (:key, :version) ON CONFLICT (key) DO UPDATE SET version = excluded.version;

-- name: scan_changed :each
-- in since int
-- out changed_row
SELECT c.key, n.shown, n.labels, n.properties, n.since_us
FROM change c CROSS JOIN node n ON n.key = c.key
WHERE c.version > :since ORDER BY c.key;

-- ---- the outbox

-- name: next_number :one
-- in now_us int
-- out number int
UPDATE state SET number = CASE WHEN number >= :now_us THEN number + 1 ELSE :now_us END RETURNING number;

-- name: add_happening :exec
-- in number int, id text, what int, key text, event_id text, version int, nodes int, traceparent text
INSERT INTO outbox (number, id, what, key, event_id, version, nodes, traceparent)
VALUES (:number, :id, :what, :key, :event_id, :version, :nodes, :traceparent);

-- name: list_outbox :many
-- in most int
-- out number int, id text, what int, key text, event_id text, version int, nodes int, traceparent text
SELECT number, id, what, key, event_id, version, nodes, traceparent FROM outbox ORDER BY number LIMIT :most;

-- name: drop_outbox :exec
-- in number int
DELETE FROM outbox WHERE number <= :number;

-- ---- questions in Cypher: what is shown, in pages after a key

-- name: read_node :optional
-- in key text
-- out read_node
SELECT key, labels, properties FROM node WHERE key = :key AND shown > 0;

-- name: next_main_label :one
-- in after text
-- out label text null
SELECT min(label) AS label FROM node WHERE shown > 0 AND label > :after;

-- name: read_nodes_of_label :many
-- in label text, after text, maximum int
-- out read_node
SELECT key, labels, properties FROM node
WHERE label = :label AND shown > 0 AND key > :after ORDER BY key LIMIT :maximum;

-- Those whose main label is another.
-- name: read_nodes_of_further_label :many
-- in label text, after text, maximum int
-- out read_node
SELECT key, labels, properties FROM node
WHERE shown > 0 AND json_array_length(labels) > 1 AND key > :after AND label <> :label
    AND EXISTS (SELECT 1 FROM json_each(labels) WHERE value = :label)
ORDER BY key LIMIT :maximum;

-- Those with a made-up key whose property id is this text.
-- name: read_nodes_of_own_id :many
-- in id text
-- out read_node
SELECT key, labels, properties FROM node
WHERE shown > 0 AND key >= '_:' AND key < '_;' AND json_type(properties, '$.id') = 'text'
    AND properties ->> '$.id' = :id
ORDER BY key;

-- hidden: a JSON array of types that aren't looked at.
-- name: expand_out :many
-- in source text, hidden text, maximum int
-- out read_relationship
SELECT id, type, source, target, coalesce(sum, properties) AS properties FROM relationship
WHERE source = :source AND shown = 1 AND type NOT IN (SELECT value FROM json_each(:hidden)) LIMIT :maximum;

-- types: a JSON array of their names.
-- name: expand_out_of_types :many
-- in source text, types text, maximum int
-- out read_relationship
SELECT r.id, r.type, r.source, r.target, coalesce(r.sum, r.properties) AS properties
FROM (SELECT DISTINCT value FROM json_each(:types)) wanted
    CROSS JOIN relationship r ON r.source = :source AND r.shown = 1 AND r.type = wanted.value
LIMIT :maximum;

-- loops: with those that a node has with itself.
-- name: expand_in :many
-- in target text, hidden text, loops int, maximum int
-- out read_relationship
SELECT id, type, source, target, coalesce(sum, properties) AS properties FROM relationship
WHERE target = :target AND shown = 1 AND type NOT IN (SELECT value FROM json_each(:hidden))
    AND (:loops = 1 OR source <> target)
LIMIT :maximum;

-- name: expand_in_of_types :many
-- in target text, types text, loops int, maximum int
-- out read_relationship
SELECT r.id, r.type, r.source, r.target, coalesce(r.sum, r.properties) AS properties
FROM (SELECT DISTINCT value FROM json_each(:types)) wanted
    CROSS JOIN relationship r ON r.target = :target AND r.shown = 1 AND r.type = wanted.value
WHERE :loops = 1 OR r.source <> r.target
LIMIT :maximum;

-- ---- marks

-- name: get_mark :optional
-- in name text
-- out value text
SELECT value FROM mark WHERE name = :name;

-- name: set_mark :exec
-- in name text, value text
INSERT INTO mark (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value;
