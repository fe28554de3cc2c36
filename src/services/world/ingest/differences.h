/* What a batch would change, in lines for people: "+ Dish pajeon", "~ Dish pajeon: name \"Pajon\" -> \"Pajeon\"". */
#ifndef NERDX_SERVICES_WORLD_INGEST_DIFFERENCES_H
#define NERDX_SERVICES_WORLD_INGEST_DIFFERENCES_H

#include <stdio.h>

#include "services/world/ingest/writer.h"

/* Errors: those of the graph. */
Err differences_print(Graph *graph, const Batch *batch, FILE *out);

#endif
