#include "services/world/merge.h"

#include <string.h>

#include "base/memory.h"
#include "services/world/dead.h"

/* Entities that are merged without waiting for a quiet moment. */
enum { SMALL = 512 };

static uint64_t *copy_dead(const CatalogueView *view)
{
    size_t bytes = dead_words(view->segment->count) * sizeof(uint64_t);

    return view->dead != NULL ? memcpy(memory_alloc(bytes), view->dead, bytes) : NULL;
}

static CatalogueView share(const CatalogueView *view)
{
    return (CatalogueView){
        .segment = segment_hold(view->segment), .dead = copy_dead(view), .dead_count = view->dead_count};
}

static void kill_entity(CatalogueView *view, uint32_t entity)
{
    if (view->dead == NULL)
        view->dead = memory_zalloc(dead_words(view->segment->count) * sizeof(uint64_t));
    if (is_dead(view->dead, entity))
        return;
    view->dead[entity / 64] |= UINT64_C(1) << (entity % 64);
    view->dead_count++;
}

static bool is_empty(const CatalogueView *view)
{
    return view->dead_count == view->segment->count;
}

/* Leaves out what nothing is alive in, but for one, so that a catalogue is never without. */
static size_t drop_empty(CatalogueView *views, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (!is_empty(&views[i]) || (kept == 0 && i + 1 == count)) {
            views[kept++] = views[i];
            continue;
        }
        segment_release(views[i].segment);
        memory_free(views[i].dead);
    }
    return kept;
}

static Catalogue *catalogue_of_owned(CatalogueView *views, size_t count)
{
    Catalogue *catalogue = catalogue_of(views, drop_empty(views, count));

    memory_free(views);
    return catalogue;
}

Catalogue *catalogue_change(const Catalogue *older, const Str *ids, size_t id_count, Segment *added_owned)
{
    CatalogueView *views = memory_alloc((older->view_count + 1) * sizeof(CatalogueView));
    size_t count = older->view_count;

    for (size_t i = 0; i < count; i++)
        views[i] = share(&older->views[i]);
    for (size_t i = 0; i < id_count; i++) {
        uint32_t number = catalogue_number(older, ids[i]);
        const CatalogueView *old;

        if (number == CATALOGUE_NONE)
            continue;
        old = catalogue_view(older, number);
        kill_entity(&views[old - older->views], number - old->first);
    }
    if (added_owned != NULL)
        views[count++] = (CatalogueView){.segment = added_owned};
    return catalogue_of_owned(views, count);
}

static size_t alive_in(const CatalogueView *view)
{
    return view->segment->count - view->dead_count;
}

/* The newest segments, as long as the next older one isn't at least twice what they are together. */
static MergePlan plan_newest(const Catalogue *catalogue, size_t most)
{
    size_t first = catalogue->view_count - 1;
    size_t together = alive_in(&catalogue->views[first]);

    while (first > 0 && alive_in(&catalogue->views[first - 1]) < 2 * together &&
           together + alive_in(&catalogue->views[first - 1]) <= most)
        together += alive_in(&catalogue->views[--first]);
    return (MergePlan){first, catalogue->view_count - first > 1 ? catalogue->view_count - first : 0};
}

MergePlan merge_plan(const Catalogue *catalogue, bool small)
{
    MergePlan plan = plan_newest(catalogue, small ? SMALL : SIZE_MAX);

    for (size_t i = 0; !small && plan.count == 0 && i < catalogue->view_count; i++)
        if (catalogue->views[i].dead_count > catalogue->views[i].segment->count / 4)
            plan = (MergePlan){i, 1};
    return plan;
}

Merge merge_begin(Catalogue *catalogue, const Schema *schema, MergePlan plan)
{
    SegmentMaker *maker = segment_maker_create(schema);
    Merge merge = {.of = catalogue_hold(catalogue), .plan = plan};
    size_t entities = 0;

    for (size_t i = 0; i < plan.count; i++)
        entities += catalogue->views[plan.first + i].segment->count;
    merge.became = memory_alloc(entities * sizeof(uint32_t));
    entities = 0;
    for (size_t i = 0; i < plan.count; i++) {
        const CatalogueView *view = &catalogue->views[plan.first + i];

        segment_add_segment(maker, view->segment, view->dead, merge.became + entities);
        entities += view->segment->count;
    }
    merge.made = segment_make(maker);
    return merge;
}

/* Where the planned segments are now; view_count of the newest when they aren't all there. */
static size_t find_planned(const Merge *merge, const Catalogue *newest)
{
    for (size_t first = 0; first + merge->plan.count <= newest->view_count; first++) {
        size_t same = 0;

        while (same < merge->plan.count &&
               newest->views[first + same].segment == merge->of->views[merge->plan.first + same].segment)
            same++;
        if (same == merge->plan.count)
            return first;
    }
    return newest->view_count;
}

/* What has died since the merge began is dead in what was made. */
static CatalogueView merged_view(const Merge *merge, const Catalogue *newest, size_t first)
{
    CatalogueView made = {.segment = segment_hold(merge->made)};
    const uint32_t *became = merge->became;

    for (size_t i = 0; i < merge->plan.count; i++) {
        const CatalogueView *view = &newest->views[first + i];

        for (uint32_t entity = 0; entity < view->segment->count; entity++)
            if (is_dead(view->dead, entity) && became[entity] != INDEX_GONE)
                kill_entity(&made, became[entity]);
        became += view->segment->count;
    }
    return made;
}

static Catalogue *put_in_place(const Merge *merge, const Catalogue *newest, size_t first)
{
    CatalogueView *views = memory_alloc((newest->view_count + 1) * sizeof(CatalogueView));
    size_t count = 0;

    for (size_t i = 0; i < newest->view_count; i++) {
        if (i == first)
            views[count++] = merged_view(merge, newest, first);
        if (i < first || i >= first + merge->plan.count)
            views[count++] = share(&newest->views[i]);
    }
    return catalogue_of_owned(views, count);
}

Catalogue *merge_end(Merge *merge, const Catalogue *newest)
{
    size_t first = find_planned(merge, newest);
    Catalogue *catalogue = first < newest->view_count ? put_in_place(merge, newest, first) : NULL;

    catalogue_release(&merge->of);
    segment_release(merge->made);
    memory_free(merge->became);
    return catalogue;
}
