#include "services/world/searching.h"
#include "services/world/weights.h"

static Flow *slot_of(const Search *s, uint32_t entity)
{
    size_t mask = s->flow_capacity - 1;

    for (size_t i = (size_t)(entity * UINT32_C(2654435761)) & mask;; i = (i + 1) & mask)
        if (s->flows[i].to == entity || s->flows[i].to == FLOW_FREE)
            return &s->flows[i];
}

const Flow *flow_to(const Search *s, uint32_t entity)
{
    const Flow *flow = s->flow_capacity > 0 ? slot_of(s, entity) : NULL;

    return flow != NULL && flow->to == entity ? flow : NULL;
}

/* The links of an entity, strongest first. */
static const SegmentLink *links_of(const Search *s, uint32_t entity, size_t *count)
{
    const CatalogueView *view = catalogue_view(s->catalogue, entity);
    const uint32_t *first = &view->segment->first_link[entity - view->first];

    *count = first[1] - first[0];
    return view->segment->links + first[0];
}

static void make_room(Search *s, const Candidate *hits, size_t hit_count)
{
    size_t links = 0;

    for (size_t i = 0; i < hit_count; i++) {
        size_t count;

        links_of(s, hits[i].entity, &count);
        links += count;
    }
    if (links == 0)
        return;
    for (s->flow_capacity = 16; s->flow_capacity < 2 * links;)
        s->flow_capacity *= 2;
    s->flows = arena_array(s->arena, Flow, s->flow_capacity);
    for (size_t i = 0; i < s->flow_capacity; i++)
        s->flows[i].to = FLOW_FREE;
}

static void spread_from(Search *s, const Candidate *hit)
{
    double strength = (double)hit->score * (is_named(s, hit->entity) ? 1 : UNNAMED_STEP);
    size_t count;
    const SegmentLink *links = links_of(s, hit->entity, &count);

    for (size_t i = 0; i < count; i++) {
        uint32_t to = catalogue_number(s->catalogue, links[i].to);
        float flowing = (float)strength * links[i].step;
        Flow *flow = to != CATALOGUE_NONE ? slot_of(s, to) : NULL;

        if (flow != NULL && (flow->to == FLOW_FREE || flowing > flow->strength))
            *flow = (Flow){.to = to, .from = hit->entity, .strength = flowing};
    }
}

/* The best of what comes along relationships is added to what an entity has by itself. */
void spread(Search *s)
{
    Candidate hits[SPREAD_FROM];
    size_t count = rank(s, (StrSet){0}, SPREAD_FROM, hits);

    make_room(s, hits, count);
    if (s->flow_capacity == 0)
        return;
    for (size_t i = 0; i < count; i++)
        spread_from(s, &hits[i]);
    for (size_t i = 0; i < s->flow_capacity; i++) {
        Flow *flow = &s->flows[i];

        if (flow->to == FLOW_FREE)
            continue;
        flow->own = s->scores[flow->to];
        s->scores[flow->to] += flow->strength;
    }
}
