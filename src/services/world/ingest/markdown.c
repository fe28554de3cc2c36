/* Markdown, with or without front matter. The file becomes a node (label Document unless the front matter says otherwise),
 * its prose becomes Passages that are PART_OF it, and what a passage MENTIONS is joined to it, with the places (in code
 * points of the passage). Front matter: id, label or labels, name and summary ({en, ko} or plain), relationships; every
 * other member is a property. */
#include <string.h>

#include "services/world/front_matter.h"
#include "services/world/ingest/page.h"
#include "services/world/ingest/passages.h"
#include "services/world/ingest/reader.h"

typedef struct Page {
    Intake *intake;
    Arena scratch;
    MarkdownPage file;
} Page;

/* Hands an interchange object over as a fact that stands in this line. */
static Err take(Page *page, int64_t line, const json_t *object)
{
    Fact fact;
    Err e = fact_from_json(intake_arena(page->intake), object, &fact);

    if (!failed(&e))
        return intake_take(page->intake, line, &fact);
    intake_reject(page->intake, line, &e, json_text(&page->scratch, object));
    return OK;
}

/* ---- the node */

/* name: {en, ko} becomes name and name_ko, any other pair key_en and key_ko. */
static void add_pair(json_t *properties, Arena *arena, const char *key, json_t *pair)
{
    const char *language;
    json_t *value;

    json_object_foreach(pair, language, value)
    {
        bool bare = strcmp(language, "en") == 0 && strcmp(key, "name") == 0;
        Str name = bare ? str_from(key) : str_format(arena, "%s_%s", key, language);

        json_object_set(properties, str_c(arena, name), value);
    }
}

static void add_property(json_t *properties, Arena *arena, const char *key, json_t *value)
{
    bool is_pair = json_is_object(value) && json_object_size(value) > 0;
    const char *member;
    json_t *inner;

    json_object_foreach(value, member, inner) is_pair &=
        strcmp(member, "en") == 0 || strcmp(member, "ko") == 0;
    if (strcmp(key, "properties") == 0)
        json_object_update(properties, value);
    else if (is_pair)
        add_pair(properties, arena, key, value);
    else
        json_object_set(properties, key, value);
}

static bool is_of_the_fact(const char *key)
{
    static const char *const keys[] = {"id", "label", "labels", "relationships", "since", "until"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

/* The first heading, where the front matter gives no name. */
static void add_title(Page *page, json_t *properties)
{
    size_t at = str_starts(page->file.body, STR("# ")) ? 0 : str_find(page->file.body, STR("\n# "), 0);
    Str rest = str_slice(page->file.body, at, page->file.body.len);
    Str title;

    if (at == SIZE_MAX || json_object_get(properties, "name") != NULL ||
        json_object_get(properties, "title") != NULL)
        return;
    rest = str_slice(rest, str_find(rest, STR("# "), 0) + 2, rest.len);
    if (str_split(&rest, '\n', &title))
        json_object_set_new(properties, "title", json_stringn(str_trim(title).data, str_trim(title).len));
}

static Err take_node(Page *page)
{
    AUTO_JSON json_t *object = json_object();
    json_t *properties = json_object();
    const char *key;
    json_t *value;

    json_object_set_new(object, "properties", properties);
    json_object_foreach(page->file.head, key, value)
    {
        if (!is_of_the_fact(key))
            add_property(properties, &page->scratch, key, value);
        else if (strcmp(key, "relationships") != 0)
            json_object_set(object, key, value);
    }
    if (json_object_get(object, "label") == NULL && json_object_get(object, "labels") == NULL)
        json_object_set_new(object, "label", json_string("Document"));
    json_object_set_new(object, "id", json_stringn(page->file.id.data, page->file.id.len));
    add_title(page, properties);
    return take(page, 1, object);
}

/* relationships: [{type, to, properties}] */
static Err take_relationships(Page *page)
{
    const json_t *list = json_object_get(page->file.head, "relationships");
    json_t *row;
    size_t i;

    json_array_foreach((json_t *)(uintptr_t)list, i, row)
    {
        AUTO_JSON json_t *object = json_is_object(row) ? json_copy(row) : json_object();

        json_object_set_new(object, "from", json_stringn(page->file.id.data, page->file.id.len));
        TRY(take(page, (int64_t)front_matter_line(page->file.text, "relationships"), object));
    }
    return OK;
}

/* ---- the prose */

static Err take_passage(Page *page, const Passage *passage, size_t number, Str *id)
{
    AUTO_JSON json_t *node = NULL;
    AUTO_JSON json_t *part = NULL;
    int64_t line = page_line(&page->file, passage->text.data);

    *id = page_part_id(&page->scratch, &page->file, number);
    node = json_pack("{s:s, s:s%, s:{s:s%, s:s%, s:I}}", "label", "Passage", "id", id->data, id->len,
                     "properties", "title", passage->heading.data != NULL ? passage->heading.data : "",
                     passage->heading.len, "content", passage->text.data, passage->text.len, "position",
                     (json_int_t)number);
    part = json_pack("{s:s, s:s%, s:s%}", "type", "PART_OF", "from", id->data, id->len, "to",
                     page->file.id.data, page->file.id.len);
    TRY(take(page, line, node));
    return take(page, line, part);
}

static json_t *places_of(const Mention *mention, bool lengths)
{
    json_t *list = json_array();

    for (size_t i = 0; i < mention->place_count; i++)
        json_array_append_new(list, json_integer((json_int_t)(lengths ? mention->places[i].length
                                                                      : mention->places[i].offset)));
    return list;
}

static Err take_mentions(Page *page, const Passage *passage, Str id)
{
    Mention *mentions;
    size_t count = passage_mentions(&page->scratch, intake_catalogue(page->intake), passage, &mentions);

    for (size_t i = 0; i < count; i++) {
        Str to = mentions[i].entity->id;
        AUTO_JSON json_t *object =
            json_pack("{s:s, s:s%, s:s%, s:{s:o, s:o}}", "type", "MENTIONS", "from", id.data, id.len, "to",
                      to.data, to.len, "properties", "offsets", places_of(&mentions[i], false), "lengths",
                      places_of(&mentions[i], true));

        if (!str_equal(to, page->file.id))
            TRY(take(page, page_line(&page->file, passage->text.data), object));
    }
    return OK;
}

static Err take_prose(Page *page)
{
    Passage *passages;
    size_t count = passages_of(&page->scratch, page->file.body, &passages);

    for (size_t i = 0; i < count; i++) {
        Str id;

        TRY(take_passage(page, &passages[i], i + 1, &id));
        TRY(take_mentions(page, &passages[i], id));
    }
    return OK;
}

/* ---- the file */

static Err read_page(Page *page, const char *path)
{
    Err e;

    TRY(page_open(&page->scratch, path, &page->file));
    e = page_parse(&page->scratch, path, &page->file);
    if (failed(&e)) {
        intake_reject(page->intake, 1, &e, page->file.text);
        return OK;
    }
    TRY(take_node(page));
    TRY(take_relationships(page));
    TRY(take_prose(page));
    intake_progress(page->intake, (int64_t)page->file.text.len);
    return OK;
}

Err read_markdown(Intake *intake, const char *path)
{
    Page page = {.intake = intake};
    Err e;

    arena_init(&page.scratch);
    e = read_page(&page, path);
    page_close(&page.file);
    arena_finish(&page.scratch);
    return e;
}
