#include "services/world/document.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER_TEXT = 32, SUMMARY_BYTES = 240, FIRST_ROOM = 8 };

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
    {"text", INDEX_TEXT},
    {"text_en", INDEX_TEXT},
    {"text_ko", INDEX_TEXT},
    {"content", INDEX_TEXT},
    {"body", INDEX_TEXT},
    {"story", INDEX_TEXT},
    {"asked_as", INDEX_ASKED},
    {"asked_as_ko", INDEX_ASKED},
    {"sources", .hidden = true},
    {"sample", .hidden = true},
};
static const size_t PROPERTY_COUNT = sizeof(PROPERTIES) / sizeof(PROPERTIES[0]);

/* Whose text an entity shows that has no summary; the first that is there. */
static const char *const SHOWN[TONGUE_COUNT][4] = {
    [TONGUE_EN] = {"text_en", "text", "content", "body"},
    [TONGUE_KO] = {"text_ko", "text", "content", "body"},
};

/* What says in which row a document stands, and where in it. */
static const char *const ROW_GROUPS[] = {"session",         "session_id", "conversation",
                                         "conversation_id", "thread",     "document"};
static const char *const ROW_NUMBERS[] = {"turn", "turn_index", "position", "order", "sequence", "passage"};

/* A document while it is read. */
typedef struct Reading {
    Arena *kept;
    Arena *scratch;
    Document *out;
    Words *names;
    size_t text_room;
    size_t name_room;
} Reading;

static Str kept_text(Reading *r, const json_t *object, const char *key)
{
    return str_copy(r->kept, json_str(json_object_get(object, key)));
}

static Str first_present(Str a, Str b)
{
    return a.len > 0 ? a : b;
}

static StrSet kept_list(Reading *r, const json_t *list)
{
    Str *items = arena_array(r->kept, Str, json_array_size(list));
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        Str item = json_str(json_array_get(list, i));

        if (item.data != NULL)
            items[count++] = str_copy(r->kept, item);
    }
    return (StrSet){items, count};
}

/* How a text begins, up to a character's end. */
static Str beginning(Reading *r, Str text)
{
    size_t end = text.len < SUMMARY_BYTES ? text.len : SUMMARY_BYTES;

    while (end > 0 && end < text.len && ((unsigned char)text.data[end] & 0xC0) == 0x80)
        end--;
    return str_copy(r->kept, str_slice(text, 0, end));
}

static Str shown_text(Reading *r, const json_t *properties, Tongue tongue)
{
    for (size_t i = 0; i < sizeof(SHOWN[tongue]) / sizeof(SHOWN[tongue][0]); i++) {
        Str text = json_str(json_object_get(properties, SHOWN[tongue][i]));

        if (text.len > 0)
            return beginning(r, text);
    }
    return STR("");
}

static void read_names(Reading *r, const json_t *properties)
{
    CatalogueEntity *entity = &r->out->entity;
    Str name = first_present(kept_text(r, properties, "name"), kept_text(r, properties, "title"));
    Str korean = first_present(kept_text(r, properties, "name_ko"), kept_text(r, properties, "title_ko"));

    entity->name[TONGUE_EN] = first_present(name, entity->id);
    entity->name[TONGUE_KO] = first_present(korean, entity->name[TONGUE_EN]);
}

static void read_summaries(Reading *r, const json_t *properties)
{
    CatalogueEntity *entity = &r->out->entity;
    Str plain = kept_text(r, properties, "summary");
    Str english = first_present(kept_text(r, properties, "summary_en"), plain);
    Str korean = first_present(kept_text(r, properties, "summary_ko"), plain);

    entity->summary[TONGUE_EN] = english.len > 0 ? english : shown_text(r, properties, TONGUE_EN);
    entity->summary[TONGUE_KO] = korean.len > 0 ? korean : shown_text(r, properties, TONGUE_KO);
}

