-- The graph on SQLite: see migrations/ for the tables.

-- row node_row: key text, labels text, properties text
-- row neighbour_row: relationship text, is_out int, key text, label text, name text, at_us int, properties text
-- row relationship_row: type text, source_key text, target_key text, at_us int, properties text

-- name: get_node :optional
-- in key text
-- out node_row
SELECT key, labels, properties FROM node WHERE key = :key;

-- name: put_node :exec
-- in key text, labels text, properties text, origin text
INSERT INTO node (key, labels, properties, origin) VALUES (:key, :labels, :properties, :origin)
ON CONFLICT (key) DO UPDATE SET labels = excluded.labels, properties = excluded.properties, origin = excluded.origin;

-- A user, made when new: *changed tells.
-- name: add_node :exec
-- in key text, labels text, properties text
INSERT INTO node (key, labels, properties) VALUES (:key, :labels, :properties) ON CONFLICT (key) DO NOTHING;

-- Joins two nodes; *changed is 0 when one of them isn't there.
-- name: put_relationship :exec
-- in type text, source_key text, target_key text, at_us int, properties text, origin text
INSERT INTO relationship (type, source, target, at_us, properties, only_one, origin)
SELECT :type, s.id, t.id, :at_us, :properties, 1, :origin FROM node s, node t
WHERE s.key = :source_key AND t.key = :target_key
ON CONFLICT (source, type, target) WHERE only_one = 1
DO UPDATE SET at_us = excluded.at_us, properties = excluded.properties, origin = excluded.origin;

-- Something that happened; *changed is 0 when an end isn't there.
-- name: add_occurrence :exec
-- in type text, source_key text, target_key text, at_us int, properties text
INSERT INTO relationship (type, source, target, at_us, properties, only_one)
SELECT :type, s.id, t.id, :at_us, :properties, 0 FROM node s, node t
WHERE s.key = :source_key AND t.key = :target_key;

-- The latest word on something that holds once; an older one that comes late doesn't replace it, but counts as taken.
-- name: put_latest :exec
-- in type text, source_key text, target_key text, at_us int, properties text
INSERT INTO relationship (type, source, target, at_us, properties, only_one)
SELECT :type, s.id, t.id, :at_us, :properties, 1 FROM node s, node t
WHERE s.key = :source_key AND t.key = :target_key
ON CONFLICT (source, type, target) WHERE only_one = 1
DO UPDATE SET at_us = max(at_us, excluded.at_us),
    properties = CASE WHEN excluded.at_us >= at_us THEN excluded.properties ELSE properties END;

-- *changed is 0 when the event is known.
-- name: add_event :exec
-- in id text
INSERT INTO event (id) VALUES (:id) ON CONFLICT (id) DO NOTHING;

-- name: list_out :many
-- in key text, maximum int
-- out neighbour_row
SELECT r.type AS relationship, 1 AS is_out, t.key, t.label, t.name, r.at_us, r.properties
FROM node s JOIN relationship r ON r.source = s.id JOIN node t ON t.id = r.target
WHERE s.key = :key
ORDER BY r.type, r.at_us DESC, t.key, r.id LIMIT :maximum;

-- name: list_in :many
-- in key text, maximum int
-- out neighbour_row
SELECT r.type AS relationship, 0 AS is_out, s.key, s.label, s.name, r.at_us, r.properties
FROM node t JOIN relationship r ON r.target = t.id JOIN node s ON s.id = r.source
WHERE t.key = :key
ORDER BY r.type, r.at_us DESC, s.key, r.id LIMIT :maximum;

-- types: a JSON array of their names. CROSS JOIN keeps SQLite from reading all that comes in and choosing afterwards.
-- name: list_out_of_types :many
-- in key text, types text, maximum int
-- out neighbour_row
SELECT r.type AS relationship, 1 AS is_out, t.key, t.label, t.name, r.at_us, r.properties
FROM node s CROSS JOIN json_each(:types) wanted
    CROSS JOIN relationship r ON r.source = s.id AND r.type = wanted.value
    CROSS JOIN node t ON t.id = r.target
