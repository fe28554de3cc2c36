#include "check.h"

#include "base/breaker.h"

enum { PAUSE_MS = 1000, SILENT_CALLS = 2, PAUSE_US = PAUSE_MS * 1000 };

typedef struct Fuse {
    Breaker breaker;
    ManualClock clock;
} Fuse;

static int put_in(void **state)
{
    static Fuse fuse;

    manual_clock_init(&fuse.clock, 0);
    breaker_init(&fuse.breaker, &fuse.clock.clock, (BreakerLimits){PAUSE_MS, SILENT_CALLS});
    *state = &fuse;
    return 0;
}

static int take_out(void **state)
{
    breaker_finish(&((Fuse *)*state)->breaker);
    return 0;
}

static void call(Fuse *fuse, BreakerNews news)
{
    assert_true(breaker_lets_through(&fuse->breaker));
    breaker_note(&fuse->breaker, news);
}

static void a_server_that_answers_is_asked(void **state)
{
    for (int i = 0; i < 5; i++)
        call(*state, BREAKER_ANSWERED);
}

static void one_that_cant_be_reached_is_left_alone_for_a_while(void **state)
{
    Fuse *fuse = *state;

    call(fuse, BREAKER_UNREACHED);
    assert_false(breaker_lets_through(&fuse->breaker));
    manual_clock_advance(&fuse->clock, PAUSE_US - 1);
    assert_false(breaker_lets_through(&fuse->breaker));
}

static void then_one_caller_tries_while_the_others_are_turned_away(void **state)
{
    Fuse *fuse = *state;

    call(fuse, BREAKER_UNREACHED);
    manual_clock_advance(&fuse->clock, PAUSE_US);
    assert_true(breaker_lets_through(&fuse->breaker));
    assert_false(breaker_lets_through(&fuse->breaker));
    breaker_note(&fuse->breaker, BREAKER_UNREACHED);
    assert_false(breaker_lets_through(&fuse->breaker));
    manual_clock_advance(&fuse->clock, PAUSE_US);
    call(fuse, BREAKER_ANSWERED);
    call(fuse, BREAKER_ANSWERED);
}

static void silence_counts_only_in_a_row(void **state)
{
    Fuse *fuse = *state;

    for (int i = 0; i < 3; i++) {
        for (int silent = 1; silent < SILENT_CALLS; silent++)
            call(fuse, BREAKER_SILENT);
        call(fuse, BREAKER_ANSWERED);
    }
    for (int silent = 0; silent < SILENT_CALLS; silent++)
        call(fuse, BREAKER_SILENT);
    assert_false(breaker_lets_through(&fuse->breaker));
}

#define fuse_test(f) cmocka_unit_test_setup_teardown(f, put_in, take_out)

int main(void)
{
    const struct CMUnitTest tests[] = {
        fuse_test(a_server_that_answers_is_asked),
        fuse_test(one_that_cant_be_reached_is_left_alone_for_a_while),
        fuse_test(then_one_caller_tries_while_the_others_are_turned_away),
        fuse_test(silence_counts_only_in_a_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
