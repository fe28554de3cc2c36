// The graph on Neo4j: the rows of graph.sql as nodes and relationships. All that is ours begins with _.
//
// (:_Entity {_key …})    a row of `node`, be it shown or not. One that is shown is a (:_Node), too, has its own labels, and
//                        its properties as Neo4j's own (native.h), for Cypher. _properties is the exact text, _claims the
//                        rows of `node_claim` as JSON (claims_text.c), _order its labels as a list where there are
//                        several.
// -[:TYPE {_id …}]->     a shown row of `relationship`, between two _Entity, with native properties, too.
// (:_Past {_id …})       a row of `relationship` that isn't shown. _ends: type, source and target in one text.
// (:_Event {_id …})      an event that was recorded, and where.
// (:_Origin {_name})-[:_SAYS]->(:_Entity)  that the origin has said something of it, or of what leaves it.
// (:_Change {_version, _keys})  nodes that changed in this version, or whose relationships did. Only the latest are kept.
// (:_Outbox {_number …}) what happened and isn't handed over yet, as a row of `outbox`.
// (:_State {_id: 0})     the version, up to which (:_Change) is _trimmed, the next id of a relationship, the latest _number of
//                        (:_Outbox); the lock of all writers; the _format:
//                        1 noted the version in which a node last changed on the node, as _changed, and some still have it;
//                        2 has (:_Change).
// -[:_WEIGHT]->          from that to itself, meaning nothing: see make_weight.
// (:_Mark {_name, _value})
// Times are as they are in graph.h; what has no end has no _until.

// let node_row = n._key, n._shown, n._label, n._since, n._did, n._labels, n._properties, n._claims, n._changed, [(o:_Origin)-[:_SAYS]->(n) | o._name]
// let shown_row = r._id, type(r), a._key, b._key, r._at, r._until, r._repeats, r._origin, r._line, r._written, r._closed, r._said, r._event, r._properties, r._sum, elementId(r)
// let past_row = p._id, p._type, p._source, p._target, p._at, p._until, p._repeats, p._origin, p._line, p._written, p._closed, p._said, p._event, p._properties, p._sum, elementId(p)

// ---- made when the graph is opened

// name: require_key
CREATE CONSTRAINT nerdx_key IF NOT EXISTS FOR (n:_Entity) REQUIRE n._key IS UNIQUE

// name: require_event
CREATE CONSTRAINT nerdx_event IF NOT EXISTS FOR (n:_Event) REQUIRE n._id IS UNIQUE

// name: require_origin
CREATE CONSTRAINT nerdx_origin IF NOT EXISTS FOR (n:_Origin) REQUIRE n._name IS UNIQUE

// name: require_mark
CREATE CONSTRAINT nerdx_mark IF NOT EXISTS FOR (n:_Mark) REQUIRE n._name IS UNIQUE

// name: require_state
CREATE CONSTRAINT nerdx_state IF NOT EXISTS FOR (n:_State) REQUIRE n._id IS UNIQUE

// name: require_outbox
CREATE CONSTRAINT nerdx_outbox IF NOT EXISTS FOR (o:_Outbox) REQUIRE o._number IS UNIQUE

// name: index_label
CREATE INDEX nerdx_label IF NOT EXISTS FOR (n:_Node) ON (n._label, n._key)

// Cypher's own way to a node: its id.
// name: index_id
CREATE INDEX nerdx_id IF NOT EXISTS FOR (n:_Node) ON (n.id)

// name: index_changed
CREATE INDEX nerdx_changed IF NOT EXISTS FOR (n:_Entity) ON (n._changed)

// name: index_change
CREATE INDEX nerdx_change IF NOT EXISTS FOR (c:_Change) ON (c._version)

// name: index_past_ends
CREATE INDEX nerdx_past_ends IF NOT EXISTS FOR (n:_Past) ON (n._ends)

// name: index_past_source
CREATE INDEX nerdx_past_source IF NOT EXISTS FOR (n:_Past) ON (n._source)

// name: index_past_target
CREATE INDEX nerdx_past_target IF NOT EXISTS FOR (n:_Past) ON (n._target)

// name: index_past_origin
CREATE INDEX nerdx_past_origin IF NOT EXISTS FOR (n:_Past) ON (n._origin)

// name: await_indexes
// in seconds int
CALL db.awaitIndexes($seconds)

// name: make_state
// in format int
MERGE (s:_State {_id: 0}) ON CREATE SET s._format = $format, s._version = 0, s._next = 1, s._odd = '[]', s._turn = 0
RETURN s._format

