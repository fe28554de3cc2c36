/* Puts the content that was built into the program into the graph, when it has changed since the last time. */
#ifndef NERDX_SERVICES_WORLD_SEED_H
#define NERDX_SERVICES_WORLD_SEED_H

#include "base/asset.h"
#include "services/world/schema.h"
#include "stores/graph/graph.h"

/* The graph's mark that holds the digest of the content it has, or says that it is to have none. */
extern const char SEED_MARK[];

/* now_us: when it is written, where it differs from what was there.
 * Errors: INVALID with the file and line of the first problem (all of them are logged), and nothing is written. */
Err seed_world(Graph *graph, const Schema *schema, AssetTable files, int64_t now_us);

/* The graph is to be without that content, now and whenever it is opened again. */
Err seed_nothing(Graph *graph, int64_t now_us);

/* Opens the schema, when it is wished now or was for this graph before; the graph remembers. */
Err seed_open_schema(Graph *graph, Schema *schema, bool wished);

#endif
