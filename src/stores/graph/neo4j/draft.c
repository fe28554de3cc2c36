#include "stores/graph/neo4j/draft.h"

enum { FIRST_PLACES = 16 };

#define MAKE_ROOM(draft, items, count, capacity) \
    ARENA_MORE(&(draft)->arena, (items), (count), (capacity), FIRST_PLACES)

/* ---- nodes */

static void meet_again(const Draft *draft, DraftNode *node)
{
    FamiliarNode familiar;

    if (draft->familiar == NULL || !familiar_find(draft->familiar, node->key, &familiar))
        return;
    node->met = node->exists = node->stored = true;
    node->shown = familiar.shown;
    node->whole = familiar.whole;
    node->said = familiar.said;
}

bool draft_is_whole(const DraftNode *node)
{
    return node->whole || (node->known && !node->stored);
}

DraftNode *draft_node(Draft *draft, Str key)
{
    uint32_t place = keymap_get(&draft->node_places, key);

    if (place != KEYMAP_NONE)
        return draft->nodes[place];
    DraftNode *node = arena_new(&draft->arena, DraftNode);
    node->key = str_copy(&draft->arena, key);
    node->references = -1;
    meet_again(draft, node);
    MAKE_ROOM(draft, draft->nodes, draft->node_count, draft->node_capacity);
    *keymap_place(&draft->node_places, node->key) = (uint32_t)draft->node_count;
    draft->nodes[draft->node_count++] = node;
    return node;
}

void draft_add_claim(Draft *draft, DraftNode *node, DraftClaim claim)
{
    size_t place = node->claim_count;

    MAKE_ROOM(draft, node->claims, node->claim_count, node->claim_capacity);
    for (; place > 0 && node->claims[place - 1].seq > claim.seq; place--)
        node->claims[place] = node->claims[place - 1];
    node->claims[place] = claim;
    node->claim_count++;
}

void draft_note_origin(Draft *draft, DraftNode *node, Str name)
{
    for (size_t i = 0; i < node->origin_count; i++)
        if (str_equal(node->origins[i], name))
            return;
    MAKE_ROOM(draft, node->origins, node->origin_count, node->origin_capacity);
    node->origins[node->origin_count++] = str_copy(&draft->arena, name);
}

/* ---- relationships */

static void put_into(Draft *draft, DraftGroup *group, DraftRelationship *r)
{
    MAKE_ROOM(draft, group->items, group->count, group->capacity);
    group->items[group->count++] = r;
}

static Str id_bytes(const int64_t *id)
{
    return (Str){(const char *)id, sizeof(*id)};
}

DraftRelationship *draft_find_relationship(const Draft *draft, int64_t id)
{
    uint32_t place = keymap_get(&draft->relationship_places, id_bytes(&id));

    return place != KEYMAP_NONE ? draft->relationships[place] : NULL;
}

Str draft_ends_text(Arena *arena, Str type, Str from, Str to)
{
    Buf buf;

    buf_init(&buf, arena, type.len + from.len + to.len + 2);
    buf_put(&buf, type);
    buf_put_char(&buf, '\n');
    buf_put(&buf, from);
    buf_put_char(&buf, '\n');
    buf_put(&buf, to);
    return buf_str(&buf);
}

DraftGroup *draft_ends(Draft *draft, Str type, Str from, Str to)
{
    AUTO_ARENA Arena scratch = {0};
    Str name = draft_ends_text(&scratch, type, from, to);
    uint32_t place = keymap_get(&draft->end_places, name);

    if (place != KEYMAP_NONE)
        return draft->ends[place];
    MAKE_ROOM(draft, draft->ends, draft->end_count, draft->end_capacity);
    *keymap_place(&draft->end_places, str_copy(&draft->arena, name)) = (uint32_t)draft->end_count;
    draft->ends[draft->end_count] = arena_new(&draft->arena, DraftGroup);
    return draft->ends[draft->end_count++];
}

DraftRelationship *draft_add_relationship(Draft *draft, int64_t id, Str type, Str source, Str target)
{
    DraftRelationship *r = arena_new(&draft->arena, DraftRelationship);

    r->id = id;
    r->type = str_copy(&draft->arena, type);
    r->source = str_copy(&draft->arena, source);
    r->target = str_copy(&draft->arena, target);
    MAKE_ROOM(draft, draft->relationships, draft->relationship_count, draft->relationship_capacity);
    *keymap_place(&draft->relationship_places, id_bytes(&r->id)) = (uint32_t)draft->relationship_count;
    draft->relationships[draft->relationship_count++] = r;
    put_into(draft, draft_ends(draft, r->type, r->source, r->target), r);
    put_into(draft, &draft_node(draft, r->source)->touching, r);
    if (!str_equal(r->source, r->target))
        put_into(draft, &draft_node(draft, r->target)->touching, r);
    return r;
}

void draft_place_event(Draft *draft, Str event, const DraftRelationship *r)
{
    Str kept = r != NULL ? r->event : str_copy(&draft->arena, event);

    *keymap_place(&draft->event_places, kept) =
        r != NULL ? keymap_get(&draft->relationship_places, id_bytes(&r->id)) : DRAFT_NO_EVENT;
}

/* ---- origins */

int64_t draft_origin_id(Draft *draft, Str name)
{
    uint32_t place = keymap_get(&draft->origin_places, name);

    if (place != KEYMAP_NONE)
        return (int64_t)place + 1;
    MAKE_ROOM(draft, draft->origins, draft->origin_count, draft->origin_capacity);
    draft->origins[draft->origin_count] = (DraftOrigin){.name = str_copy(&draft->arena, name)};
    *keymap_place(&draft->origin_places, draft->origins[draft->origin_count].name) =
        (uint32_t)draft->origin_count;
    return (int64_t)++draft->origin_count;
}

DraftOrigin *draft_origin(const Draft *draft, int64_t id)
{
    return &draft->origins[id - 1];
}

/* ---- the whole */

static void open_draft(Draft *draft, Link *link, LinkPatience patience)
{
    *draft = (Draft){.rows.twin = &DRAFT_ROWS, .link = link, .patience = patience};
    arena_init(&draft->arena);
    (void)draft_origin_id(draft, STR("events")); /* the first: ORIGIN_EVENTS */
    draft->origins[0].exists = draft->origins[0].stored = draft->origins[0].looked_up = true;
}

void draft_begin_reads(Draft *draft, Link *link)
{
    open_draft(draft, link, LINK_QUICK);
    draft->reads_only = true;
}

Err draft_begin(Draft *draft, Link *link, LinkPatience patience, Familiar *familiar, const DraftWants *wants)
{
    open_draft(draft, link, patience);
    draft->familiar = familiar;
    draft->said_by = str_copy(&draft->arena, wants->origin);
    if (familiar != NULL)
        familiar_set_origin(familiar, wants->origin);
    return draft_fetch(draft, wants);
}

void draft_finish(Draft *draft)
{
    link_rollback(&draft->tx);
    keymap_finish(&draft->node_places);
    keymap_finish(&draft->end_places);
    keymap_finish(&draft->relationship_places);
    keymap_finish(&draft->event_places);
    keymap_finish(&draft->origin_places);
    native_names_finish(&draft->odd);
    arena_finish(&draft->arena);
}
