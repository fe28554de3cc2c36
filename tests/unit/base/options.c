#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/options.h"
#include "base/utf8.h"

enum { DATA, STORE, WORKERS, ACCESS_LOG, BODY_LIMIT, TIMEOUT, API_KEY, LANGUAGE, OPTION_COUNT };

static Err check_language(Str value)
{
    return str_equal(value, STR("ko")) || str_equal(value, STR("en")) ? OK : err(INVALID, "ko or en");
}

static const Option ROWS[OPTION_COUNT] = {
    [DATA] = {"data", OPTION_KIND_PATH, "./data", "the folder"},
    [STORE] = {"world_graph", OPTION_KIND_TEXT, "sqlite:{data}/world.db", "the store", "URL"},
    [WORKERS] = {"workers", OPTION_KIND_INT, "64", "threads", .min = 1, .max = 1024},
    [ACCESS_LOG] = {"access_log", OPTION_KIND_BOOL, "yes", "log requests"},
    [BODY_LIMIT] = {"body_limit", OPTION_KIND_BYTES, "64k", "bytes", .min = 1024, .max = 10 << 20},
    [TIMEOUT] = {"timeout", OPTION_KIND_DURATION, "10s", "time", .min = 1000000, .max = 3600000000},
    [API_KEY] = {"api_key", OPTION_KIND_SECRET, NULL, "the key"},
    [LANGUAGE] = {"language", OPTION_KIND_TEXT, NULL, "the language", "ko|en", .check = check_language},
};
static const OptionTable TABLE = {ROWS, OPTION_COUNT, "T_"};

/* Lists that end in NULL; file may be NULL. */
static Options *read_options(char *const *flags, char *const *environment, const char *file)
{
    Options *options = options_create(TABLE);
    int count = 0;

    while (flags[count])
        count++;
    options_read_flags(options, count, flags);
    options_read_environment(options, environment);
    if (file)
        options_read_file(options, file, true);
    options_resolve(options);
    return options;
}

#define LIST(...) ((char *[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static void make_file(char path[32], const char *text)
{
    (void)snprintf(path, 32, "/tmp/nerdx-opt-XXXXXX");
    AUTO_CLOSE int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static bool has_problem(const Options *options, const char *where, const char *message)
{
    OptionProblems problems = options_problems(options);

    for (size_t i = 0; i < problems.count; i++)
        if (str_find(problems.items[i].where, str_from(where), 0) != SIZE_MAX &&
            str_find(problems.items[i].message, str_from(message), 0) != SIZE_MAX)
            return true;
    for (size_t i = 0; i < problems.count; i++)
        print_error("%.*s: %.*s\n", STR_ARG(problems.items[i].where), STR_ARG(problems.items[i].message));
    return false;
}

static void defaults_hold_when_nothing_is_said(void **state)
{
    Options *options = read_options(LIST(), LIST(), NULL);

    (void)state;
    assert_int_equal(options_problems(options).count, 0);
    check_text(options_text(options, STORE), "sqlite:./data/world.db");
    assert_int_equal(options_int(options, WORKERS), 64);
    assert_int_equal(options_int(options, BODY_LIMIT), 65536);
    assert_int_equal(options_int(options, TIMEOUT), 10000000);
    assert_true(options_bool(options, ACCESS_LOG));
    assert_null(options_chars(options, LANGUAGE));
    assert_int_equal(options_source(options, WORKERS), FROM_DEFAULT);
    assert_int_equal(options_source(options, LANGUAGE), FROM_NOWHERE);
    options_destroy(options);
}

static void the_strongest_source_wins_and_is_remembered(void **state)
{
    char path[32];

    (void)state;
    make_file(path, "# ours\n\n workers = 1 \ndata=/from/file\ntimeout = 1m\nbody_limit = 2k\n");
    Options *options = read_options(LIST("--workers", "3", "--timeout=5m"),
                                    LIST("T_WORKERS=2", "T_DATA=/from/env", "PATH=x"), path);
    (void)unlink(path);
    assert_int_equal(options_problems(options).count, 0);
    assert_int_equal(options_int(options, WORKERS), 3);
    check_text(options_where(options, WORKERS), "--workers");
    assert_int_equal(options_int(options, TIMEOUT), 300000000);
    check_text(options_text(options, DATA), "/from/env");
    check_text(options_where(options, DATA), "T_DATA");
    check_text(options_text(options, STORE), "sqlite:/from/env/world.db");
    assert_int_equal(options_int(options, BODY_LIMIT), 2048);
    assert_true(str_ends(options_where(options, BODY_LIMIT), STR(":6")));
    options_destroy(options);
}

static void every_problem_is_collected_with_its_place(void **state)
{
    char path[32];

    (void)state;
    make_file(path, "worker = 4\nnonsense\nbody_limit = 1T\ndata = a\ndata = b\n");
    Options *options =
        read_options(LIST("--timout", "5s", "--language", "fr", "--workers", "0", "-x", "--data"),
                     LIST("T_TIMEOUT=30", "T_ACCESS_LOG=maybe", "T_SERVICE_PORT=1"), path);
    (void)unlink(path);
    assert_true(has_problem(options, "--timout", "no option is called timout; did you mean --timeout?"));
    assert_true(has_problem(options, "--language", "language: ko or en"));
    assert_true(has_problem(options, "--workers", "workers: 0 is outside 1..1024"));
    assert_true(has_problem(options, "-x", "two dashes"));
    assert_true(has_problem(options, "--data", "a value is missing: --data PATH"));
    assert_true(has_problem(options, "T_TIMEOUT", "timeout: 30 is not a duration such as 250ms, 10s or 5m"));
    assert_true(has_problem(options, "T_ACCESS_LOG", "access_log: maybe is not yes or no"));
    assert_true(has_problem(options, "T_SERVICE_PORT", "no option is called service_port"));
    assert_true(has_problem(options, ":1", "no option is called worker; did you mean workers?"));
    assert_true(has_problem(options, ":2", "a line reads: name = value"));
    assert_true(has_problem(options, ":3", "body_limit: 1T is not a size"));
    assert_true(has_problem(options, ":5", "data is given twice"));
    OptionProblems problems = options_problems(options);
    assert_int_equal(problems.errors,
                     problems.count - 1); /* a foreign name in the environment is a warning */
    options_destroy(options);
}

/* Korean, 3 bytes a character: with three lengths of the name before it, a cut at any byte would split one. */
static void a_problem_too_long_to_show_is_cut_between_characters(void **state)
{
    char folder[] = "/tmp/nerdx-opt-XXXXXX", korean[240 + 1];

    (void)state;
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i + 3 < sizeof korean; i += 3)
        memcpy(korean + i, "가", 4);
    for (int length = 1; length <= 3; length++) {
        char inner[600], path[900];
        (void)snprintf(inner, sizeof inner, "%s/%.*s%s", folder, length, "abc", korean);
        assert_int_equal(mkdir(inner, 0700), 0);
        (void)snprintf(path, sizeof path, "%s/%s", inner, korean);
        check_put_file(path, STR("data = a\ndata = b\n"));
        Options *options = read_options(LIST(), LIST(), path);
        OptionProblems problems = options_problems(options);
        assert_int_equal(problems.count, 1);
        assert_true(utf8_valid(problems.items[0].message));
        assert_in_range(problems.items[0].message.len, 380, 384);
        options_destroy(options);
        (void)unlink(path), (void)rmdir(inner);
    }
    (void)rmdir(folder);
}

