#include "check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/random.h"

enum { ROUNDS = 300000 };

static Str printed(double value, char out[DECIMAL_TEXT])
{
    return (Str){out, decimal_print(value, out)};
}

/* What the C library makes of it: the first of 15, 16 and 17 digits that reads back. */
static Str printed_slowly(double value, char out[DECIMAL_TEXT])
{
    int precision = 15;

    do
        (void)snprintf(out, DECIMAL_TEXT, "%.*g", precision, value);
    while (precision++ < 17 && strtod(out, NULL) != value);
    return str_from(out);
}

static void check_same(double value)
{
    char quick[DECIMAL_TEXT];
    char slow[DECIMAL_TEXT];
    Str text = printed(value, quick);

    if (!str_equal(text, printed_slowly(value, slow)))
        fail_msg("%a: %.*s instead of %s", value, STR_ARG(text), slow);
}

static void the_c_library_would_write_the_same(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t bits = random_u64();
        double share = (double)(bits >> 11) / 9007199254740992.0;

        check_same(0.0001 + share);
        check_same(-(0.0001 + 999 * share));
        check_same((double)(float)(0.0001 + share)); /* as sums of floats are */
        check_same((double)(bits % 999999 + 1) / 1000);
    }
}

/* Where the number of digits changes, and where doubles lie closer below than above. */
static void it_is_exact_at_every_edge(void **state)
{
    static const double TENS[] = {1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100};

    (void)state;
    for (size_t i = 0; i < COUNT(TENS); i++) {
        check_same(nextafter(TENS[i], 1e9));
        if (i > 0)
            check_same(nextafter(TENS[i], 0));
    }
    for (int exponent = -13; exponent < 10; exponent++) {
        check_same(ldexp(1, exponent));
        check_same(nextafter(ldexp(1, exponent), 0));
        check_same(nextafter(ldexp(1, exponent), 1e9));
    }
}

static void what_is_out_of_range_is_left_to_others(void **state)
{
    static const double VALUES[] = {0, 9e-5, -9e-5, 1000, 1e300, -1e300, INFINITY, NAN};
    char text[DECIMAL_TEXT];

    (void)state;
    for (size_t i = 0; i < COUNT(VALUES); i++)
        assert_int_equal(decimal_print(VALUES[i], text), 0);
}

static void short_decimals_are_read_as_the_c_library_reads_them(void **state)
{
    char text[DECIMAL_TEXT];

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t bits = random_u64();
        double value;
        int len = snprintf(text, sizeof text, "%s%.*f", bits % 2 ? "-" : "", (int)(bits >> 60) % 13,
                           (double)(bits % 9999999) / 1e5);

        assert_true(decimal_read((Str){text, (size_t)len}, &value));
        assert_true(value == strtod(text, NULL));
    }
}

static void what_is_no_short_decimal_is_refused(void **state)
{
    static const char *const TEXTS[] = {"",
                                        "-",
                                        ".5",
                                        "1.",
                                        "1.2.3",
                                        "1e3",
                                        "+1",
                                        " 1",
                                        "1 ",
                                        "--1",
                                        "nan",
                                        "0x1",
                                        "0.1234567890123456",
                                        "1234567890123456"};
    double value;

    (void)state;
    for (size_t i = 0; i < COUNT(TEXTS); i++)
        if (decimal_read(str_from(TEXTS[i]), &value))
            fail_msg("%s was read", TEXTS[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_c_library_would_write_the_same),
        cmocka_unit_test(it_is_exact_at_every_edge),
        cmocka_unit_test(what_is_out_of_range_is_left_to_others),
        cmocka_unit_test(short_decimals_are_read_as_the_c_library_reads_them),
        cmocka_unit_test(what_is_no_short_decimal_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
