/* A place in a list of neighbours as text for addresses, and back. */
#ifndef NERDX_SERVICES_WORLD_CURSOR_H
#define NERDX_SERVICES_WORLD_CURSOR_H

#include "stores/graph/graph.h"

/* Behind this neighbour the next page begins. */
Str cursor_print(Arena *arena, const GraphNeighbour *last);

/* Errors: INVALID, its pointer is "/cursor", for what cursor_print hasn't made. */
Err cursor_read(Arena *arena, Str text, GraphPlace *out);

#endif
