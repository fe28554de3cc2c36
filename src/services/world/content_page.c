#include "services/world/content_page.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "base/yaml.h"
#include "services/world/front_matter.h"

enum { ID_MAX = 128 };

/* One file while it is read. */
typedef struct Page {
    ContentReader *reader;
    const Asset *file;
    const json_t *head;
    json_t *properties; /* of the node, as it is put together */
} Page;

static const char *const LANGUAGES[] = {"en", "ko"};
static const char *const KEYS[] = {
    "id", "labels", "name", "aliases", "summary", "properties", "relationships", "sample", "sources",
};

#define COMPLAIN(page, key, ...) content_complain((page)->reader, (page)->file, (key), __VA_ARGS__)

static bool is_known_key(const char *key)
{
    for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++)
        if (strcmp(KEYS[i], key) == 0)
            return true;
    return false;
}

static void check_keys(Page *page)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)page->head, key, value) if (!is_known_key(key))
        COMPLAIN(page, key,
                 "%s: unknown; id, labels, name, aliases, summary, properties, relationships, sample and "
                 "sources are known",
                 key);
}

/* product/nerd12-signature.md: the name of the file is the id. */
static Str id_of_file(const Asset *file)
{
    const char *slash = strrchr(file->path, '/');
    Str name = str_from(slash != NULL ? slash + 1 : file->path);

    return str_slice(name, 0, name.len - strlen(".md"));
}

static bool is_id(Str id)
{
    for (size_t i = 0; i < id.len; i++)
        if (!isalnum((unsigned char)id.data[i]) && (i == 0 || strchr("._:-", id.data[i]) == NULL))
            return false;
    return id.len > 0 && id.len <= ID_MAX;
}

static Str read_id(Page *page)
{
    Str id = json_str(json_object_get(page->head, "id"));
    Str expected = id_of_file(page->file);

    if (id.data == NULL || !is_id(id))
        COMPLAIN(page, "id", "id: expected letters, digits and . _ : -, as in id: %.*s", STR_ARG(expected));
    else if (!str_equal(id, expected))
        COMPLAIN(page, "id", "id: %.*s isn't the name of the file, %.*s", STR_ARG(id), STR_ARG(expected));
    else if (keymap_get(&page->reader->node_by_id, id) != KEYMAP_NONE)
        COMPLAIN(page, "id", "id: %.*s is the id of another file", STR_ARG(id));
    else
        return str_copy(page->reader->arena, id);
    return (Str){0};
}

static bool read_labels(Page *page, GraphNode *node)
{
    const json_t *list = json_object_get(page->head, "labels");
    size_t count = json_array_size(list);
    Str *labels = arena_array(page->reader->arena, Str, count);

    if (count == 0 || count > GRAPH_MAX_LABELS) {
        COMPLAIN(page, "labels", "labels: expected 1 to %d labels, as in [Product]", GRAPH_MAX_LABELS);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        Str label = json_str(json_array_get(list, i));

        if (label.data == NULL || schema_label(page->reader->schema, label) == NULL) {
            COMPLAIN(page, "labels", "labels: %.*s is not a label of schema.yaml", STR_ARG(label));
            return false;
        }
        labels[i] = str_copy(page->reader->arena, label);
    }
    node->labels = labels;
    node->label_count = count;
    return true;
}

/* name: {en, ko} becomes two properties, such as summary_en and summary_ko. */
static void read_bilingual(Page *page, const char *key, const char *const targets[2])
{
    const json_t *map = json_object_get(page->head, key);

    for (size_t i = 0; i < 2; i++) {
        json_t *text = json_object_get(map, LANGUAGES[i]);

        if (str_trim(json_str(text)).len == 0)
            COMPLAIN(page, key, "%s: expected text under %s, as in %s: {en: …, ko: …}", key, LANGUAGES[i],
                     key);
        else
            json_object_set(page->properties, targets[i], text);
    }
}

static void read_aliases(Page *page)
{
    const json_t *map = json_object_get(page->head, "aliases");
    json_t *all = json_array();
    json_t *alias;
    size_t n;

    if (map != NULL && !json_is_object(map))
        COMPLAIN(page, "aliases", "aliases: expected {en: [], ko: []}");
    for (size_t i = 0; i < 2; i++) {
        json_array_foreach(json_object_get(map, LANGUAGES[i]), n, alias)
        {
            if (!json_is_string(alias))
                COMPLAIN(page, "aliases", "aliases: each must be text; put it in quotes");
            else
                json_array_append(all, alias);
        }
    }
    json_object_set_new(page->properties, "aliases", all);
}

static bool plain_text(Str text)
{
    return text.len > 0 && utf8_valid(text) && memchr(text.data, '\0', text.len) == NULL;
}

static void read_sections(Page *page, Str body)
{
    static const char *const targets[2] = {"text_en", "text_ko"};

    for (size_t i = 0; i < 2; i++) {
        Str text = markdown_section(body, str_from(LANGUAGES[i]));
        json_t *value = plain_text(text) ? json_stringn(text.data, text.len) : NULL;

        if (text.len == 0)
            COMPLAIN(page, NULL, "expected a section ## %s with text", LANGUAGES[i]);
        else if (value == NULL)
            COMPLAIN(page, NULL, "## %s: is not plain UTF-8 text", LANGUAGES[i]);
        json_object_set_new(page->properties, targets[i], value);
    }
}

