/* What of the world a text names: what its search finds, if the text really says one of its names. */
#include "base/utf8.h"
#include "services/agents/memory/room.h"

enum { HITS = 6, NAMES_MOST = 40 };

static Str text_at(Arena *arena, const json_t *object, const char *key)
{
    return str_copy(arena, json_str_or_empty(object, key));
}

static void read_names(Arena *arena, const json_t *properties, Thing *out)
{
    out->names[ENGLISH] = text_at(arena, properties, "name");
    if (out->names[ENGLISH].len == 0)
        out->names[ENGLISH] = text_at(arena, properties, "title");
    out->names[KOREAN] = text_at(arena, properties, "name_ko");
    if (out->names[KOREAN].len == 0)
        out->names[KOREAN] = out->names[ENGLISH];
}

static Err read_entity(const Memory *memory, Call *call, Str id, Thing *out, json_t **properties)
{
    WorldGetEntityInput input = WORLD_GET_ENTITY_INPUT_DEFAULTS;
    Entity entity;

    input.id = id;
    input.limit = 0;
    TRY(world_client_get_entity(memory->config.world, call, &input, &entity));
    TRY(json_read(entity.properties, properties));
    *out = (Thing){.id = entity.id, .label = entity.labels.items[0]};
    read_names(call->arena, *properties, out);
    return OK;
}

Err thing_read(const Memory *memory, Call *call, Str id, Thing *out)
{
    AUTO_JSON json_t *properties = NULL;

    return read_entity(memory, call, id, out, &properties);
}

static void keep_longer(Arena *arena, Str folded, Str name, Str *longest)
{
    if (name.len > longest->len && text_mentions(arena, folded, name))
        *longest = name;
}

/* The longest of its names that the text says; empty when it says none. */
static Str name_said(Arena *arena, Str folded, const Thing *thing, const json_t *properties)
{
    const json_t *aliases = json_object_get(properties, "aliases");
    Str longest = STR("");

    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        keep_longer(arena, folded, thing->names[t], &longest);
    for (size_t i = 0; i < json_array_size(aliases) && i < NAMES_MOST; i++) {
        const json_t *alias = json_array_get(aliases, i);
        keep_longer(arena, folded, json_str(alias), &longest);
    }
    return str_copy(arena, longest);
}

/* "Icheon Rice" says "Icheon" too; only the whole is meant. */
static bool is_within_another(const Str *said, size_t count, size_t i)
{
    for (size_t k = 0; k < count; k++)
        if (k != i && said[k].len > said[i].len && str_find(said[k], said[i], 0) != SIZE_MAX)
            return true;
    return false;
}

static Err look_at_hits(const Memory *memory, Call *call, Str folded, const QueryResult *found, Thing *things,
                        Str *said, size_t *count)
{
    for (size_t i = 0; i < found->results.count; i++) {
        AUTO_JSON json_t *properties = NULL;
        Err e = read_entity(memory, call, found->results.items[i].entity.id, &things[*count], &properties);

        if (e.code == NOT_FOUND)
            continue;
        TRY(e);
        said[*count] = text_fold(call->arena, name_said(call->arena, folded, &things[*count], properties));
        *count += said[*count].len > 0;
    }
    return OK;
}

Err things_named(const Memory *memory, Call *call, Str text, const Str *labels, size_t label_count,
                 Thing out[THINGS_MAX], size_t *count)
{
    QueryInput query = QUERY_INPUT_DEFAULTS;
    Str folded = text_fold(call->arena, text);
    QueryResult found;
    Thing things[HITS];
    Str said[HITS];
    size_t seen = 0;

    *count = 0;
    if (utf8_count(folded) < 2)
        return OK;
    query.query = folded;
    query.max_results = HITS;
    query.labels = (StrList){(Str *)labels, label_count};
    TRY(world_client_query(memory->config.world, call, &query, &found));
    TRY(look_at_hits(memory, call, folded, &found, things, said, &seen));
    for (size_t i = 0; i < seen && *count < THINGS_MAX; i++)
        if (!is_within_another(said, seen, i))
            out[(*count)++] = things[i];
    return OK;
}
