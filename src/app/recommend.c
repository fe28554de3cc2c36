/* `nerdx recommend USER` and, for evaluation, `nerdx recommend --all`. */
#include <stdio.h>

#include "app/app.h"
#include "app/command.h"
#include "app/settings.h"

enum { MOST_RESULTS = 50 /* as the contract has it */ };

typedef struct Format {
    const char *name;
    void (*print)(Arena *arena, const Recommendations *result);
} Format;

static void print_table(Arena *arena, const Recommendations *result)
{
    (void)arena;
    for (size_t i = 0; i < result->items.count; i++) {
        const Recommendation *one = &result->items.items[i];

        printf("%7.3f  %.*s  (%.*s)%s\n         %.*s\n", one->score, STR_ARG(one->entity.name),
               STR_ARG(one->entity.id), one->entity.sample ? "  [sample]" : "", STR_ARG(one->reason));
    }
    if (result->items.count == 0)
        puts("There is nothing to recommend.");
}

static void print_line(Str user, Str id, double score)
{
    printf("%.*s\t%.*s\t%.6f\n", STR_ARG(user), STR_ARG(id), score);
}

static void print_tsv(Arena *arena, const Recommendations *result)
{
    (void)arena;
    for (size_t i = 0; i < result->items.count; i++)
        print_line(result->user_id, result->items.items[i].entity.id, result->items.items[i].score);
}

static void print_json(Arena *arena, const Recommendations *result)
{
    Buf out;

    buf_init(&out, arena, 0);
    recommendations_encode(result, &out);
    printf("%.*s\n", STR_ARG(buf_str(&out)));
}

static const Format FORMATS[] = {{"table", print_table}, {"tsv", print_tsv}, {"json", print_json}};

static WorldRecommendInput input_of(const Options *options, const char *user)
{
    WorldRecommendInput in = WORLD_RECOMMEND_INPUT_DEFAULTS;

    in.user_id = str_from(user);
    in.limit = options_int(options, SETTING_LIMIT);
    in.category = options_text(options, SETTING_CATEGORY);
    in.abv_min = (double)options_int(options, SETTING_ABV_MIN);
    in.abv_max = (double)options_int(options, SETTING_ABV_MAX);
    if (str_equal(options_text(options, SETTING_LANGUAGE), STR("ko")))
        in.language = WORLD_RECOMMEND_INPUT_LANGUAGE_KO;
    return in;
}

static Err recommend_to(const Options *options, const Format *format, const char *user)
{
    AUTO_ARENA Arena arena = {0};
    AUTO_APP App app = {0};
    Call call = {.arena = &arena, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};
    WorldRecommendInput in = input_of(options, user);
    Recommendations result = {0};

    arena_init(&arena);
    TRY(app_open_world(options, &app));
    TRY(world_client_recommend(&app.world_client, &call, &in, &result));
    format->print(&arena, &result);
    return OK;
}

static void on_advised(void *context, Str user, Str id, double score)
{
    (void)context;
    print_line(user, id, score);
}

static Err recommend_to_all(const Options *options)
{
    AUTO_APP App app = {0};

    TRY(app_open_world(options, &app));
    return world_recommend_all(app.world, (size_t)options_int(options, SETTING_LIMIT), on_advised, NULL);
}

static ExitCode refuse(const char *what)
{
    (void)fprintf(stderr, "nerdx recommend: %s\n", what);
    return EXIT_USAGE_WRONG;
}

static ExitCode run_all(const Options *options, size_t count)
{
    Str format = options_text(options, SETTING_FORMAT);
    Err e;

    if (count > 0)
        return refuse("--all is for every user: name none");
    if (format.data != NULL && !str_equal(format, STR("tsv")))
        return refuse("--all prints tsv: user, id, score");
    e = recommend_to_all(options);
    return failed(&e) ? command_fail("recommend", &e) : EXIT_DONE;
}

ExitCode recommend_run(const Options *options)
{
    size_t count;
    const char *const *users = options_arguments(options, &count);
    const Format *format =
        command_format(options, FORMATS, sizeof FORMATS / sizeof *FORMATS, sizeof *FORMATS);
    Err e;

    if (options_bool(options, SETTING_ALL))
        return run_all(options, count);
    if (count != 1)
        return refuse("name one user, such as: nerdx recommend user-uuid; or --all");
    if (format == NULL)
        return refuse("--format: must be table, tsv or json");
    if (options_int(options, SETTING_LIMIT) > MOST_RESULTS)
        return refuse("--limit: at most 50 for one user");
    e = recommend_to(options, format, users[0]);
    return failed(&e) ? command_fail("recommend", &e) : EXIT_DONE;
}