static void an_empty_name_in_the_environment_says_nothing(void **state)
{
    Options *options = read_options(LIST(), LIST("T_WORKERS=", "T_DATA=", "T_WORKER="), NULL);

    (void)state;
    assert_int_equal(options_problems(options).count, 0);
    check_text(options_text(options, DATA), "./data");
    options_destroy(options);
}

static void a_wrong_value_leaves_a_sound_one_behind(void **state)
{
    Options *options = read_options(LIST("--workers", "many", "--timeout", "2h"), LIST(), NULL);

    (void)state;
    assert_int_equal(options_int(options, WORKERS), 64);
    assert_true(has_problem(options, "--workers", "many is not a whole number"));
    assert_true(has_problem(options, "--timeout", "2h is outside 1s..1h"));
    assert_int_equal(options_int(options, TIMEOUT), 10000000);
    options_destroy(options);
}

static void numbers_with_units_are_read_and_overflow_is_refused(void **state)
{
    static const struct {
        char *flag;
        size_t option;
        int64_t value;
    } CASES[] = {
        {"--timeout=1000000us", TIMEOUT, 1000000}, {"--timeout=1500ms", TIMEOUT, 1500000},
        {"--timeout=1h", TIMEOUT, 3600000000},     {"--body-limit=1024", BODY_LIMIT, 1024},
        {"--body-limit=1M", BODY_LIMIT, 1 << 20},  {"--body_limit=2k", BODY_LIMIT, 2048},
    };
    static char *const WRONG[] = {"--timeout=9999999999999999d",
                                  "--timeout=797410686021944d",
                                  "--timeout=s",
                                  "--timeout=",
                                  "--timeout=1 s",
                                  "--body-limit=99999999999G",
                                  "--body-limit=-1k",
                                  "--workers=1.5",
                                  "--workers="};

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        Options *options = read_options(LIST(CASES[i].flag), LIST(), NULL);
        assert_int_equal(options_problems(options).count, 0);
        assert_int_equal(options_int(options, CASES[i].option), CASES[i].value);
        options_destroy(options);
    }
    for (size_t i = 0; i < COUNT(WRONG); i++) {
        Options *options = read_options(LIST(WRONG[i]), LIST(), NULL);
        assert_int_equal(options_problems(options).errors, 1);
        options_destroy(options);
    }
}

