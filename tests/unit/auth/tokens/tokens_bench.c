/* What a token costs: made, checked, and found among those that were checked a moment ago. tokens_bench [SECONDS]. */
#include "bench.h"

#include <time.h>

enum { TOKENS = 64, BATCH = 256 };

typedef struct Course {
    const char *name;
    bool with_keys;
    size_t cache_entries; /* 1: of TOKENS nearly none is found */
    bool issues;
} Course;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void run(const Course *course, double seconds)
{
    static const Str may[] = {
        {"account", 7}, {"chat", 4}, {"recommend", 9}, {"world:learn", 11}, {"world:read", 10}};
    const Claims claims = {.subject = STR("019ab5c2-7d3e-7abc-9def-0123456789ab"),
                           .permissions = {may, COUNT(may)},
                           .session = STR("019ab5c2-7d3e-7abc-9def-0123456789ab"),
                           .proved_at_s = NOW_S};
    AUTO_BENCH Bench bench;
    AUTO_ARENA Arena scratch = {0};
    Str tokens[TOKENS];
    Claims out;
    long done = 0;

    bench_make(&bench, course->with_keys, (TokensConfig){.cache_entries = course->cache_entries});
    for (size_t i = 0; i < TOKENS; i++)
        tokens[i] = issue(&bench, claims);
    double begin = now();
    for (; now() - begin < seconds; done += BATCH, arena_reset(&scratch))
        for (size_t i = 0; i < BATCH; i++)
            check_ok(course->issues ? tokens_issue(bench.tokens, &scratch, &claims, &tokens[0])
                                    : tokens_verify(bench.tokens, &scratch, tokens[i % TOKENS], &out));
    printf("%-24s %7.2f us (%zu bytes)\n", course->name, (now() - begin) * 1e6 / (double)done, tokens[1].len);
}

int main(int count, char **arguments)
{
    static const Course COURSES[] = {
        {"HS256 issued", false, 0, true},      {"HS256 checked", false, 1, false},
        {"HS256 remembered", false, 0, false}, {"EdDSA issued", true, 0, true},
        {"EdDSA checked", true, 1, false},     {"EdDSA remembered", true, 0, false},
    };

    for (size_t i = 0; i < COUNT(COURSES); i++)
        run(&COURSES[i], count > 1 ? strtod(arguments[1], NULL) : 1);
    return 0;
}
