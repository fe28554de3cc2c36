/* A proposal in a person's words. */
#include <ctype.h>

#include "services/world/review/review.h"
#include "services/world/room.h"

/* The name that the properties give, in the language that is read or else the other; absent when there is none. */
static Str name_in(const json_t *properties, bool korean)
{
    static const char *const keys[2][4] = {{"name", "title", "name_ko", "title_ko"},
                                           {"name_ko", "title_ko", "name", "title"}};

    for (size_t i = 0; i < 4; i++) {
        Str name = json_str(json_object_get(properties, keys[korean][i]));

        if (name.len > 0)
            return name;
    }
    return (Str){0};
}

static Str named(Arena *arena, Str name, Str id)
{
    return name.len > 0 ? str_format(arena, "%.*s (%.*s)", STR_ARG(name), STR_ARG(id)) : id;
}

/* An end: its name and id, or that it isn't there (yet). */
static Err name_of(World *world, Arena *arena, Str id, bool korean, Str *out)
{
    AUTO_JSON json_t *properties = NULL;
    GraphNode node;
    Err e = graph_get_node(world->graph, arena, id, GRAPH_NOW, &node);

    if (e.code == NOT_FOUND) {
        *out = str_format(arena, "%.*s (not in the world yet)", STR_ARG(id));
        return OK;
    }
    TRY(e);
    TRY(json_read(node.properties, &properties));
    *out = named(arena, name_in(properties, korean), id);
    return OK;
}

/* PAIRS_WITH -> "pairs with" */
static Str spoken(Arena *arena, Str type)
{
    char *text = str_c(arena, type);

    for (size_t i = 0; i < type.len; i++)
        text[i] = text[i] == '_' ? ' ' : (char)tolower((unsigned char)text[i]);
    return (Str){text, type.len};
}

static Err describe_relationship(World *world, Arena *arena, const GraphRelationship *r, bool korean,
                                 Str *out)
{
    Str from;
    Str to;

    TRY(name_of(world, arena, r->from, korean, &from));
    TRY(name_of(world, arena, r->to, korean, &to));
    *out = str_format(arena, "%.*s %.*s %.*s", STR_ARG(from), STR_ARG(spoken(arena, r->type)), STR_ARG(to));
    return OK;
}

static Err describe_node(World *world, Arena *arena, const Fact *fact, bool korean, Str *out)
{
    Str label = graph_main_label(&fact->node);
    Str name = named(arena, name_in(fact->values, korean), fact->node.key);
    GraphNode now;
    Err e = graph_get_node(world->graph, arena, fact->node.key, GRAPH_NOW, &now);

    if (e.code == NOT_FOUND) {
        *out = str_format(arena, "a new %.*s: %.*s", STR_ARG(label), STR_ARG(name));
        return OK;
    }
    TRY(e);
    TRY(name_of(world, arena, fact->node.key, korean, &name));
    *out = str_format(arena, "the %.*s %.*s", STR_ARG(label), STR_ARG(name));
    return OK;
}

static Str describe_change(Arena *arena, const Change *change)
{
    if (change->before.data == NULL)
        return str_format(arena, "%.*s: %.*s", STR_ARG(change->property), STR_ARG(change->after));
    return str_format(arena, "%.*s: %.*s -> %.*s", STR_ARG(change->property), STR_ARG(change->before),
                      STR_ARG(change->after));
}

static Str describe_extent(const Fact *fact, const Changes *changes)
{
    if (changes_nothing(changes))
        return STR("nothing: the world knows it already");
    if (!changes->is_new)
        return STR("what is there");
    return fact->is_node ? STR("a new entity") : STR("a new relationship");
}

Err review_describe(World *world, Arena *arena, const Proposal *proposal, bool korean, ReviewText *out)
{
    AUTO_JSON json_t *object = NULL;
    Changes changes;
    Fact fact;

    TRY(json_read(proposal->fact, &object));
    TRY(fact_from_json(arena, object, &fact));
    TRY(changes_of(world->graph, arena, &fact, &changes));
    TRY(fact.is_node ? describe_node(world, arena, &fact, korean, &out->fact)
                     : describe_relationship(world, arena, &fact.relationship, korean, &out->fact));
    out->extent = describe_extent(&fact, &changes);
    out->change_count = changes.count;
    out->changes = arena_array(arena, Str, changes.count);
    for (size_t i = 0; i < changes.count; i++)
        out->changes[i] = describe_change(arena, &changes.items[i]);
    return OK;
}
