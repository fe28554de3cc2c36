#include "services/world/seed.h"

#include "base/log.h"
#include "services/world/content.h"

const char SEED_MARK[] = "content_digest";

static const char NOTHING[] = "none, by --empty";
static const char SCHEMA_MARK[] = "schema";
static const char OPEN[] = "open";

/* Changes when the way content becomes nodes does, so that old graphs are filled anew. */
static const char FORMAT[] = "1";

/* Of names and validators, which are digests of the bytes: nothing is parsed. */
static Str digest_of(Arena *arena, AssetTable content)
{
    Buf all = {.arena = arena};

    buf_put(&all, str_from(FORMAT));
    for (size_t i = 0; i < content.count; i++)
        buf_format(&all, "\n%s %s", content.items[i].path, content.items[i].etag);
    return str_format(arena, "%zu files, %016llx", content.count,
                      (unsigned long long)str_hash(buf_str(&all)));
}

static Err report(const Content *content)
{
    const ContentProblem *first = &content->problems[0];

    for (size_t i = 0; i < content->problem_count; i++) {
        const ContentProblem *problem = &content->problems[i];

        log_error("content is wrong", log_text("file", problem->path),
                  log_int("line", (int64_t)problem->line), log_text("problem", problem->message));
    }
    return err(INVALID, "%.*s:%zu: %.*s (%zu problems in all)", STR_ARG(first->path), first->line,
               STR_ARG(first->message), content->problem_count);
}

Err seed_world(Graph *graph, const Schema *schema, AssetTable files, int64_t now_us)
{
    AUTO_ARENA Arena scratch = {0};
    Content content;
    Str digest;
    Str known;

    arena_init(&scratch);
    digest = digest_of(&scratch, files);
    TRY(graph_get_mark(graph, &scratch, str_from(SEED_MARK), &known));
    if (str_equal(known, digest) || str_equal(known, str_from(NOTHING)))
        return OK;
    content_read(&scratch, schema, files, &content);
    if (content.problem_count > 0)
        return report(&content);
    return graph_replace(graph, (GraphOrigin){STR("content"), now_us}, content.batch, str_from(SEED_MARK),
                         digest);
}

Err seed_nothing(Graph *graph, int64_t now_us)
{
    AUTO_ARENA Arena scratch = {0};
    Str known;

    arena_init(&scratch);
    TRY(graph_get_mark(graph, &scratch, str_from(SEED_MARK), &known));
    if (str_equal(known, str_from(NOTHING)))
        return OK;
    return graph_replace(graph, (GraphOrigin){STR("content"), now_us}, (GraphBatch){0}, str_from(SEED_MARK),
                         str_from(NOTHING));
}

Err seed_open_schema(Graph *graph, Schema *schema, bool wished)
{
    AUTO_ARENA Arena scratch = {0};
    Str known;

    arena_init(&scratch);
    TRY(graph_get_mark(graph, &scratch, str_from(SCHEMA_MARK), &known));
    if (wished || str_equal(known, str_from(OPEN)))
        schema_open(schema);
    return wished ? graph_set_mark(graph, str_from(SCHEMA_MARK), str_from(OPEN)) : OK;
}
