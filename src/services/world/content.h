/* Markdown with front matter to nodes and relationships. The format is described in content/README.md; every problem
 * of every file is collected, with its line and what would be right. */
#ifndef NERDX_SERVICES_WORLD_CONTENT_H
#define NERDX_SERVICES_WORLD_CONTENT_H

#include "base/asset.h"
#include "services/world/schema.h"
#include "stores/graph/graph.h"

enum { CONTENT_MAX_PROBLEMS = 100 };

typedef struct ContentProblem {
    Str path;
    size_t line;
    Str message;
} ContentProblem;

typedef struct Content {
    GraphBatch batch;
    const ContentProblem *problems;
    size_t problem_count; /* more than CONTENT_MAX_PROBLEMS are not listed */
} Content;

/* Reads every .md file of the table; the batch is whole only when there are no problems. */
void content_read(Arena *arena, const Schema *schema, AssetTable files, Content *out);

#endif
