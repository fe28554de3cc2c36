/* What a decision of the limiter costs in memory: limits_bench CONSUMERS. Nearly all are allowed, or nearly all refused. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "gateway/rate_limit.h"

enum {
    ROUNDS = 200000 /* about a second: a core that was idle is slow at first */,
    BATCH = 16,
    MOST_CONSUMERS = 100000,
    NAME = 16
};

static int64_t now_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* Whose they are is chosen beforehand. */
static int64_t time_batch(Kv *kv, const LimitClass *class, char (*names)[NAME], size_t consumers)
{
    RateVerdict verdict;
    Str asked[BATCH];

    for (int i = 0; i < BATCH; i++)
        asked[i] = str_from(names[(size_t)rand() % consumers]);
    int64_t begin = now_ns();
    for (int i = 0; i < BATCH; i++) {
        Err e = rate_limit_ask(kv, class, asked[i], &verdict);
        if (failed(&e))
            exit(EXIT_FAILURE);
    }
    return now_ns() - begin;
}

static void measure(const char *what, const LimitClass *class, size_t consumers)
{
    static char names[MOST_CONSUMERS][NAME];
    static int64_t took[ROUNDS];
    Kv *kv;

    for (size_t i = 0; i < consumers; i++)
        (void)snprintf(names[i], NAME, "10.%zu.%zu.%zu", i >> 16 & 255, i >> 8 & 255, i & 255);
    Err e = kv_open("memory:", NULL, &kv);
    if (failed(&e))
        exit(EXIT_FAILURE);
    for (size_t i = 0; i < ROUNDS; i++)
        took[i] = time_batch(kv, class, names, consumers);
    kv_close(kv);
    qsort(took, ROUNDS, sizeof *took, by_size);
    printf("%6zu consumers, %s  p50 %4" PRId64 " ns  p99 %4" PRId64 " ns\n", consumers, what,
           took[ROUNDS / 2] / BATCH, took[ROUNDS / 100 * 99] / BATCH);
}

int main(int argc, char **argv)
{
    size_t consumers = argc == 2 ? strtoull(argv[1], NULL, 10) : 0;

    if (consumers < 1 || consumers > MOST_CONSUMERS) {
        (void)fprintf(stderr, "usage: limits_bench CONSUMERS, 1 to %d\n", MOST_CONSUMERS);
        return EXIT_FAILURE;
    }
    measure("allowed", &(LimitClass){"default", LIMIT_MOST, LIMIT_MOST}, consumers);
    measure("refused", &(LimitClass){"default", 1, 1}, consumers);
    return EXIT_SUCCESS;
}
