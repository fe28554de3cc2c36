#include "services/world/segment.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "services/world/dead.h"
#include "services/world/document.h"

/* A link while the segment is made. */
typedef struct LooseLink {
    uint32_t from;
    SegmentLink link;
} LooseLink;

struct SegmentMaker {
    Segment *segment;
    const Schema *schema;
    size_t capacity;
    LooseLink *links;
    size_t link_count;
    size_t link_capacity;
    Arena scratch; /* emptied after each node */
};

SegmentMaker *segment_maker_create(const Schema *schema)
{
    SegmentMaker *maker = memory_new(SegmentMaker);

    maker->schema = schema;
    maker->segment = memory_new(Segment);
    maker->segment->index = index_create();
    maker->segment->names = names_create();
    maker->segment->holders = 1;
    arena_init(&maker->segment->text);
    arena_init(&maker->scratch);
    return maker;
}

void segment_maker_destroy(SegmentMaker *maker)
{
    if (maker == NULL)
        return;
    segment_release(maker->segment);
    memory_free(maker->links);
    arena_finish(&maker->scratch);
    memory_free(maker);
}

static uint32_t add_entity(SegmentMaker *maker, CatalogueEntity entity)
{
    Segment *segment = maker->segment;

    if (segment->count == maker->capacity) {
        maker->capacity = maker->capacity > 0 ? maker->capacity * 2 : 8;
        segment->entities = memory_grow(segment->entities, maker->capacity, sizeof(CatalogueEntity));
    }
    segment->entities[segment->count] = entity;
    segment->label_bits |= entity.label_bits;
    assert(keymap_get(&segment->by_id, entity.id) == KEYMAP_NONE);
    *keymap_place(&segment->by_id, entity.id) = (uint32_t)segment->count;
    return (uint32_t)segment->count++;
}

Err segment_add_node(SegmentMaker *maker, const GraphNode *node)
{
    Segment *segment = maker->segment;
    Document document;
    uint32_t entity;

    arena_reset(&maker->scratch);
    TRY(document_read(&segment->text, &maker->scratch, maker->schema, node, &document));
    entity = add_entity(maker, document.entity);
    index_add(segment->index, entity, document.texts, document.text_count);
    for (size_t i = 0; i < document.name_count; i++)
        names_add(segment->names, entity, document.names[i]);
    return OK;
}

/* The id as the segment keeps it anyway, or a copy. */
static Str kept_id(Segment *segment, Str id)
{
    uint32_t known = keymap_get(&segment->by_id, id);

    return known != KEYMAP_NONE ? segment->entities[known].id : str_copy(&segment->text, id);
}

static void add_link(SegmentMaker *maker, uint32_t from, SegmentLink link)
{
    if (maker->link_count == maker->link_capacity) {
        maker->link_capacity = maker->link_capacity > 0 ? maker->link_capacity * 2 : 16;
        maker->links = memory_grow(maker->links, maker->link_capacity, sizeof(LooseLink));
    }
    link.to = kept_id(maker->segment, link.to);
    maker->links[maker->link_count++] = (LooseLink){from, link};
}

void segment_add_link(SegmentMaker *maker, Str from, Str to, double step)
{
    uint32_t entity = keymap_get(&maker->segment->by_id, from);

    if (entity != KEYMAP_NONE && !str_equal(from, to))
        add_link(maker, entity, (SegmentLink){to, (float)step});
}

size_t segment_maker_count(const SegmentMaker *maker)
{
    return maker->segment->count;
}

bool segment_maker_knows(const SegmentMaker *maker, Str id)
{
    return keymap_get(&maker->segment->by_id, id) != KEYMAP_NONE;
}

Str segment_maker_id(const SegmentMaker *maker, size_t entity)
{
    return maker->segment->entities[entity].id;
}

static StrSet copy_set(Arena *arena, StrSet set)
{
    Str *items = arena_array(arena, Str, set.count);

    for (size_t i = 0; i < set.count; i++)
        items[i] = str_copy(arena, set.items[i]);
    return (StrSet){items, set.count};
}

static CatalogueEntity copy_entity(Arena *arena, const CatalogueEntity *entity)
{
    CatalogueEntity copy = *entity;

    copy.id = str_copy(arena, entity->id);
    copy.labels = copy_set(arena, entity->labels);
    copy.sources = copy_set(arena, entity->sources);
    copy.place.group = str_copy(arena, entity->place.group);
    for (size_t tongue = 0; tongue < TONGUE_COUNT; tongue++) {
        copy.name[tongue] = str_copy(arena, entity->name[tongue]);
        copy.summary[tongue] = str_copy(arena, entity->summary[tongue]);
    }
    return copy;
}

void segment_add_segment(SegmentMaker *maker, const Segment *segment, const uint64_t *dead, uint32_t *became)
{
    for (uint32_t i = 0; i < segment->count; i++)
        became[i] = is_dead(dead, i)
                        ? INDEX_GONE
                        : add_entity(maker, copy_entity(&maker->segment->text, &segment->entities[i]));
    for (uint32_t i = 0; i < segment->count; i++)
        for (size_t l = segment->first_link[i]; became[i] != INDEX_GONE && l < segment->first_link[i + 1];
             l++)
            add_link(maker, became[i], segment->links[l]);
    index_merge(maker->segment->index, segment->index, became);
    names_merge(maker->segment->names, segment->names, became);
}

static int compare_links(const void *a, const void *b)
{
    const LooseLink *left = a;
    const LooseLink *right = b;

    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    if (left->link.step != right->link.step)
        return left->link.step > right->link.step ? -1 : 1;
    return str_compare(left->link.to, right->link.to);
}

static void sort_links(SegmentMaker *maker)
{
    Segment *segment = maker->segment;
    size_t link = 0;

    if (maker->link_count > 0)
        qsort(maker->links, maker->link_count, sizeof(LooseLink), compare_links);
    segment->links = memory_alloc(maker->link_count * sizeof(SegmentLink));
    segment->first_link = memory_alloc((segment->count + 1) * sizeof(uint32_t));
    for (size_t entity = 0; entity <= segment->count; entity++) {
        segment->first_link[entity] = (uint32_t)link;
        for (; link < maker->link_count && maker->links[link].from == entity; link++)
            segment->links[link] = maker->links[link].link;
    }
}

static Rows line_up(const Segment *segment)
{
    RowPlace *places = memory_alloc(segment->count * sizeof(RowPlace));
    Rows rows;

    for (size_t i = 0; i < segment->count; i++)
        places[i] = segment->entities[i].place;
    rows = rows_make(places, segment->count, segment->index);
    memory_free(places);
    return rows;
}

Segment *segment_make(SegmentMaker *maker)
{
    Segment *segment = maker->segment;

    sort_links(maker);
    index_seal(segment->index);
    names_seal(segment->names);
    segment->rows = line_up(segment);
    maker->segment = NULL;
    segment_maker_destroy(maker);
    return segment;
}

Segment *segment_hold(Segment *segment)
{
    atomic_fetch_add(&segment->holders, 1);
    return segment;
}

void segment_release(Segment *segment)
{
    if (segment == NULL || atomic_fetch_sub(&segment->holders, 1) > 1)
        return;
    rows_finish(&segment->rows);
    index_destroy(segment->index);
    names_destroy(segment->names);
    keymap_finish(&segment->by_id);
    memory_free(segment->entities);
    memory_free(segment->links);
    memory_free(segment->first_link);
    arena_finish(&segment->text);
    memory_free(segment);
}
