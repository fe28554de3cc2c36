#include "services/agents/narrator/facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Neighbours looked at, and those that get their names in the visitor's language: each costs a read the first time. */
enum { NEIGHBOURS = 100, NAMED = 64, PROPERTIES_MAX = 48, SOURCES_MAX = 32 };

static Str copy_text(Arena *arena, const json_t *value)
{
    return json_is_string(value) ? str_copy(arena, json_str(value)) : STR("");
}

static Str copy_localised(Arena *arena, const json_t *object, const char *stem, Tongue tongue)
{
    char key[64];

    (void)snprintf(key, sizeof key, "%s_%s", stem, tongue_code(tongue));
    return copy_text(arena, json_object_get(object, key));
}

/* `name` is the English one; a Korean name that is missing falls back to it. */
static Str copy_name(Arena *arena, const json_t *object, Tongue tongue)
{
    Str name = tongue == ENGLISH ? STR("") : copy_localised(arena, object, "name", tongue);

    return name.len > 0 ? name : copy_text(arena, json_object_get(object, "name"));
}

static Texts copy_texts(Arena *arena, const json_t *list, size_t most)
{
    size_t count = json_array_size(list) < most ? json_array_size(list) : most;
    Str *items = arena_array(arena, Str, count + 1);

    for (size_t i = 0; i < count; i++)
        items[i] = copy_text(arena, json_array_get(list, i));
    return (Texts){items, count};
}

/* A property as people read it: "12", "12.5", "rich, floral, dry"; absent for what isn't said aloud. */
static Str readable(const FactReader *reader, const json_t *value)
{
    Arena *arena = reader->call->arena;

    if (json_is_string(value))
        return copy_text(arena, value);
    if (json_is_number(value))
        return str_format(arena, "%.10g", json_number_value(value));
    if (json_is_array(value) && json_is_string(json_array_get(value, 0)))
        return voice_list(reader->voice, reader->tongue, arena, copy_texts(arena, value, SOURCES_MAX));
    return (Str){NULL, 0};
}

/* What a thing may be asked for as finds it, and claims nothing: neither the narrator nor a model may say it. */
static bool is_for_search_only(const char *key)
{
    return strcmp(key, "asked_as") == 0 || strcmp(key, "asked_as_ko") == 0;
}

static void read_properties(const FactReader *reader, const json_t *object, Fact *out)
{
    Property *properties = arena_array(reader->call->arena, Property, PROPERTIES_MAX);
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value)
    {
        Str text = is_for_search_only(key) ? (Str){NULL, 0} : readable(reader, value);
        if (text.data != NULL && out->property_count < PROPERTIES_MAX)
            properties[out->property_count++] =
                (Property){str_copy(reader->call->arena, str_from(key)), text};
    }
    out->properties = properties;
}

static Err read_object(const FactReader *reader, Str id, int64_t limit, Entity *entity, const json_t **object)
{
    WorldGetEntityInput input = WORLD_GET_ENTITY_INPUT_DEFAULTS;

    input.id = id;
    input.limit = limit;
    TRY(world_client_get_entity(reader->world, reader->call, &input, entity));
    return json_read_into(reader->call->arena, entity->properties, object);
}

static void read_names(const FactReader *reader, const Entity *entity, const json_t *object, Fact *out)
{
    Arena *arena = reader->call->arena;

    out->id = entity->id;
    out->label = entity->labels.items[0];
    out->name = copy_name(arena, object, reader->tongue);
    out->korean = copy_localised(arena, object, "name", KOREAN);
    out->summary = copy_localised(arena, object, "summary", reader->tongue);
    out->text = copy_localised(arena, object, "text", reader->tongue);
    out->sample = json_is_true(json_object_get(object, "sample"));
    out->sources = copy_texts(arena, json_object_get(object, "sources"), SOURCES_MAX);
}

static Err read_brief(const FactReader *reader, Str id, FactPage *out)
{
    const json_t *object;
    Entity entity;

    TRY(read_object(reader, id, 0, &entity, &object));
    read_names(reader, &entity, object, &out->fact);
    out->aliases = copy_texts(reader->call->arena, json_object_get(object, "aliases"), SOURCES_MAX);
    return OK;
}

typedef enum Extent { BRIEF, WHOLE } Extent;

static Err read_whole(const FactReader *reader, Str id, FactPage *out);

