/* The test of two rates: values worked out apart from it (Python, double precision), and its promise under peeking. */
#include "services/analytics/sequential.h"

#include "check.h"

#define check_near(value, expected) assert_true((value) - (expected) < 1e-9 && (expected) - (value) < 1e-9)

static void it_gives_the_values_that_were_worked_out(void **state)
{
    Verdict verdict = sequential_compare((Rate){1000, 100}, (Rate){1000, 140}, 0.02);

    (void)state;
    check_near(verdict.difference, 0.04);
    check_near(verdict.low, -0.007702614947);
    check_near(verdict.high, 0.087702614947);
    check_near(verdict.p_value, 0.142469356450);
    verdict = sequential_compare((Rate){10000, 1000}, (Rate){10000, 1200}, 0.02);
    check_near(verdict.low, 0.006365652329);
    check_near(verdict.p_value, 0.000271569006);
}

static void with_few_visitors_it_says_nothing(void **state)
{
    Verdict verdict = sequential_compare((Rate){99, 1}, (Rate){5000, 3000}, 0.02);

    (void)state;
    check_near(verdict.p_value, 1);
    check_near(verdict.low, -1);
    check_near(verdict.high, 1);
}

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static int64_t one_with(uint64_t *seed, int percent)
{
    return (int64_t)(next(seed) % 100) < percent;
}

/* Whether somebody who looks after every tenth visitor ever sees a difference. */
static bool is_ever_told_different(uint64_t *seed, int base_percent, int other_percent)
{
    enum { VISITORS = 4000, A_LOOK = 10 };
    Rate base = {0}, other = {0};

    while (base.of < VISITORS) {
        for (int i = 0; i < A_LOOK; i++) {
            base.of++, other.of++;
            base.reached += one_with(seed, base_percent);
            other.reached += one_with(seed, other_percent);
        }
        if (sequential_compare(base, other, 0.02).p_value <= 0.05)
            return true;
    }
    return false;
}

static void whoever_peeks_at_two_that_are_alike_is_wrong_in_no_more_than_five_of_a_hundred(void **state)
{
    enum { RUNS = 400 };
    uint64_t seed = 20151204;
    int wrong = 0, found = 0;

    (void)state;
    for (int run = 0; run < RUNS; run++) {
        wrong += is_ever_told_different(&seed, 20, 20);
        found += is_ever_told_different(&seed, 20, 30);
    }
    assert_in_range(wrong, 0, RUNS * 5 / 100);
    assert_in_range(found, RUNS * 95 / 100, RUNS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_gives_the_values_that_were_worked_out),
        cmocka_unit_test(with_few_visitors_it_says_nothing),
        cmocka_unit_test(whoever_peeks_at_two_that_are_alike_is_wrong_in_no_more_than_five_of_a_hundred),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