static void flags_of_truth_need_no_value_and_other_arguments_stay(void **state)
{
    size_t count;

    (void)state;
    Options *options = read_options(
        LIST("이천 쌀", "--no-access-log", "-", "--workers", "2", "--", "--data", "-x"), LIST(), NULL);
    const char *const *arguments = options_arguments(options, &count);
    assert_int_equal(options_problems(options).count, 0);
    assert_false(options_bool(options, ACCESS_LOG));
    assert_int_equal(count, 4);
    assert_string_equal(arguments[0], "이천 쌀");
    assert_string_equal(arguments[1], "-");
    assert_string_equal(arguments[2], "--data");
    assert_string_equal(arguments[3], "-x");
    options_destroy(options);

    options = read_options(LIST("--no-workers"), LIST(), NULL);
    assert_true(has_problem(options, "--no-workers", "no option is called"));
    options_destroy(options);
}

static Str printed(Arena *arena, const Options *options)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    options_print_values(options, out);
    options_print_help(options_table(options), out);
    (void)fclose(out);
    Str copy = str_copy(arena, (Str){text, len});
    free(text);
    return copy;
}

static void a_secret_comes_from_a_file_or_the_environment_and_is_never_shown(void **state)
{
    AUTO_ARENA Arena arena = {0};
    char path[32];
    char named[64];

    (void)state;
    make_file(path, "s3cret\n");
    (void)snprintf(named, sizeof named, "T_API_KEY_FILE=%s", path);
    Options *options = read_options(LIST(), LIST(named), NULL);
    (void)unlink(path);
    check_text(options_text(options, API_KEY), "s3cret");
    check_text(options_where(options, API_KEY), "T_API_KEY_FILE");
    Str text = printed(&arena, options);
    assert_true(str_find(text, STR("s3cret"), 0) == SIZE_MAX);
    assert_true(str_find(text, STR("********"), 0) != SIZE_MAX);
    assert_true(str_find(text, STR("--api-key-file PATH"), 0) != SIZE_MAX);
    options_destroy(options);

    options = read_options(LIST("--api-key", "s3cret", "--api-key-file", "/nowhere/key"), LIST(), NULL);
    assert_true(has_problem(options, "--api-key", "use --api-key-file PATH"));
    assert_true(has_problem(options, "--api-key-file", "api_key: /nowhere/key: No such file"));
    assert_false(options_text(options, API_KEY).len > 0);
    options_destroy(options);
}

static void values_are_printed_with_where_they_came_from(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Options *options = read_options(LIST("--workers", "8"), LIST("T_DATA=/srv"), NULL);

    (void)state;
    Str text = printed(&arena, options);
    assert_true(str_find(text, STR("workers      8                     --workers\n"), 0) != SIZE_MAX);
    assert_true(str_find(text, STR("data         /srv                  T_DATA\n"), 0) != SIZE_MAX);
    assert_true(str_find(text, STR("language     (none)                -\n"), 0) != SIZE_MAX);
    assert_true(str_find(text, STR("--body-limit N[kMG]"), 0) != SIZE_MAX);
    options_destroy(options);
}

static void a_file_that_must_be_there_is_named_when_it_is_not(void **state)
{
    Options *options = options_create(TABLE);

    (void)state;
    options_read_file(options, "/nowhere/nerdx.conf", false);
    assert_int_equal(options_problems(options).count, 0);
    options_read_file(options, "/nowhere/nerdx.conf", true);
    assert_true(has_problem(options, "/nowhere/nerdx.conf", "No such file"));
    options_destroy(options);
    options_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_hold_when_nothing_is_said),
        cmocka_unit_test(the_strongest_source_wins_and_is_remembered),
        cmocka_unit_test(every_problem_is_collected_with_its_place),
        cmocka_unit_test(a_problem_too_long_to_show_is_cut_between_characters),
        cmocka_unit_test(an_empty_name_in_the_environment_says_nothing),
        cmocka_unit_test(a_wrong_value_leaves_a_sound_one_behind),
        cmocka_unit_test(numbers_with_units_are_read_and_overflow_is_refused),
        cmocka_unit_test(flags_of_truth_need_no_value_and_other_arguments_stay),
        cmocka_unit_test(a_secret_comes_from_a_file_or_the_environment_and_is_never_shown),
        cmocka_unit_test(values_are_printed_with_where_they_came_from),
        cmocka_unit_test(a_file_that_must_be_there_is_named_when_it_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
