/* nerdx cypher: the graph, asked in Cypher. */
#include <stdio.h>

#include "app/app.h"
#include "app/command.h"
#include "app/settings.h"
#include "base/lines.h"
#include "services/world/ask.h"

enum { MAX_LINE = 1024 * 1024 /* bytes of a line of a batch */ };

static void print_line(Buf *out)
{
    buf_put_char(out, '\n');
    (void)fwrite(out->data, 1, out->len, stdout);
}

static void print_table(Arena *arena, const GraphTable *table)
{
    Buf out;

    buf_init(&out, arena, table->rows.len);
    buf_put(&out, STR("{\"columns\":["));
    for (size_t i = 0; i < table->column_count; i++) {
        buf_put(&out, i ? STR(",") : STR(""));
        json_put_string(&out, table->columns[i]);
    }
    buf_put(&out, STR("],\"rows\":"));
    buf_put(&out, table->rows);
    buf_put_char(&out, '}');
    print_line(&out);
}

static Err ask(const Options *options, const char *query, Arena *arena)
{
    AUTO_APP App app = {0};
    GraphTable table;

    TRY(app_open_world(options, &app));
    TRY(world_ask(app.world, arena, str_from(query), options_text(options, SETTING_PARAMETERS), ASKER_OWNER,
                  &table));
    print_table(arena, &table);
    return OK;
}

/* ---- A batch ---- */

/* {"cypher": "…", "parameters": {…}} */
static Err ask_line(World *world, Arena *arena, Str line, GraphTable *table)
{
    AUTO_JSON json_t *json = NULL;
    const json_t *cypher;
    const json_t *parameters;

    TRY(json_read(line, &json));
    cypher = json_object_get(json, "cypher");
    parameters = json_object_get(json, "parameters");
    if (!json_is_string(cypher))
        return err(INVALID, "a line is {\"cypher\": \"MATCH ...\", \"parameters\": {...}}");
    return world_ask(world, arena, json_str(cypher), parameters ? json_text(arena, parameters) : (Str){0},
                     ASKER_OWNER, table);
}

/* What is refused is a line too: {"error": "…"}. A fault of the store ends the batch. */
static Err answer_line(World *world, Str line)
{
    AUTO_ARENA Arena arena = {0};
    GraphTable table;
    Buf out;

    arena_init(&arena);
    Err e = ask_line(world, &arena, line, &table);
    if (!failed(&e)) {
        print_table(&arena, &table);
        return OK;
    }
    if (e.code != INVALID && e.code != UNPROCESSABLE)
        return e;
    buf_init(&out, &arena, 0);
    buf_put(&out, STR("{\"error\":"));
    json_put_string(&out, str_from(e.message));
    buf_put_char(&out, '}');
    print_line(&out);
    return OK;
}

static Err answer_lines(World *world, Lines *lines)
{
    Str line;
    Err e;

    while (lines_next(lines, &line, &e)) {
        TRY(e);
        TRY(answer_line(world, line));
    }
    return OK;
}

static Err ask_batch(const Options *options, const char *path)
{
    AUTO_APP App app = {0};
    Lines *lines;
    Err e;

    TRY(lines_open(path, MAX_LINE, &lines));
    e = app_open_world(options, &app);
    if (!failed(&e))
        e = answer_lines(app.world, lines);
    lines_close(lines);
    return e;
}

ExitCode cypher_run(const Options *options)
{
    AUTO_ARENA Arena arena = {0};
    Str batch = options_text(options, SETTING_BATCH);
    size_t count;
    const char *const *words = options_arguments(options, &count);

    if (count != (batch.data ? 0 : 1)) {
        (void)fputs(
            "nerdx cypher: one query, such as \"MATCH (p:Product) RETURN p.name\", or a --batch of them\n",
            stderr);
        return EXIT_USAGE_WRONG;
    }
    Err e = batch.data ? ask_batch(options, options_chars(options, SETTING_BATCH))
                       : ask(options, words[0], &arena);
    return failed(&e) ? command_fail("cypher", &e) : EXIT_DONE;
}
