#include "check.h"

#include "base/buf.h"

static void text_grows_over_many_pieces(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf buf = {.arena = &arena};

    (void)state;
    for (int i = 0; i < 10000; i++)
        buf_put(&buf, STR("abc"));
    Str text = buf_str(&buf);
    assert_int_equal(text.len, 30000);
    for (size_t i = 0; i < text.len; i++)
        assert_int_equal(text.data[i], 'a' + (int)(i % 3));
    assert_int_equal(text.data[text.len], '\0');
}

static void every_whole_number_is_written(void **state)
{
    static const struct {
        int64_t value;
        const char *text;
    } CASES[] = {{0, "0"},
                 {7, "7"},
                 {-1, "-1"},
                 {1000000, "1000000"},
                 {INT64_MAX, "9223372036854775807"},
                 {INT64_MIN, "-9223372036854775808"}};

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        AUTO_ARENA Arena arena = {0};
        Buf buf = {.arena = &arena};
        buf_put_int(&buf, CASES[i].value);
        check_text(buf_str(&buf), CASES[i].text);
    }
}

static void formatted_text_of_any_length_fits(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf buf = {.arena = &arena};

    (void)state;
    buf_format(&buf, "%s=%d;", "a", 1);
    buf_format(&buf, "%0*d", 5000, 7);
    assert_int_equal(buf_str(&buf).len, 4 + 5000);
    assert_int_equal(buf.data[buf.len - 1], '7');
}

static void an_empty_buffer_is_present_and_empty(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf buf = {.arena = &arena};

    (void)state;
    buf_put(&buf, (Str){0});
    Str text = buf_str(&buf);
    assert_non_null(text.data);
    assert_int_equal(text.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_grows_over_many_pieces),
        cmocka_unit_test(every_whole_number_is_written),
        cmocka_unit_test(formatted_text_of_any_length_fits),
        cmocka_unit_test(an_empty_buffer_is_present_and_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
