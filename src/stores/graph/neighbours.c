#include "stores/graph/neighbours.h"

static int compare_int(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static GraphPlace place_of(const GraphNeighbour *n)
{
    return (GraphPlace){n->relationship, n->at_us, n->key, n->direction, n->id};
}

int neighbour_compare_place(const GraphPlace *place, const GraphNeighbour *n)
{
    int order = str_compare(place->relationship, n->relationship);

    if (order == 0)
        order = compare_int(n->at_us, place->at_us);
    if (order == 0)
        order = str_compare(place->key, n->key);
    if (order == 0)
        order = compare_int(place->direction, n->direction);
    return order != 0 ? order : compare_int(place->id, n->id);
}

int neighbour_compare(const GraphNeighbour *a, const GraphNeighbour *b)
{
    GraphPlace place = place_of(a);

    return neighbour_compare_place(&place, b);
}

int neighbour_compare_latest(const GraphNeighbour *a, const GraphNeighbour *b)
{
    int order = compare_int(b->at_us, a->at_us);

    return order != 0 ? order : neighbour_compare(a, b);
}

bool place_is_first(const GraphPlace *place)
{
    return place->relationship.data == NULL;
}

int64_t place_id(const GraphPlace *place, GraphDirection direction)
{
    if (place->direction == direction)
        return place->id;
    return direction == GRAPH_OUT ? INT64_MAX : INT64_MIN;
}

size_t neighbours_merge(const GraphNeighbour *a, size_t a_count, const GraphNeighbour *b, size_t b_count,
                        size_t limit, GraphNeighbour *out)
{
    size_t i = 0;
    size_t j = 0;
    size_t count = 0;

    while (count < limit && (i < a_count || j < b_count)) {
        bool take_a = j == b_count || (i < a_count && neighbour_compare(&a[i], &b[j]) < 0);

        out[count++] = take_a ? a[i++] : b[j++];
    }
    return count;
}