/* At least one: a node without labels has the empty one. */
static void read_labels(Reading *r, const Schema *schema, const GraphNode *node)
{
    Str *labels = arena_array(r->kept, Str, node->label_count + 1);
    size_t known_count;
    const SchemaLabel *known = schema_labels(schema, &known_count);

    for (size_t i = 0; i < node->label_count; i++) {
        labels[i] = str_copy(r->kept, node->labels[i]);
        for (size_t k = 0; k < known_count && k < 64; k++)
            if (str_equal(known[k].name, labels[i]))
                r->out->entity.label_bits |= UINT64_C(1) << k;
    }
    if (node->label_count == 0)
        labels[0] = STR("");
    r->out->entity.labels = (StrSet){labels, node->label_count > 0 ? node->label_count : 1};
}

static const json_t *first_of(const json_t *properties, const char *const *keys, size_t count)
{
    const json_t *found = NULL;

    for (size_t i = 0; i < count && found == NULL; i++)
        found = json_object_get(properties, keys[i]);
    return found;
}

/* Where it stands, by its properties or else by its id. */
static void read_place(Reading *r, const json_t *properties)
{
    const json_t *group = first_of(properties, ROW_GROUPS, sizeof(ROW_GROUPS) / sizeof(ROW_GROUPS[0]));
    const json_t *number = first_of(properties, ROW_NUMBERS, sizeof(ROW_NUMBERS) / sizeof(ROW_NUMBERS[0]));
    json_int_t place = json_integer_value(number);
    RowPlace *out = &r->out->entity.place;

    *out = row_place_of_id(r->out->entity.id);
    if (!json_is_integer(number) || place < 0 || place > INT32_MAX)
        return;
    if (json_is_string(group))
        *out = (RowPlace){str_copy(r->kept, json_str(group)), (uint32_t)place};
    else if (json_is_integer(group))
        *out = (RowPlace){str_format(r->kept, "%lld", (long long)json_integer_value(group)), (uint32_t)place};
}

static void take_text(Reading *r, Str text, IndexField field, bool is_name)
{
    Document *out = r->out;
    Words words = analyse(r->scratch, text);

    ARENA_MORE(r->scratch, out->texts, out->text_count, r->text_room, FIRST_ROOM);
    out->texts[out->text_count++] = (IndexText){field, words};
    if (!is_name)
        return;
    ARENA_MORE(r->scratch, r->names, out->name_count, r->name_room, FIRST_ROOM);
    r->names[out->name_count++] = words;
    out->names = r->names;
}

static void take_value(Reading *r, const json_t *value, IndexField field, bool is_name)
{
    char number[NUMBER_TEXT];
    json_t *item;
    size_t i;

    if (json_is_string(value)) {
        take_text(r, json_str(value), field, is_name);
    } else if (json_is_number(value)) {
        (void)snprintf(number, sizeof(number), "%.10g", json_number_value(value));
        take_text(r, str_from(number), field, is_name);
    }
    json_array_foreach((json_t *)(uintptr_t)value, i, item) take_value(r, item, field, is_name);
}

static void take_properties(Reading *r, json_t *properties)
{
    const char *key;
    json_t *value;

    json_object_foreach(properties, key, value)
    {
        size_t i = 0;

        while (i < PROPERTY_COUNT && strcmp(PROPERTIES[i].property, key) != 0)
            i++;
        if (i == PROPERTY_COUNT)
            take_value(r, value, INDEX_SUMMARY, false);
        else if (!PROPERTIES[i].hidden)
            take_value(r, value, PROPERTIES[i].field, PROPERTIES[i].is_name);
    }
}

Err document_read(Arena *kept, Arena *scratch, const Schema *schema, const GraphNode *node, Document *out)
{
    AUTO_JSON json_t *properties = NULL;
    Reading r = {.kept = kept, .scratch = scratch, .out = out};

    TRY(json_read(node->properties, &properties));
    if (!json_is_object(properties))
        return err(INTERNAL, "the properties of %.*s aren't an object", STR_ARG(node->key));
    *out = (Document){.entity = {.id = str_copy(kept, node->key)}};
    read_labels(&r, schema, node);
    read_names(&r, properties);
    read_summaries(&r, properties);
    read_place(&r, properties);
    out->entity.sources = kept_list(&r, json_object_get(properties, "sources"));
    out->entity.sample = json_is_true(json_object_get(properties, "sample"));
    take_properties(&r, properties);
    return OK;
}
