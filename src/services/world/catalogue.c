#include "services/world/catalogue.h"

#include <string.h>

#include "base/memory.h"
#include "base/thread.h"
#include "services/world/dead.h"

/* What the graph tells while a catalogue is loaded. */
typedef struct Loading {
    SegmentMaker *maker;
    const Schema *schema;
} Loading;

static Err load_node(void *context, const GraphNode *node)
{
    Loading *loading = context;

    return schema_shows(loading->schema, graph_main_label(node)) ? segment_add_node(loading->maker, node)
                                                                 : OK;
}

static Err load_relationship(void *context, const GraphRelationship *r)
{
    Loading *loading = context;
    const SchemaRelationship *kind = schema_relationship(loading->schema, r->type);

    if (kind == NULL)
        return OK;
    segment_add_link(loading->maker, r->from, r->to, kind->step);
    segment_add_link(loading->maker, r->to, r->from, kind->step);
    return OK;
}

/* Only the types that search steps along: what users did is never scanned. */
static Err load_relationships(Loading *loading, Graph *graph)
{
    size_t count;
    const SchemaRelationship *kinds = schema_relationships(loading->schema, &count);

    for (size_t i = 0; i < count; i++)
        if (kinds[i].step > 0)
            TRY(graph_scan_relationships(graph, kinds[i].name, load_relationship, loading));
    return OK;
}

static Err load_nodes(Loading *loading, Graph *graph)
{
    size_t count;
    const SchemaLabel *labels = schema_labels(loading->schema, &count);

    if (schema_is_open(loading->schema))
        return graph_scan_nodes(graph, (Str){0}, load_node, loading);
    for (size_t i = 0; i < count; i++)
        if (labels[i].in_catalogue)
            TRY(graph_scan_nodes(graph, labels[i].name, load_node, loading));
    return OK;
}

static Err load(Loading *loading, Graph *graph)
{
    TRY(load_nodes(loading, graph));
    return load_relationships(loading, graph);
}

Err catalogue_load(Graph *graph, const Schema *schema, Catalogue **out)
{
    Loading loading = {segment_maker_create(schema), schema};
    Err e = load(&loading, graph);
    CatalogueView view = {0};

    if (failed(&e)) {
        segment_maker_destroy(loading.maker);
        return e;
    }
    view.segment = segment_make(loading.maker);
    *out = catalogue_of(&view, 1);
    return OK;
}

/* Looks no further than until all labels of the segment are seen. */
static uint64_t living_label_bits(const CatalogueView *view)
{
    uint64_t bits = view->dead_count > 0 ? 0 : view->segment->label_bits;

    for (uint32_t i = 0; i < view->segment->count && bits != view->segment->label_bits; i++)
        if (!is_dead(view->dead, i))
            bits |= view->segment->entities[i].label_bits;
    return bits;
}

Catalogue *catalogue_of(const CatalogueView *views, size_t count)
{
    Catalogue *catalogue = memory_new(Catalogue);

    catalogue->holders = 1;
    catalogue->views = memory_alloc(count * sizeof(CatalogueView));
    catalogue->names = memory_alloc(count * sizeof(NamesPart));
    memcpy(catalogue->views, views, count * sizeof(CatalogueView));
    catalogue->view_count = count;
    for (size_t i = 0; i < count; i++) {
        CatalogueView *view = &catalogue->views[i];

        view->first = (uint32_t)catalogue->slots;
        catalogue->slots += view->segment->count;
        catalogue->count += view->segment->count - view->dead_count;
        catalogue->label_bits |= living_label_bits(view);
        catalogue->names[i] = (NamesPart){view->segment->names, view->dead, view->first};
    }
    return catalogue;
}

Catalogue *catalogue_hold(Catalogue *catalogue)
{
    atomic_fetch_add(&catalogue->holders, 1);
    return catalogue;
}

void catalogue_release(Catalogue **held)
{
    Catalogue *catalogue = *held;

    *held = NULL;
    if (catalogue == NULL || atomic_fetch_sub(&catalogue->holders, 1) > 1)
        return;
    for (size_t i = 0; i < catalogue->view_count; i++) {
        segment_release(catalogue->views[i].segment);
        memory_free(catalogue->views[i].dead);
    }
    memory_free(catalogue->views);
    memory_free(catalogue->names);
    memory_free(catalogue);
}

const CatalogueView *catalogue_view(const Catalogue *catalogue, uint32_t number)
{
    size_t i = catalogue->view_count - 1;

    while (catalogue->views[i].first > number)
        i--;
    return &catalogue->views[i];
}

const CatalogueEntity *catalogue_entity(const Catalogue *catalogue, uint32_t number)
{
    const CatalogueView *view = catalogue_view(catalogue, number);

    return &view->segment->entities[number - view->first];
}

uint32_t catalogue_number(const Catalogue *catalogue, Str id)
{
    for (size_t i = catalogue->view_count; i > 0; i--) {
        const CatalogueView *view = &catalogue->views[i - 1];
        uint32_t at = keymap_get(&view->segment->by_id, id);

        if (at != KEYMAP_NONE && !is_dead(view->dead, at))
            return view->first + at;
    }
    return CATALOGUE_NONE;
}

const CatalogueEntity *catalogue_find(const Catalogue *catalogue, Str id)
{
    uint32_t number = catalogue_number(catalogue, id);

    return number != CATALOGUE_NONE ? catalogue_entity(catalogue, number) : NULL;
}

NamesParts catalogue_names(const Catalogue *catalogue)
{
    return (NamesParts){catalogue->names, catalogue->view_count};
}

void shelf_init(Shelf *shelf)
{
    pthread_mutex_init(&shelf->lock, NULL);
    shelf->newest = NULL;
    shelf->numbered = 0;
}

void shelf_finish(Shelf *shelf)
{
    catalogue_release(&shelf->newest);
    pthread_mutex_destroy(&shelf->lock);
}

Catalogue *shelf_take(Shelf *shelf)
{
    MUTEX_HOLD(&shelf->lock);

    return shelf->newest != NULL ? catalogue_hold(shelf->newest) : NULL;
}

void shelf_put(Shelf *shelf, Catalogue *newer_owned)
{
    Catalogue *older;

    mutex_lock(&shelf->lock);
    older = shelf->newest;
    newer_owned->number = ++shelf->numbered;
    shelf->newest = newer_owned;
    mutex_unlock(&shelf->lock);
    catalogue_release(&older);
}