// name: raise_format
// in format int
MATCH (s:_State {_id: 0}) WHERE s._format < $format SET s._format = $format

// Neo4j plans a statement by what the graph holds when it is first sent, and takes scanning all relationships for the
// cheapest way to one while there are none; it keeps to that for at least ten seconds, while an import makes thousands.
// With a few there from the beginning it goes by indexes (tests/neo4j/test_plans.py).
// name: make_weight
MATCH (s:_State {_id: 0}) WHERE NOT EXISTS { (s)-[:_WEIGHT]->(s) }
UNWIND range(1, 64) AS i CREATE (s)-[:_WEIGHT]->(s)

// ---- what doctor looks at

// name: get_server
CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0]

// Of what Neo4j counts anyway: all relationships but our own.
// name: count_all
OPTIONAL MATCH (s:_State {_id: 0})
RETURN s._format, COUNT { (:_Node) }, COUNT { ()-[]->() } - COUNT { ()-[:_SAYS]->() } - COUNT { ()-[:_WEIGHT]->() }

// ---- reading what holds now

// name: get_node
// in key text
MATCH (n:_Entity {_key: $key}) WHERE n._shown > 0
RETURN n._key, n._labels, n._properties, n._since

// Those that leave a node, after a place; types null = all.
// name: list_out
// in key text, types json, type text, at int, other text, id int, maximum int
MATCH (n:_Entity {_key: $key})-[r]->(m:_Entity)
WHERE ($types IS NULL OR type(r) IN $types)
    AND (type(r) > $type OR type(r) = $type AND (r._at < $at OR r._at = $at AND (m._key > $other
        OR m._key = $other AND r._id > $id)))
RETURN r._id, type(r), m._key, m._label, m._name, r._at, coalesce(r._sum, r._properties)
ORDER BY type(r), r._at DESC, m._key, r._id LIMIT $maximum

// name: list_in
// in key text, types json, type text, at int, other text, id int, maximum int
MATCH (n:_Entity {_key: $key})<-[r]-(m:_Entity)
WHERE ($types IS NULL OR type(r) IN $types)
    AND (type(r) > $type OR type(r) = $type AND (r._at < $at OR r._at = $at AND (m._key > $other
        OR m._key = $other AND r._id > $id)))
RETURN r._id, type(r), m._key, m._label, m._name, r._at, coalesce(r._sum, r._properties)
ORDER BY type(r), r._at DESC, m._key, r._id LIMIT $maximum

// name: list_latest_out
// in key text, maximum int
MATCH (n:_Entity {_key: $key})-[r]->(m:_Entity)
RETURN r._id, type(r), m._key, m._label, m._name, r._at, coalesce(r._sum, r._properties)
ORDER BY r._at DESC, type(r), m._key, r._id LIMIT $maximum

// name: scan_nodes
// in after text, maximum int
MATCH (n:_Entity) WHERE n._key > $after AND n._shown > 0
RETURN n._key, n._labels, n._properties, n._since ORDER BY n._key LIMIT $maximum

// name: scan_nodes_with_label
// in label text, after text, maximum int
MATCH (n:_Node) WHERE n._label = $label AND n._key > $after
RETURN n._key, n._labels, n._properties, n._since ORDER BY n._key LIMIT $maximum

// name: list_types
MATCH (:_Entity)-[r]->(:_Entity) RETURN DISTINCT type(r) AS t ORDER BY t

// Whether there may be any of a type: told at once, where scan_relationships would look at those of all types.
// name: find_type
// in type text
CALL db.relationshipTypes() YIELD relationshipType WHERE relationshipType = $type RETURN true

// After a place in the order of source, target, time and id.
// name: scan_relationships
// in type text, source text, target text, at int, id int, maximum int
MATCH (a:_Entity)-[r:$($type)]->(b:_Entity)
WHERE a._key >= $source AND (a._key > $source OR b._key > $target OR b._key = $target AND (r._at > $at
    OR r._at = $at AND r._id > $id))
RETURN a._key, b._key, r._at, r._id, coalesce(r._sum, r._properties)
ORDER BY a._key, b._key, r._at, r._id LIMIT $maximum

// name: get_version
MATCH (s:_State {_id: 0}) RETURN s._version

// Asked after the changes were read: those up to this version may have been missing then.
// name: get_trimmed
MATCH (s:_State {_id: 0}) RETURN coalesce(s._trimmed, 0)

