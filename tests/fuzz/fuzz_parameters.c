/* Bytes as the parameters of an operation, one a line: "name=value" of the query, "/value" of the path. What is
 * accepted must make a path and a query. */
#include <stdlib.h>

#include "api/torture.h"
#include "http/contract/parameters.h"

enum { PARAMS_MAX = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_line(Str line, Param *path, size_t *path_count, Param *query, size_t *query_count)
{
    static const char *const NAMES[] = {"colour", "id"};
    Str name;

    if (str_starts(line, STR("/")) && *path_count < 2) {
        path[*path_count] = (Param){str_from(NAMES[*path_count]), str_slice(line, 1, line.len)};
        (*path_count)++;
    } else if (*query_count < PARAMS_MAX && str_split(&line, '=', &name)) {
        query[(*query_count)++] = (Param){name, line.data == NULL ? STR("") : line};
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    Str rest = {(const char *)data, size}, line;
    Param path[2], query[PARAMS_MAX];
    CallInput input = {.path.items = path, .query.items = query};
    TortureFindInput in = {0};
    Buf target;

    while (str_split(&rest, '\n', &line))
        take_line(line, path, &input.path.count, query, &input.query.count);
    arena_init(&arena);
    Err e = parameters_decode(&TORTURE_FIND_INPUT_SHAPE, &arena, &input, &in);
    if (failed(&e) && e.code != INVALID)
        abort();
    if (failed(&e))
        return 0;
    buf_init(&target, &arena, 64);
    parameters_encode(&TORTURE_FIND_INPUT_SHAPE, "/torture/find/{colour}/{id}", &in, &target);
    if (!str_starts(buf_str(&target), STR("/torture/find/")))
        abort();
    return 0;
}
