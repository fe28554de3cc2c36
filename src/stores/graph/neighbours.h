/* The total order of neighbours (graph.h), and pages of them. */
#ifndef NERDX_STORES_GRAPH_NEIGHBOURS_H
#define NERDX_STORES_GRAPH_NEIGHBOURS_H

#include "stores/graph/graph.h"

/* By type, newest first, key, OUT before IN, id. */
int neighbour_compare(const GraphNeighbour *a, const GraphNeighbour *b);

/* Below 0 when the place is before the neighbour. */
int neighbour_compare_place(const GraphPlace *place, const GraphNeighbour *neighbour);
bool place_is_first(const GraphPlace *place);

/* The id after which those of one direction begin: of the same time and key OUT goes before IN. */
int64_t place_id(const GraphPlace *place, GraphDirection direction);

/* A user's context: newest first, the rest as above. */
int neighbour_compare_latest(const GraphNeighbour *a, const GraphNeighbour *b);

/* Two lists that are in order as one, up to a limit. Returns how many. */
size_t neighbours_merge(const GraphNeighbour *a, size_t a_count, const GraphNeighbour *b, size_t b_count,
                        size_t limit, GraphNeighbour *out);

#endif