WHERE s.key = :key
ORDER BY r.type, r.at_us DESC, t.key, r.id LIMIT :maximum;

-- name: list_in_of_types :many
-- in key text, types text, maximum int
-- out neighbour_row
SELECT r.type AS relationship, 0 AS is_out, s.key, s.label, s.name, r.at_us, r.properties
FROM node t CROSS JOIN json_each(:types) wanted
    CROSS JOIN relationship r ON r.target = t.id AND r.type = wanted.value
    CROSS JOIN node s ON s.id = r.source
WHERE t.key = :key
ORDER BY r.type, r.at_us DESC, s.key, r.id LIMIT :maximum;

-- One type, from the index in its order: for those that have very many.
-- name: list_out_of_type :many
-- in key text, type text, maximum int
-- out neighbour_row
SELECT r.type AS relationship, 1 AS is_out, t.key, t.label, t.name, r.at_us, r.properties
FROM node s JOIN relationship r ON r.source = s.id AND r.type = :type JOIN node t ON t.id = r.target
WHERE s.key = :key
ORDER BY r.at_us DESC, t.key, r.id LIMIT :maximum;

-- The types that leave a node, so that the latest of each can be read from the index.
-- name: list_types_out :many
-- in key text
-- out type text
WITH RECURSIVE step (source, type) AS (
    SELECT s.id, (SELECT min(r.type) FROM relationship r WHERE r.source = s.id) FROM node s WHERE s.key = :key
    UNION ALL
    SELECT source, (SELECT min(r.type) FROM relationship r WHERE r.source = step.source AND r.type > step.type)
    FROM step WHERE step.type IS NOT NULL
)
SELECT type FROM step WHERE type IS NOT NULL;

-- name: scan_nodes :each
-- out node_row
SELECT key, labels, properties FROM node ORDER BY key;

-- name: scan_nodes_with_label :each
-- in label text
-- out node_row
SELECT key, labels, properties FROM node WHERE label = :label ORDER BY key;

-- name: scan_relationships :each
-- out relationship_row
SELECT r.type, s.key AS source_key, t.key AS target_key, r.at_us, r.properties
FROM relationship r JOIN node s ON s.id = r.source JOIN node t ON t.id = r.target
ORDER BY r.type, s.key, t.key, r.at_us, r.id;

-- name: scan_relationships_of_type :each
-- in type text
-- out relationship_row
SELECT r.type, s.key AS source_key, t.key AS target_key, r.at_us, r.properties
FROM relationship r JOIN node s ON s.id = r.source JOIN node t ON t.id = r.target
WHERE r.type = :type
ORDER BY s.key, t.key, r.at_us, r.id;

-- What an origin said before and doesn't say any more: first make everything of it stale, then put, then drop.
-- name: make_relationships_stale :exec
-- in origin text, stale text
UPDATE relationship SET origin = :stale WHERE origin = :origin;

-- name: make_nodes_stale :exec
-- in origin text, stale text
UPDATE node SET origin = :stale WHERE origin = :origin;

-- name: drop_relationships :exec
-- in origin text
DELETE FROM relationship WHERE origin = :origin;

-- A node that others still refer to stays: what people did isn't forgotten.
-- name: drop_nodes :exec
-- in origin text
DELETE FROM node WHERE origin = :origin
AND NOT EXISTS (SELECT 1 FROM relationship r WHERE r.source = node.id)
AND NOT EXISTS (SELECT 1 FROM relationship r WHERE r.target = node.id);

-- name: get_mark :optional
-- in name text
-- out value text
SELECT value FROM mark WHERE name = :name;

-- name: set_mark :exec
-- in name text, value text
INSERT INTO mark (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value;