// name: scan_changed
// in since int, after text, maximum int
CALL () {
    MATCH (c:_Change) WHERE c._version > $since UNWIND c._keys AS key WITH key WHERE key > $after RETURN key
    UNION
    MATCH (n:_Entity) USING INDEX n:_Entity(_changed) WHERE n._changed > $since AND n._key > $after
    RETURN n._key AS key
}
WITH key ORDER BY key LIMIT $maximum MATCH (n:_Entity {_key: key})
RETURN n._key, n._shown, n._labels, n._properties, n._since ORDER BY n._key

// name: list_outbox
// in maximum int
MATCH (o:_Outbox) USING INDEX o:_Outbox(_number) WHERE o._number > 0
RETURN o._number, o._id, o._what, o._key, o._event, o._version, o._nodes, o._trace ORDER BY o._number LIMIT $maximum

// name: drop_outbox
// in number int
MATCH (o:_Outbox) USING INDEX o:_Outbox(_number) WHERE o._number <= $number DELETE o

// name: get_mark
// in name text
MATCH (m:_Mark {_name: $name}) RETURN m._value

// name: set_mark
// in name text, value text
MERGE (m:_Mark {_name: $name}) SET m._value = $value

// ---- reading into a draft

// The lock: whoever has set _turn has it until the end of the transaction.
// name: lock
MATCH (s:_State {_id: 0}) SET s._turn = s._turn + 1 RETURN s._version, s._next, s._odd, s._turn, s._number

// name: load_nodes
// in keys json
UNWIND $keys AS key MATCH (n:_Entity {_key: key}) RETURN @node_row

// Of those it is enough to know that they are there, and whether the origin is among theirs.
// name: load_shown
// in keys json, origin text
UNWIND $keys AS key MATCH (n:_Entity {_key: key})
RETURN n._key, n._shown, EXISTS { (n)<-[:_SAYS]-(o:_Origin) WHERE o._name = $origin }

// CALL has both nodes found before the relationship is looked for, from the end that has fewer.
// name: load_ends
// in ends json
UNWIND $ends AS e MATCH (a:_Entity {_key: e.from}) MATCH (b:_Entity {_key: e.to})
CALL (e, a, b) { MATCH (a)-[r]->(b) WHERE type(r) = e.type RETURN r } RETURN @shown_row

// name: load_past_ends
// in ends json
UNWIND $ends AS e MATCH (p:_Past {_ends: e.ends}) RETURN @past_row

// name: load_out
// in key text
MATCH (a:_Entity {_key: $key})-[r]->(b:_Entity) RETURN @shown_row

// name: load_in
// in key text
MATCH (a:_Entity)-[r]->(b:_Entity {_key: $key}) RETURN @shown_row

// name: load_past_out
// in key text
MATCH (p:_Past {_source: $key}) RETURN @past_row

// name: load_past_in
// in key text
MATCH (p:_Past {_target: $key}) RETURN @past_row

// name: load_events
// in events json
UNWIND $events AS event MATCH (e:_Event {_id: event})
RETURN e._id, e._row, e._type, e._source, e._target, e._repeats, e._written

// name: load_origin
// in name text
MATCH (o:_Origin {_name: $name}) RETURN true

// name: load_nodes_of
// in origin text
MATCH (:_Origin {_name: $origin})-[:_SAYS]->(n:_Entity) RETURN @node_row

// name: load_relationships_of
// in origin text
MATCH (:_Origin {_name: $origin})-[:_SAYS]->(a:_Entity) MATCH (a)-[r]->(b:_Entity)
WHERE r._origin = $origin RETURN @shown_row

// name: load_past_of
// in origin text
MATCH (p:_Past {_origin: $origin}) RETURN @past_row

// How many shown relationships touch a node; one with itself counts once.
// name: count_references
// in key text
MATCH (n:_Entity {_key: $key}) RETURN COUNT { (n)--() } - COUNT { (n)<-[:_SAYS]-() }

// ---- writing a draft back

// name: add_origins
// in names json
UNWIND $names AS name CREATE (:_Origin {_name: name})

// name: delete_origins
// in names json
UNWIND $names AS name MATCH (o:_Origin {_name: name}) DETACH DELETE o

// name: add_nodes
// in nodes json
UNWIND $nodes AS x CREATE (n:_Entity) SET n = x.row SET n:$(x.labels)

