#include <stdio.h>

#include "app/app.h"
#include "app/command.h"
#include "app/settings.h"

typedef struct Format {
    const char *name;
    void (*print)(Arena *arena, const QueryResult *result);
} Format;

static Str joined(Arena *arena, StrList list, Str between)
{
    Buf out;

    buf_init(&out, arena, 0);
    for (size_t i = 0; i < list.count; i++) {
        buf_put(&out, i ? between : STR(""));
        buf_put(&out, list.items[i]);
    }
    return buf_str(&out);
}

static void print_hit(Arena *arena, const QueryHit *hit)
{
    const EntitySummary *entity = &hit->entity;

    printf("%6.2f  %.*s  (%.*s, %.*s)%s\n        %.*s\n", hit->score, STR_ARG(entity->name),
           STR_ARG(entity->label), STR_ARG(entity->id), entity->sample ? "  [sample]" : "",
           STR_ARG(entity->summary));
    printf("        why: %.*s", STR_ARG(joined(arena, hit->why.terms, STR(", "))));
    if (hit->why.path.count)
        printf("  by %.*s", STR_ARG(joined(arena, hit->why.path, STR(" -> "))));
    puts("");
    if (entity->sources.count)
        printf("        source: %.*s\n", STR_ARG(entity->sources.items[0]));
}

static void print_table(Arena *arena, const QueryResult *result)
{
    for (size_t i = 0; i < result->results.count; i++)
        print_hit(arena, &result->results.items[i]);
    if (result->results.count == 0)
        puts("The world model knows nothing that fits.");
}

static void print_tsv(Arena *arena, const QueryResult *result)
{
    (void)arena;
    for (size_t i = 0; i < result->results.count; i++)
        printf("%zu\t%.*s\t%.6f\t%.*s\n", i + 1, STR_ARG(result->results.items[i].entity.id),
               result->results.items[i].score, STR_ARG(result->results.items[i].entity.name));
}

static void print_json(Arena *arena, const QueryResult *result)
{
    Buf out;

    buf_init(&out, arena, 0);
    query_result_encode(result, &out);
    printf("%.*s\n", STR_ARG(buf_str(&out)));
}

static const Format FORMATS[] = {{"table", print_table}, {"tsv", print_tsv}, {"json", print_json}};

static Err ask(const Options *options, const Format *format, Str text, Arena *arena)
{
    AUTO_APP App app = {0};
    Call call = {.arena = arena, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};
    Str language = options_text(options, SETTING_LANGUAGE);
    QueryInput in = QUERY_INPUT_DEFAULTS;
    QueryResult result = {0};

    in.query = text;
    in.max_results = options_int(options, SETTING_LIMIT);
    in.has_language = language.data != NULL;
    in.language = in.has_language && str_equal(language, STR("ko")) ? LANGUAGE_KO : LANGUAGE_EN;
    TRY(app_open_world(options, &app));
    TRY(world_client_query(&app.world_client, &call, &in, &result));
    format->print(arena, &result);
    return OK;
}

static ExitCode refuse(const char *why)
{
    (void)fprintf(stderr, "nerdx query: %s\n", why);
    return EXIT_USAGE_WRONG;
}

static ExitCode run_batch(const Options *options, size_t words)
{
    Err e;

    if (words > 0)
        return refuse("with --batch the questions are in the file, not on the command line");
    if (str_equal(options_text(options, SETTING_FORMAT), STR("json")))
        return refuse("--batch prints tsv only");
    e = query_batch(options, options_chars(options, SETTING_BATCH));
    return failed(&e) ? command_fail("query", &e) : EXIT_DONE;
}

ExitCode query_run(const Options *options)
{
    enum { MOST_RESULTS = 50 }; /* as in api/world.yaml */
    AUTO_ARENA Arena arena = {0};
    size_t count;
    const char *const *words = options_arguments(options, &count);
    const Format *format =
        command_format(options, FORMATS, sizeof FORMATS / sizeof *FORMATS, sizeof *FORMATS);
    Buf text;

    if (options_text(options, SETTING_BATCH).data != NULL)
        return run_batch(options, count);
    buf_init(&text, &arena, 0);
    for (size_t i = 0; i < count; i++)
        buf_format(&text, "%s%s", i ? " " : "", words[i]);
    if (count == 0)
        return refuse("say what to look for, such as: nerdx query \"what is nuruk\"");
    if (format == NULL)
        return refuse("--format: must be table, tsv or json");
    if (options_int(options, SETTING_LIMIT) > MOST_RESULTS)
        return refuse("--limit goes to 50 unless with --batch");
    Err e = ask(options, format, buf_str(&text), &arena);
    return failed(&e) ? command_fail("query", &e) : EXIT_DONE;
}
