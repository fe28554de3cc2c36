#include "services/world/content_page.h"

#include <stdarg.h>
#include <stdio.h>

#include "services/world/front_matter.h"

enum { MESSAGE_MAX = 512 };

void content_complain(ContentReader *reader, const Asset *file, const char *key, const char *format, ...)
{
    char message[MESSAGE_MAX];
    va_list arguments;

    if (reader->problem_count == CONTENT_MAX_PROBLEMS)
        return;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    reader->problems[reader->problem_count++] = (ContentProblem){
        .path = str_from(file->path),
        .line = key != NULL ? front_matter_line(file->bytes, key) : 1,
        .message = str_copy(reader->arena, str_from(message)),
    };
}

static const GraphNode *node_of(const ContentReader *reader, Str id)
{
    uint32_t at = keymap_get(&reader->node_by_id, id);

    return at != KEYMAP_NONE ? &reader->nodes[at] : NULL;
}

static void check_claim(ContentReader *reader, const ContentClaim *claim)
{
    const GraphRelationship *r = &claim->relationship;
    const Asset *file = &reader->files.items[claim->file];
    const GraphNode *from = node_of(reader, r->from);
    const GraphNode *to = node_of(reader, r->to);
    Err e;

    if (to == NULL) {
        content_complain(reader, file, "relationships",
                         "relationships: %.*s leads to %.*s, which no file describes", STR_ARG(r->type),
                         STR_ARG(r->to));
        return;
    }
    e = schema_check(reader->schema, from->labels[0], r->type, to->labels[0]);
    if (failed(&e))
        content_complain(reader, file, "relationships", "relationships: %s", e.message);
}

static bool is_page(const Asset *file)
{
    return str_ends(str_from(file->path), STR(".md")) && !str_ends(str_from(file->path), STR("README.md"));
}

void content_read(Arena *arena, const Schema *schema, AssetTable files, Content *out)
{
    ContentReader reader = {.arena = arena, .schema = schema, .files = files};
    GraphRelationship *relationships;

    reader.nodes = arena_array(arena, GraphNode, files.count);
    reader.problems = arena_array(arena, ContentProblem, CONTENT_MAX_PROBLEMS);
    for (size_t i = 0; i < files.count; i++)
        if (is_page(&files.items[i]))
            content_read_page(&reader, &files.items[i]);
    relationships = arena_array(arena, GraphRelationship, reader.claim_count);
    for (size_t i = 0; i < reader.claim_count; i++) {
        check_claim(&reader, &reader.claims[i]);
        relationships[i] = reader.claims[i].relationship;
    }
    keymap_finish(&reader.node_by_id);
    *out = (Content){
        .batch = {reader.nodes, reader.node_count, relationships, reader.claim_count},
        .problems = reader.problems,
        .problem_count = reader.problem_count,
    };
}