static Str page_key(const FactReader *reader, Extent extent, Str id)
{
    Buf key;

    buf_init(&key, reader->call->arena, id.len + 2);
    buf_put_char(&key, reader->tongue == KOREAN ? 'k' : 'e');
    buf_put_char(&key, extent == BRIEF ? 'b' : 'w');
    buf_put(&key, id);
    return buf_str(&key);
}

static Err read_page(const FactReader *reader, Extent extent, Str id, FactPage **out)
{
    FactPage *page = arena_new(reader->call->arena, FactPage);

    TRY(extent == BRIEF ? read_brief(reader, id, page) : read_whole(reader, id, page));
    fact_page_seek(reader->call->arena, page);
    *out = page;
    return OK;
}

/* From the book, or from the world and into the book. What it takes to find it there is given back: a turn may last. */
static Err look_up(const FactReader *reader, Extent extent, Str id, const FactPage **out)
{
    Arena *arena = reader->call->arena;
    ArenaMark mark = arena_mark(arena);
    Str key = page_key(reader, extent, id);
    FactPage *page = NULL;

    *out = fact_book_find(reader->book, key);
    if (*out == NULL) {
        TRY(read_page(reader, extent, id, &page));
        fact_book_keep(reader->book, key, page);
        *out = fact_book_find(reader->book, key);
    }
    if (*out != NULL)
        arena_rewind(arena, mark);
    else
        *out = page;
    return OK;
}

Err fact_read_brief(const FactReader *reader, Str id, Fact *out, Texts *aliases)
{
    const FactPage *page;

    TRY(look_up(reader, BRIEF, id, &page));
    *out = page->fact;
    if (aliases != NULL)
        *aliases = page->aliases;
    return OK;
}

Err fact_read_names(const FactReader *reader, Str id, const FactPage **out)
{
    return look_up(reader, BRIEF, id, out);
}

static bool is_sample(Arena *arena, Json properties)
{
    const json_t *object;

    if (properties.len == 0 || str_equal(properties, STR("{}")))
        return false;
    Err e = json_read_into(arena, properties, &object);
    return !failed(&e) && json_is_true(json_object_get(object, "sample"));
}

static void name_neighbour(const FactReader *reader, const Neighbour *neighbour, Relation *out)
{
    Fact other;
    Err e = fact_read_brief(reader, neighbour->id, &other, NULL);

    out->name = failed(&e) ? neighbour->name : other.name;
    out->korean = failed(&e) ? STR("") : other.korean;
}

/* Only what content says belongs to a story: never what other visitors did. */
static bool is_tellable(const Neighbour *neighbour)
{
    return !str_equal(neighbour->label, STR("User"));
}

static void read_relations(const FactReader *reader, const Entity *entity, Fact *out)
{
    Arena *arena = reader->call->arena;
    Relation *relations = arena_array(arena, Relation, entity->neighbours.count + 1);

    for (size_t i = 0; i < entity->neighbours.count; i++) {
        const Neighbour *from = &entity->neighbours.items[i];
        Relation *to = &relations[out->relation_count];
        if (!is_tellable(from))
            continue;
        bool out_of = from->direction == NEIGHBOUR_DIRECTION_OUT;
        to->directed = str_format(arena, "%.*s%c", STR_ARG(from->relationship), out_of ? '>' : '<');
        to->id = from->id;
        to->label = from->label;
        to->sample = is_sample(arena, from->properties);
        if (out->relation_count < NAMED)
            name_neighbour(reader, from, to);
        out->relation_count++;
    }
    out->relations = relations;
}

static Err read_whole(const FactReader *reader, Str id, FactPage *out)
{
    Notes *notes = arena_new(reader->call->arena, Notes);
    const json_t *object;
    Entity entity;

    TRY(read_object(reader, id, NEIGHBOURS, &entity, &object));
    read_names(reader, &entity, object, &out->fact);
    read_properties(reader, object, &out->fact);
    read_relations(reader, &entity, &out->fact);
    *notes = notes_read(reader->voice, reader->call->arena, reader->tongue, out->fact.text);
    out->fact.notes = notes;
    out->aliases = copy_texts(reader->call->arena, json_object_get(object, "aliases"), SOURCES_MAX);
    return OK;
}

Err fact_find(const FactReader *reader, Str id, const Fact **out, Texts *aliases)
{
    const FactPage *page;

    *out = NULL;
    if (id.len == 0)
        return OK;
    Err e = look_up(reader, WHOLE, id, &page);
    if (failed(&e))
        return e.code == NOT_FOUND ? OK : e;
    *out = &page->fact;
    if (aliases != NULL)
        *aliases = page->aliases;
    return OK;
}
