/* How far a way goes. A letter is an event, its place the hour. */
#include "services/analytics/funnel.h"

#include <string.h>

#include "check.h"

enum { HOUR_MS = 3600000, MOST = 64 };

static size_t depth(const char *story, const char *steps, int window_hours, int end_hour)
{
    Funnel funnel = {.count = strlen(steps), .window_ms = (int64_t)window_hours * HOUR_MS};
    WalkEvent events[MOST];
    size_t count = 0;

    memcpy(funnel.steps, steps, funnel.count);
    for (size_t hour = 0; story[hour] != '\0'; hour++)
        if (story[hour] != '.')
            events[count++] = (WalkEvent){(int64_t)hour * HOUR_MS, (uint8_t)story[hour]};
    return funnel_depth(&funnel, events, count, (int64_t)end_hour * HOUR_MS);
}

typedef struct Case {
    const char *story, *steps;
    int window_hours, end_hour;
    size_t depth;
} Case;

static const Case CASES[] = {
    {"", "abc", 24, 24, 0},       {"a", "abc", 24, 24, 1},
    {"axbxc", "abc", 24, 24, 3},                                /* others may be between */
    {"cba", "abc", 24, 24, 1},                                  /* in their order alone */
    {"bac", "abc", 24, 24, 1},    {"a.b.c", "abc", 4, 24, 3},   /* the last just within the window */
    {"a.b.c", "abc", 3, 24, 2},   {"a..ab.c", "abc", 4, 24, 3}, /* from the later beginning */
    {"ab.abc", "abc", 3, 24, 3},  /* the first way is too old for its end, the second isn't */
    {"ab..a.c", "abc", 6, 24, 3}, /* a way goes on though another began */
    {"aa", "aa", 24, 24, 2},      {"a", "aa", 24, 24, 1},    /* no event is two steps */
    {"ab", "abb", 24, 24, 2},     {"..a.b", "ab", 24, 2, 0}, /* began too late to be this day's */
    {".a..b", "ab", 24, 2, 2},                               /* began on this day, ended on another */
};

static void a_way_goes_as_far_as_its_steps_come_in_order_within_the_window(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        const Case *c = &CASES[i];
        size_t found = depth(c->story, c->steps, c->window_hours, c->end_hour);
        if (found != c->depth)
            fail_msg("%s in %d h of %s: %zu, not %zu", c->steps, c->window_hours, c->story, found, c->depth);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_way_goes_as_far_as_its_steps_come_in_order_within_the_window),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
