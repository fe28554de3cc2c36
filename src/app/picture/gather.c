
#include "app/picture/picture.h"
#include "base/keymap.h"
#include "base/utf8.h"

enum { MOST_NEIGHBOURS = 100 };
static const double BOX_PADDING = 12;

/* Where a relationship leads, before it is known whether both ends are in the picture. */
typedef struct Link {
    Str from;
    Str to;
    Str type;
} Link;

typedef struct Gather {
    const PictureSource *source;
    Picture *picture;
    StrIdMap places;
    StrIdMap seen; /* links, each from both of its ends */
    Link *links;
    size_t link_count;
    size_t link_capacity;
} Gather;

static void gather_finish(Gather *gather)
{
    keymap_finish(&gather->places);
    keymap_finish(&gather->seen);
}
#define AUTO_GATHER __attribute__((cleanup(gather_finish)))

static void start(Gather *gather, const PictureSource *source, Picture *out)
{
    *out = (Picture){
        .arena = source->arena,
        .nodes = arena_array(source->arena, PictureNode, PICTURE_MAX_NODES),
    };
    *gather = (Gather){.source = source, .picture = out};
}

/* Adds it unless it is there or there is no room. */
static void add_node(Gather *gather, PictureNode node)
{
    Picture *picture = gather->picture;

    if (keymap_get(&gather->places, node.id) != KEYMAP_NONE)
        return;
    if (picture->node_count == PICTURE_MAX_NODES) {
        picture->is_cut = true;
        return;
    }
    *keymap_place(&gather->places, node.id) = (uint32_t)picture->node_count;
    picture->nodes[picture->node_count++] = node;
}

static Str link_key(Arena *arena, const Link *link)
{
    Buf key = {.arena = arena};

    buf_format(&key, "%.*s\n%.*s\n%.*s", STR_ARG(link->type), STR_ARG(link->from), STR_ARG(link->to));
    return buf_str(&key);
}

static void add_link(Gather *gather, Link link)
{
    Arena *arena = gather->source->arena;
    uint32_t *place = keymap_place(&gather->seen, link_key(arena, &link));

    if (*place != KEYMAP_NONE)
        return;
    *place = 1;
    ARENA_MORE(arena, gather->links, gather->link_count, gather->link_capacity, 256);
    gather->links[gather->link_count++] = link;
}

static Str property(const json_t *properties, Str name, Arena *arena)
{
    const json_t *value = json_object_getn(properties, name.data, name.len);

    return json_is_string(value) ? str_copy(arena, json_str(value)) : (Str){0};
}

/* In the language that was asked for, else its name, its title, its id. */
static Str name_of(const PictureSource *source, const Entity *entity)
{
    AUTO_JSON json_t *properties = NULL;
    Err e = json_read(entity->properties, &properties);
    Buf preferred = {.arena = source->arena};
    Str name = {0};

    buf_format(&preferred, "name%.*s", STR_ARG(source->name_suffix));
    const Str tried[] = {buf_str(&preferred), STR("name"), STR("title")};
    for (size_t i = 0; !failed(&e) && name.len == 0 && i < sizeof tried / sizeof *tried; i++)
        name = property(properties, tried[i], source->arena);
    return name.len > 0 ? name : entity->id;
}

/* About as wide as browsers set it in 14 px; a little more, so that it never runs out of its box. */
static double width_of(Str text)
{
    enum { LAST_LATIN = 0x24F };
    double width = 2 * BOX_PADDING;
    uint32_t c;

    for (size_t at = 0; utf8_next(text, &at, &c);)
        width += c > LAST_LATIN ? 14 : (c >= 'A' && c <= 'Z') ? 9.8 : 7.9;
    return width;
}

static void note_neighbour(Gather *gather, size_t at, const Neighbour *near, bool grows)
{
    const PictureNode *node = &gather->picture->nodes[at];
    bool leads_there = near->direction == NEIGHBOUR_DIRECTION_OUT;

    add_link(gather, leads_there ? (Link){node->id, near->id, near->relationship}
                                 : (Link){near->id, node->id, near->relationship});
    if (grows)
        add_node(gather, (PictureNode){.id = near->id,
                                       .by = near->relationship,
                                       .leads_here = leads_there,
                                       .parent = at,
                                       .distance = node->distance + 1});
}

/* Asks the world about the node: what it is called, and what it is joined to. */
static Err read_node(Gather *gather, size_t at, bool grows)
{
    PictureNode *node = &gather->picture->nodes[at];
    Call call = {.arena = gather->source->arena, .trace = trace_new()};
    WorldGetEntityInput in = WORLD_GET_ENTITY_INPUT_DEFAULTS;
    Entity entity = {0};

    in.id = node->id;
    in.limit = MOST_NEIGHBOURS;
    TRY(world_client_get_entity(gather->source->world, &call, &in, &entity));
    node->label = entity.labels.items[0];
    node->name = name_of(gather->source, &entity);
    node->width = width_of(node->name);
    for (size_t i = 0; i < entity.neighbours.count; i++)
        note_neighbour(gather, at, &entity.neighbours.items[i], grows);
    return OK;
}

/* The links whose ends are both in the picture. */
static void keep_edges(Gather *gather)
{
    Picture *picture = gather->picture;

    picture->edges = arena_array(picture->arena, PictureEdge, gather->link_count);
    for (size_t i = 0; i < gather->link_count; i++) {
        const Link *link = &gather->links[i];
        uint32_t from = keymap_get(&gather->places, link->from);
        uint32_t to = keymap_get(&gather->places, link->to);

        if (from != KEYMAP_NONE && to != KEYMAP_NONE)
            picture->edges[picture->edge_count++] = (PictureEdge){from, to, link->type};
    }
}

Err picture_gather_around(const PictureSource *source, Str id, int depth, Picture *out)
{
    AUTO_GATHER Gather gather = {0};

    start(&gather, source, out);
    out->has_centre = true;
    add_node(&gather, (PictureNode){.id = id});
    for (size_t i = 0; i < out->node_count; i++)
        TRY(read_node(&gather, i, out->nodes[i].distance < depth));
    keep_edges(&gather);
    return OK;
}

Err picture_gather_these(const PictureSource *source, const Str *ids, size_t count, Picture *out)
{
    AUTO_GATHER Gather gather = {0};

    start(&gather, source, out);
    for (size_t i = 0; i < count; i++)
        add_node(&gather, (PictureNode){.id = ids[i], .parent = i});
    for (size_t i = 0; i < out->node_count; i++)
        TRY(read_node(&gather, i, false));
    keep_edges(&gather);
    return OK;
}