/* "Publisher, Title, URL": how a source is shown. */
static void read_sources(Page *page)
{
    const json_t *list = json_object_get(page->head, "sources");
    json_t *sources = json_array();
    json_t *source;
    size_t i;

    if (list != NULL && !json_is_array(list))
        COMPLAIN(page, "sources", "sources: expected a list of {title, publisher, url, accessed}");
    json_array_foreach((json_t *)(uintptr_t)list, i, source)
    {
        Str title = json_str(json_object_get(source, "title"));
        Str publisher = json_str(json_object_get(source, "publisher"));
        Str url = json_str(json_object_get(source, "url"));

        if (title.len == 0 || publisher.len == 0 || !str_starts(url, STR("http")))
            COMPLAIN(page, "sources", "sources: number %zu needs a title, a publisher and a url", i + 1);
        else
            json_array_append_new(
                sources, json_sprintf("%.*s, %.*s, %.*s", STR_ARG(publisher), STR_ARG(title), STR_ARG(url)));
    }
    json_object_set_new(page->properties, "sources", sources);
}

static void read_properties(Page *page)
{
    const json_t *map = json_object_get(page->head, "properties");
    const char *key;
    json_t *value;

    if (map != NULL && !json_is_object(map))
        COMPLAIN(page, "properties", "properties: expected a map, as in {abv: 12}");
    json_object_foreach((json_t *)(uintptr_t)map, key, value)
    {
        if (json_object_get(page->properties, key) != NULL)
            COMPLAIN(page, "properties", "properties.%s: is made from %s; choose another name", key,
                     "another part of the file");
        else
            json_object_set(page->properties, key, value);
    }
}

/* Properties are told once, however many labels have them. */
static void check_properties(Page *page, const GraphNode *node)
{
    for (size_t i = 0; i < node->label_count; i++) {
        Err e =
            schema_check_properties(page->reader->schema, node->labels[i], page->properties, SCHEMA_WHOLE);

        if (failed(&e)) {
            COMPLAIN(page, "properties", "properties.%s", e.message);
            return;
        }
    }
}

static void read_sample(Page *page)
{
    json_t *sample = json_object_get(page->head, "sample");

    if (sample != NULL && !json_is_boolean(sample))
        COMPLAIN(page, "sample", "sample: expected true or false");
    json_object_set(page->properties, "sample", json_is_true(sample) ? json_true() : json_false());
}

static void add_claim(Page *page, Str from, Str type, Str to, const json_t *properties)
{
    ContentReader *reader = page->reader;
    Arena *arena = reader->arena;

    ARENA_MORE(arena, reader->claims, reader->claim_count, reader->claim_capacity, 256);
    reader->claims[reader->claim_count++] = (ContentClaim){
        .file = (size_t)(page->file - reader->files.items),
        .relationship =
            {
                .type = str_copy(arena, type),
                .from = from,
                .to = str_copy(arena, to),
                .properties = properties != NULL ? json_text(arena, properties) : STR("{}"),
            },
    };
}

static void read_relationships(Page *page, Str id)
{
    const json_t *list = json_object_get(page->head, "relationships");
    json_t *row;
    size_t i;

    if (list != NULL && !json_is_array(list))
        COMPLAIN(page, "relationships", "relationships: expected a list of {type, to, properties?}");
    json_array_foreach((json_t *)(uintptr_t)list, i, row)
    {
        Str type = json_str(json_object_get(row, "type"));
        Str to = json_str(json_object_get(row, "to"));
        const json_t *properties = json_object_get(row, "properties");
        Err e = schema_check_relationship_properties(page->reader->schema, type, properties);

        if (failed(&e))
            COMPLAIN(page, "relationships", "relationships: number %zu: %s", i + 1, e.message);
        else if (type.len == 0 || to.len == 0 || (properties != NULL && !json_is_object(properties)))
            COMPLAIN(page, "relationships", "relationships: number %zu needs a type and a to, as in %s",
                     i + 1, "{type: IS_A, to: takju}");
        else
            add_claim(page, id, type, to, properties);
    }
}

static void check_folder(Page *page, const GraphNode *node)
{
    const char *slash = strchr(page->file->path, '/');
    Str folder = {page->file->path, slash != NULL ? (size_t)(slash - page->file->path) : 0};

    if (!str_equal_nocase(folder, node->labels[0]))
        COMPLAIN(page, "labels", "labels: the first is %.*s, but the file is in the folder %.*s",
                 STR_ARG(node->labels[0]), STR_ARG(folder));
}

static void read_page(Page *page, Str body)
{
    static const char *const names[2] = {"name", "name_ko"};
    static const char *const summaries[2] = {"summary_en", "summary_ko"};
    ContentReader *reader = page->reader;
    GraphNode node = {.key = read_id(page)};
    bool labelled = read_labels(page, &node);

    check_keys(page);
    read_bilingual(page, "name", names);
    read_bilingual(page, "summary", summaries);
    read_sections(page, body);
    read_aliases(page);
    read_sources(page);
    read_sample(page);
    read_properties(page);
    if (!labelled || node.key.data == NULL)
        return;
    check_folder(page, &node);
    check_properties(page, &node);
    read_relationships(page, node.key);
    node.properties = json_text(reader->arena, page->properties);
    *keymap_place(&reader->node_by_id, node.key) = (uint32_t)reader->node_count;
    reader->nodes[reader->node_count++] = node;
}

void content_read_page(ContentReader *reader, const Asset *file)
{
    AUTO_JSON json_t *head = NULL;
    AUTO_JSON json_t *properties = json_object();
    Page page = {.reader = reader, .file = file, .properties = properties};
    FrontMatter parts;
    Err e = front_matter_split(file->bytes, &parts);

    if (!failed(&e))
        e = yaml_read(parts.yaml, &head);
    if (failed(&e)) {
        content_complain(reader, file, NULL, "%s", e.message);
        return;
    }
    if (!json_is_object(head)) {
        content_complain(reader, file, NULL, "expected front matter with id, labels, name and so on");
        return;
    }
    page.head = head;
    read_page(&page, parts.body);
}
