#include "services/world/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/thread.h"

enum { NUMBER_TEXT = 32 };

/* Which field of the index a property belongs to; what isn't listed is a short fact and weighs as the summary. */
static const struct {
    const char *property;
    IndexField field;
    bool is_name;
    bool hidden; /* never searched */
} PROPERTIES[] = {
    {"name", INDEX_NAME, .is_name = true},
    {"name_ko", INDEX_NAME, .is_name = true},
    {"title", INDEX_NAME, .is_name = true},
    {"title_ko", INDEX_NAME, .is_name = true},
    {"aliases", INDEX_NAME, .is_name = true},
    {"text_en", INDEX_TEXT},
    {"text_ko", INDEX_TEXT},
    {"content", INDEX_TEXT},
    {"story", INDEX_TEXT},
    {"sources", .hidden = true},
    {"sample", .hidden = true},
};
static const size_t PROPERTY_COUNT = sizeof(PROPERTIES) / sizeof(PROPERTIES[0]);

/* A catalogue while it is put together; scratch is emptied after each node. */
typedef struct Loading {
    Catalogue *catalogue;
    const Schema *schema;
    size_t capacity;
    size_t link_capacity;
    Arena scratch;
} Loading;

static Str string_of(const json_t *value)
{
    return (Str){json_string_value(value), json_string_length(value)};
}

static Str kept(Loading *loading, const json_t *object, const char *key)
{
    return str_copy(&loading->catalogue->text, string_of(json_object_get(object, key)));
}

static Str first_present(Str a, Str b)
{
    return a.len > 0 ? a : b;
}

static Str or_empty(Str s)
{
    return s.data != NULL ? s : STR("");
}

static StrSet kept_list(Loading *loading, const json_t *list)
{
    Arena *arena = &loading->catalogue->text;
    Str *items = arena_array(arena, Str, json_array_size(list));
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        Str item = string_of(json_array_get(list, i));

        if (item.data != NULL)
            items[count++] = str_copy(arena, item);
    }
    return (StrSet){items, count};
}

static CatalogueEntity make_entity(Loading *loading, const GraphNode *node, const json_t *properties)
{
    Arena *arena = &loading->catalogue->text;
    Str *labels = arena_array(arena, Str, node->label_count);
    Str name = first_present(kept(loading, properties, "name"), kept(loading, properties, "title"));
    Str summary =
        first_present(kept(loading, properties, "summary_en"), kept(loading, properties, "summary"));
    CatalogueEntity entity = {.id = str_copy(arena, node->key)};

    for (size_t i = 0; i < node->label_count; i++)
        labels[i] = str_copy(arena, node->labels[i]);
    entity.labels = (StrSet){labels, node->label_count};
    entity.name[TONGUE_EN] = first_present(name, entity.id);
    entity.name[TONGUE_KO] = first_present(kept(loading, properties, "name_ko"), entity.name[TONGUE_EN]);
    entity.summary[TONGUE_EN] = or_empty(summary);
    entity.summary[TONGUE_KO] = or_empty(first_present(kept(loading, properties, "summary_ko"), summary));
    entity.sources = kept_list(loading, json_object_get(properties, "sources"));
    entity.sample = json_is_true(json_object_get(properties, "sample"));
    return entity;
}

static void index_text(Loading *loading, uint32_t entity, Str text, IndexField field, bool is_name)
{
    Words words = analyse(&loading->scratch, text);

    index_add(loading->catalogue->index, entity, field, words);
    if (is_name)
        names_add(loading->catalogue->names, entity, words);
}

static void index_value(Loading *loading, uint32_t entity, const json_t *value, IndexField field,
                        bool is_name)
{
    char number[NUMBER_TEXT];
    json_t *item;
    size_t i;

    if (json_is_string(value)) {
        index_text(loading, entity, string_of(value), field, is_name);
    } else if (json_is_number(value)) {
        (void)snprintf(number, sizeof(number), "%.10g", json_number_value(value));
        index_text(loading, entity, str_from(number), field, is_name);
    }
    json_array_foreach((json_t *)(uintptr_t)value, i, item)
        index_value(loading, entity, item, field, is_name);
}

static void index_properties(Loading *loading, uint32_t entity, json_t *properties)
{
    const char *key;
    json_t *value;

    json_object_foreach(properties, key, value)
    {
        size_t i = 0;

        while (i < PROPERTY_COUNT && strcmp(PROPERTIES[i].property, key) != 0)
            i++;
        if (i == PROPERTY_COUNT)
            index_value(loading, entity, value, INDEX_SUMMARY, false);
        else if (!PROPERTIES[i].hidden)
            index_value(loading, entity, value, PROPERTIES[i].field, PROPERTIES[i].is_name);
    }
}

