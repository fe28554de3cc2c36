/* A node of the graph as something that can be found: which of its properties are its names, which are searched and how
 * much they weigh, what answers show of it, and where in a row of documents it stands. */
#ifndef NERDX_SERVICES_WORLD_DOCUMENT_H
#define NERDX_SERVICES_WORLD_DOCUMENT_H

#include "services/world/segment.h"

typedef struct Document {
    CatalogueEntity entity; /* texts are in the arena `kept` */
    IndexText *texts;
    size_t text_count;
    const Words *names; /* what it is called */
    size_t name_count;
} Document;

/* kept: of what stays; scratch: of the rest. Errors: INTERNAL when the node's properties aren't an object. */
Err document_read(Arena *kept, Arena *scratch, const Schema *schema, const GraphNode *node, Document *out);

#endif
