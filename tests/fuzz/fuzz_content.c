/* Bytes as a content file: read and checked against a schema. What has no problems is a node whose properties are JSON;
 * a problem names a line of the file. */
#include <stdlib.h>
#include <string.h>

#include "services/world/content.h"
#include "world/tiny_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Schema *tiny_schema(void)
{
    static Schema *schema;

    if (schema == NULL) {
        Err e = schema_read(STR(TINY_SCHEMA), &schema);
        if (failed(&e))
            abort();
    }
    return schema;
}

static void demand_json(const GraphNode *node)
{
    AUTO_JSON json_t *properties = NULL;
    Err e = json_read(node->properties, &properties);

    if (failed(&e) || !json_is_object(properties) || node->label_count == 0)
        abort();
}

static void demand_line(const ContentProblem *problem, const char *file, size_t size)
{
    size_t lines = 1;

    for (size_t i = 0; i < size; i++)
        lines += file[i] == '\n';
    if (problem->line == 0 || problem->line > lines || problem->message.len == 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    Asset files[2] = {TINY_FILES[1], {.path = "product/a.md"}};
    Content content;

    arena_init(&arena);
    files[1].bytes = str_copy(&arena, (Str){(const char *)data, size});
    content_read(&arena, tiny_schema(), (AssetTable){files, 2}, &content);
    for (size_t i = 0; i < content.problem_count; i++)
        demand_line(&content.problems[i], (const char *)data, size);
    for (size_t i = 0; i < content.batch.node_count; i++)
        demand_json(&content.batch.nodes[i]);
    return 0;
}
