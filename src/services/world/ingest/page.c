#include "services/world/ingest/page.h"

#include <ctype.h>
#include <string.h>

#include "base/file.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "services/world/front_matter.h"

enum { MAX_SLUG = 100 };

static void put_in_slug(Buf *slug, unsigned char c)
{
    if (c >= 0x80) /* of a character that isn't ASCII: ids know none */
        buf_format(slug, "%02x", c);
    else
        buf_put_char(slug, isalnum(c) ? (char)tolower(c) : '-');
}

/* "notes/Rice wine.md" -> "rice-wine": for files that don't say what they are called. */
static Str slug_of(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    Str name = str_from(slash != NULL ? slash + 1 : path);
    Buf slug = {.arena = arena};

    name = utf8_cut_bytes(str_slice(name, 0, name.len - strlen(".md")), MAX_SLUG);
    for (size_t i = 0; i < name.len; i++)
        put_in_slug(&slug, (unsigned char)name.data[i]);
    return str_format(arena, "%s%.*s", slug.len > 0 && isalnum((unsigned char)slug.data[0]) ? "" : "page",
                      STR_ARG(buf_str(&slug)));
}

Err page_open(Arena *arena, const char *path, MarkdownPage *page)
{
    return file_read(arena, path, PAGE_MAX_BYTES, &page->text);
}

Err page_parse(Arena *arena, const char *path, MarkdownPage *page)
{
    FrontMatter parts = {.body = page->text};
    const json_t *id;

    if (str_starts(page->text, STR("---\n")) || str_starts(page->text, STR("---\r\n")))
        TRY(front_matter_split(page->text, &parts));
    if (parts.yaml.data != NULL)
        TRY(yaml_read(parts.yaml, &page->head));
    if (page->head == NULL)
        page->head = json_object();
    if (!json_is_object(page->head))
        return err(INVALID, "expected members such as id: and name: in the front matter");
    page->body = parts.body;
    id = json_object_get(page->head, "id");
    page->id = json_is_string(id) ? json_str(id) : slug_of(arena, path);
    return utf8_valid(page->text) ? OK : err(INVALID, "not UTF-8");
}

void page_close(MarkdownPage *page)
{
    json_decref(page->head);
    *page = (MarkdownPage){0};
}

Str page_part_id(Arena *arena, const MarkdownPage *page, size_t number)
{
    return str_format(arena, "%.*s.p%zu", STR_ARG(page->id), number);
}

int64_t page_line(const MarkdownPage *page, const char *place)
{
    int64_t line = 1;

    for (const char *p = page->text.data; p < place; p++)
        line += *p == '\n';
    return line;
}
