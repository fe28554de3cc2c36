/* Values as JSON and JSON as values: parameters and properties come in, tables go out. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_VALUE_JSON_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_VALUE_JSON_H

#include "stores/graph/cypher/engine/value.h"

/* Nodes and relationships must be loaded. A float keeps its point (1.0); what JSON has no number for is "NaN",
 * "Infinity" and "-Infinity", as Neo4j writes them.
 *   node          {"key":…,"labels":[…],"properties":{…}}
 *   relationship  {"type":…,"from":…,"to":…,"properties":{…}}: from and to are keys
 *   path          {"nodes":[…],"relationships":[…]} */
void value_put_json(Buf *buf, Value value);

/* Never a node, relationship or path: those are maps then. Text is copied into the arena. */
Value value_from_json(Arena *arena, const json_t *json);

/* Errors: INVALID when the text isn't JSON. What isn't an object has no entries. */
Err value_map_from_json(Arena *arena, Json text, ValueMap *out);

#endif
