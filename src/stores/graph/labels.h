/* Labels as they are kept: a JSON array of texts. */
#ifndef NERDX_STORES_GRAPH_LABELS_H
#define NERDX_STORES_GRAPH_LABELS_H

#include "base/json.h"

Json labels_to_json(Arena *arena, const Str *items, size_t count);
Err labels_from_json(Arena *arena, Json text, const Str **out, size_t *count);

#endif
