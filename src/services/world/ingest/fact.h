/* A fact on its way into the graph: a node or a relationship, as a file, a request or an agent says it. The interchange
 * form is a JSON object, one a line in files:
 *
 *     {"label": "Dish", "id": "pajeon", "properties": {"name": "Pajeon"}}
 *     {"type": "PAIRS_WITH", "from": "makgeolli", "to": "pajeon", "since": "2026-01-01T00:00:00Z"}
 */
#ifndef NERDX_SERVICES_WORLD_INGEST_FACT_H
#define NERDX_SERVICES_WORLD_INGEST_FACT_H

#include "base/buf.h"
#include "base/json.h"
#include "stores/graph/graph.h"

enum { FACT_MAX_NAME = 512 /* bytes of an end that is given by its name */ };

typedef struct Fact {
    bool is_node;
    union {
        GraphNode node;                 /* key absent: it wants a made one */
        GraphRelationship relationship; /* from and to: ids, or names to be resolved */
    };
    const json_t *values; /* its properties, as long as their JSON lives; NULL = none */
} Fact;

/* Reads the interchange form; texts are copied to the arena. Errors: INVALID, with a pointer to what is wrong. */
Err fact_from_json(Arena *arena, const json_t *object, Fact *out);

/* Writes the interchange form. */
void fact_to_json(Buf *buf, const Fact *fact);

/* Is it a name as api/common.yaml's EntityId has it? */
bool is_entity_id(Str text);

#endif