// name: set_nodes
// in nodes json
UNWIND $nodes AS x MATCH (n:_Entity {_key: x.key}) SET n = x.row REMOVE n:$(x.without) SET n:$(x.labels)

// name: add_change
// in keys json, version int
CREATE (:_Change {_version: $version, _keys: $keys})

// A part at a time, where many are left of a program that trimmed none.
// name: trim_changes
// in version int, maximum int
MATCH (s:_State {_id: 0}) SET s._trimmed = $version
WITH s MATCH (c:_Change) WHERE c._version <= $version WITH c LIMIT $maximum DELETE c

// name: add_says
// in origin text, keys json
MATCH (o:_Origin {_name: $origin}) UNWIND $keys AS key MATCH (n:_Entity {_key: key}) CREATE (o)-[:_SAYS]->(n)

// name: delete_relationships
// in elements json
UNWIND $elements AS element MATCH ()-[r]->() WHERE elementId(r) = element DELETE r

// Of one type; each end is looked for once, and named in the rows by its place among the keys.
// name: add_relationships
// in keys json, type text, rows json
UNWIND $keys AS key MATCH (n:_Entity {_key: key}) WITH collect(n) AS ends WHERE size(ends) = size($keys)
UNWIND $rows AS x WITH x, ends[x[0]] AS a, ends[x[1]] AS b
CREATE (a)-[r:$($type)]->(b) SET r = x[2]

// name: set_relationships
// in relationships json
UNWIND $relationships AS x MATCH ()-[r]->() WHERE elementId(r) = x.element SET r = x.row

// name: delete_past
// in elements json
UNWIND $elements AS element MATCH (p:_Past) WHERE elementId(p) = element DELETE p

// name: add_past
// in rows json
UNWIND $rows AS row CREATE (p:_Past) SET p = row

// name: set_past
// in rows json
UNWIND $rows AS x MATCH (p:_Past) WHERE elementId(p) = x.element SET p = x.row

// name: add_events
// in events json
UNWIND $events AS row CREATE (e:_Event) SET e = row

// name: delete_events
// in events json
UNWIND $events AS event MATCH (e:_Event {_id: event}) DELETE e

// name: add_outbox
// in rows json, number int
MATCH (s:_State {_id: 0}) SET s._number = $number WITH s UNWIND $rows AS row CREATE (o:_Outbox) SET o = row

// name: set_state
// in version int, next int, odd text
MATCH (s:_State {_id: 0}) SET s._version = $version, s._next = $next, s._odd = $odd

// ---- questions: what the engine of ../cypher asks for

// name: read_node
// in key text
MATCH (n:_Entity {_key: $key}) WHERE n:_Node RETURN n._key, n._labels, n._properties

// name: read_nodes
// in after text, maximum int
MATCH (n:_Entity) USING INDEX n:_Entity(_key) WHERE n._key > $after AND n:_Node
RETURN n._key, n._labels, n._properties ORDER BY n._key LIMIT $maximum

// name: read_nodes_of_label
// in label text, after text, maximum int
MATCH (n:$($label)) WHERE n:_Node AND n._key > $after
RETURN n._key, n._labels, n._properties ORDER BY n._key LIMIT $maximum

// Those with a made-up key whose property id is this text.
// name: read_nodes_of_own_id
// in id text
MATCH (n:_Node {id: $id}) WHERE n._key STARTS WITH '_:' RETURN n._key, n._labels, n._properties ORDER BY n._key

// name: expand_out
// in key text, types json null, maximum int
MATCH (a:_Entity {_key: $key})-[r]->(b:_Node) USING INDEX a:_Entity(_key)
WHERE a:_Node AND ($types IS NULL OR type(r) IN $types)
RETURN r._id, type(r), a._key, b._key, coalesce(r._sum, r._properties) LIMIT $maximum

// name: expand_in
// in key text, types json null, loops json, maximum int
MATCH (a:_Node)-[r]->(b:_Entity {_key: $key}) USING INDEX b:_Entity(_key)
WHERE b:_Node AND ($types IS NULL OR type(r) IN $types) AND ($loops OR a <> b)
RETURN r._id, type(r), a._key, b._key, coalesce(r._sum, r._properties) LIMIT $maximum

// ---- questions: what Neo4j is asked itself (question.c), and around it

// name: get_odd
MATCH (s:_State {_id: 0}) RETURN s._odd

// The keys of nodes by Neo4j's own ids.
// name: list_keys
// in elements json
UNWIND $elements AS element MATCH (n) WHERE elementId(n) = element RETURN element, n._key