static Err load_node(void *context, const GraphNode *node)
{
    AUTO_JSON json_t *properties = NULL;
    Loading *loading = context;
    Catalogue *catalogue = loading->catalogue;
    uint32_t entity = (uint32_t)catalogue->count;

    if (!schema_shows(loading->schema, graph_main_label(node)))
        return OK;
    TRY(json_read(node->properties, &properties));
    if (!json_is_object(properties))
        return err(INTERNAL, "the properties of %.*s aren't an object", STR_ARG(node->key));
    if (catalogue->count == loading->capacity) {
        loading->capacity = loading->capacity > 0 ? loading->capacity * 2 : 256;
        catalogue->entities = memory_grow(catalogue->entities, loading->capacity, sizeof(CatalogueEntity));
    }
    catalogue->entities[catalogue->count++] = make_entity(loading, node, properties);
    *keymap_place(&catalogue->by_id, catalogue->entities[entity].id) = entity;
    index_properties(loading, entity, properties);
    arena_reset(&loading->scratch);
    return OK;
}

static void add_link(Loading *loading, uint32_t from, uint32_t to, double step)
{
    Catalogue *catalogue = loading->catalogue;

    if (catalogue->link_count == loading->link_capacity) {
        loading->link_capacity = loading->link_capacity > 0 ? loading->link_capacity * 2 : 1024;
        catalogue->links = memory_grow(catalogue->links, loading->link_capacity, sizeof(CatalogueLink));
    }
    catalogue->links[catalogue->link_count++] = (CatalogueLink){from, to, step};
}

static Err load_relationship(void *context, const GraphRelationship *r)
{
    Loading *loading = context;
    uint32_t from = keymap_get(&loading->catalogue->by_id, r->from);
    uint32_t to = keymap_get(&loading->catalogue->by_id, r->to);
    const SchemaRelationship *kind = schema_relationship(loading->schema, r->type);

    if (from == KEYMAP_NONE || to == KEYMAP_NONE || from == to || kind == NULL)
        return OK;
    add_link(loading, from, to, kind->step);
    add_link(loading, to, from, kind->step);
    return OK;
}

static int compare_links(const void *a, const void *b)
{
    const CatalogueLink *left = a;
    const CatalogueLink *right = b;

    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    if (left->to != right->to)
        return left->to < right->to ? -1 : 1;
    return (left->step < right->step) - (left->step > right->step);
}

static void sort_links(Catalogue *catalogue)
{
    size_t link = 0;

    if (catalogue->link_count > 0)
        qsort(catalogue->links, catalogue->link_count, sizeof(CatalogueLink), compare_links);
    catalogue->first_link = memory_alloc((catalogue->count + 1) * sizeof(size_t));
    for (size_t entity = 0; entity <= catalogue->count; entity++) {
        while (link < catalogue->link_count && catalogue->links[link].from < entity)
            link++;
        catalogue->first_link[entity] = link;
    }
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
    TRY(load_relationships(loading, graph));
    sort_links(loading->catalogue);
    index_seal(loading->catalogue->index, loading->catalogue->count);
    return OK;
}

Err catalogue_load(Graph *graph, const Schema *schema, Catalogue **out)
{
    Loading loading = {.catalogue = memory_new(Catalogue), .schema = schema};
    Catalogue *catalogue = loading.catalogue;
    Err e;

    arena_init(&catalogue->text);
    arena_init(&loading.scratch);
    catalogue->index = index_create();
    catalogue->names = names_create();
    catalogue->holders = 1;
    e = load(&loading, graph);
    arena_finish(&loading.scratch);
    if (failed(&e)) {
        catalogue_release(&catalogue);
        return e;
    }
    *out = catalogue;
    return OK;
}

void catalogue_release(Catalogue **held)
{
    Catalogue *catalogue = *held;

    *held = NULL;
    if (catalogue == NULL || atomic_fetch_sub(&catalogue->holders, 1) > 1)
        return;
    index_destroy(catalogue->index);
    names_destroy(catalogue->names);
    keymap_finish(&catalogue->by_id);
    memory_free(catalogue->entities);
    memory_free(catalogue->links);
    memory_free(catalogue->first_link);
    arena_finish(&catalogue->text);
    memory_free(catalogue);
}

const CatalogueEntity *catalogue_find(const Catalogue *catalogue, Str id)
{
    uint32_t at = keymap_get(&catalogue->by_id, id);

    return at != KEYMAP_NONE ? &catalogue->entities[at] : NULL;
}

void shelf_init(Shelf *shelf)
{
    pthread_mutex_init(&shelf->lock, NULL);
    shelf->newest = NULL;
}

void shelf_finish(Shelf *shelf)
{
    catalogue_release(&shelf->newest);
    pthread_mutex_destroy(&shelf->lock);
}

Catalogue *shelf_take(Shelf *shelf)
{
    MUTEX_HOLD(&shelf->lock);

    if (shelf->newest != NULL)
        atomic_fetch_add(&shelf->newest->holders, 1);
    return shelf->newest;
}

void shelf_put(Shelf *shelf, Catalogue *newer_owned)
{
    Catalogue *older;

    mutex_lock(&shelf->lock);
    older = shelf->newest;
    shelf->newest = newer_owned;
    mutex_unlock(&shelf->lock);
    catalogue_release(&older);
}
