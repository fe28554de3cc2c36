/* `nerdx query --batch FILE`: a ranking for each line of a file, for evaluation. Unlike an answer it never abstains. */
#include <stdio.h>

#include "app/app.h"
#include "app/command.h"
#include "app/settings.h"
#include "base/lines.h"

enum { MAX_QUESTION = 65536 /* bytes */ };

/* Query number, rank, id, score. An empty line has a number and no ranking. */
static void print_ranking(World *world, Str question, int64_t number, size_t limit)
{
    AUTO_ARENA Arena arena = {0};
    WorldRanked *ranked;
    size_t count;

    arena_init(&arena);
    count = world_rank(world, &arena, question, limit, &ranked);
    for (size_t i = 0; i < count; i++)
        printf("%lld\t%zu\t%.*s\t%.6f\n", (long long)number, i + 1, STR_ARG(ranked[i].id), ranked[i].score);
}

static Err rank_lines(World *world, Lines *lines, size_t limit)
{
    Str line;
    Err e;

    while (lines_next(lines, &line, &e)) {
        TRY(e);
        print_ranking(world, line, lines_number(lines), limit);
    }
    return OK;
}

Err query_batch(const Options *options, const char *path)
{
    AUTO_APP App app = {0};
    Lines *lines;
    Err e;

    TRY(lines_open(path, MAX_QUESTION, &lines));
    e = app_open_world(options, &app);
    if (!failed(&e))
        e = rank_lines(app.world, lines, (size_t)options_int(options, SETTING_LIMIT));
    lines_close(lines);
    return e;
}
