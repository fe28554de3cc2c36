#include "check.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/random.h"

static Str nested(Arena *arena, const char *open, size_t times)
{
    Buf buf = {.arena = arena};

    for (size_t i = 0; i < times; i++)
        buf_put(&buf, str_from(open));
    return buf_str(&buf);
}

static void what_rfc_8259_refuses_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text;
        const char *says;
    } CASES[] = {
        {"", "line 1, column 0: the text ends too early"},
        {"{\"a\":1", "the text ends too early"},
        {"{\n  \"a\": 1,\n  \"a\": 2}", "line 3, column 5: duplicate object key"},
        {"{} x", "end of file expected near 'x'"},
        {"[1,]", "line 1, column 4: unexpected token near ']'"},
        {"[01]", "near"},
        {"[1.]", "near"},
        {"[+1]", "near"},
        {"[NaN]", "near"},
        {"['a']", "near"},
        {"[\"\t\"]", "control character"},
        {"[\"\\u0000\"]", "the character \\u0000 is not allowed"},
        {"{\"\\u0000\":1}", "the character \\u0000 is not allowed"},
        {"[\"\\ud800\"]", "line 1"},
        {"[\"\xed\xa0\x80\"]", "line 1, column 2: not UTF-8"},
        {"[\"\xff\"]", "line 1, column 2: not UTF-8"},
        {"[1e400]", "overflow"},
        {"[9223372036854775808]", "too big"},
        {"\xef\xbb\xbf{}", "line 1"},
        {"{\"a\" 1}", "':' expected near '1'"},
    };
    json_t *value;

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        check_err(json_read(str_from(CASES[i].text), &value), INVALID, CASES[i].says);
        assert_null(value);
    }
    check_err(json_read((Str){0}, &value), INVALID, "ends too early");
    check_err(json_read((Str){"[1]\0", 4}, &value), INVALID, "line 1");
    check_err(json_read((Str){"1\0", 2}, &value), INVALID, "NUL");
}

static void nesting_is_bounded_before_anything_is_built(void **state)
{
    AUTO_ARENA Arena arena = {0};
    json_t *value;

    (void)state;
    check_err(json_read(nested(&arena, "[", 1000000), &value), INVALID,
              "line 1, column 65: nested deeper than 64 levels");
    check_err(json_read(nested(&arena, "{\"a\":\n", 65), &value), INVALID,
              "line 65, column 1: nested deeper");

    Buf deep = {.arena = &arena};
    buf_put(&deep, nested(&arena, "[", JSON_MAX_DEPTH));
    buf_put(&deep, nested(&arena, "]", JSON_MAX_DEPTH));
    check_ok(json_read(buf_str(&deep), &value));
    json_decref(value);
}

static void brackets_in_strings_are_not_nesting(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf text = {.arena = &arena};
    json_t *value;

    (void)state;
    buf_put(&text, STR("[\"\\\\\",\"\\\""));
    buf_put(&text, nested(&arena, "[{", 1000));
    buf_put(&text, STR("\"]"));
    check_ok(json_read(buf_str(&text), &value));
    json_decref(value);
}

static void texts_that_never_end_are_refused_and_not_read_past(void **state)
{
    static const char *const CUT[] = {"\"", "\"\\", "[\"a", "[\"a\\", "{\"", "\"\\u00", "[\"\xe2\x82"};
    json_t *value;

    (void)state;
    for (size_t i = 0; i < COUNT(CUT); i++) {
        size_t len = strlen(CUT[i]);
        char *exact = malloc(len); /* so that a sanitizer sees one byte too many */
        memcpy(exact, CUT[i], len);
        check_err(json_read((Str){exact, len}, &value), INVALID, "line 1");
        free(exact);
    }
}

static void a_value_is_written_as_it_came(void **state)
{
    static const char *const TEXTS[] = {
        "{\"z\":1,\"a\":[true,false,null,-12,0.1,1e+300,\"술\"],\"m\":{},\"e\":[]}",
        "\"top\"",
        "9223372036854775807",
        "null",
        "[{\"k\\n\":\"\\u0001\\\"\\\\\"}]",
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(TEXTS); i++) {
        AUTO_JSON json_t *value = NULL;
        check_ok(json_read(str_from(TEXTS[i]), &value));
        check_text(json_text(&arena, value), TEXTS[i]);
    }
}

static Str quoted(Arena *arena, Str text)
{
    Buf buf = {.arena = arena};

    json_put_string(&buf, text);
    return buf_str(&buf);
}

/* Nothing is freed: what jansson took elsewhere would be a leak to the sanitizer. */
static void a_value_read_into_an_arena_goes_with_it(void **state)
{
    AUTO_ARENA Arena arena = {0};
    const json_t *value;
    json_t *other;
    Buf text;

    (void)state;
    arena_init(&arena);
    buf_init(&text, &arena, 64);
    for (int i = 0; i < 500; i++)
        buf_format(&text, "%s\"%04d\":[\"%d\",{\"a\":%d.5}]", i == 0 ? "{" : ",", i, i, i);
    buf_put_char(&text, '}');
    check_ok(json_read_into(&arena, buf_str(&text), &value));
    check_text(json_text(&arena, value), buf_str(&text).data);
    check_err(json_read_into(&arena, STR("{\"a\":[1,2}"), &value), INVALID, "column 10");
    check_err(json_read_into(&arena, (Str){"1\0", 2}, &value), INVALID, "NUL");
    check_ok(json_read(STR("[1]"), &other)); /* and the next is the heap's again */
    json_decref(other);
}

static void strings_are_escaped_wherever_they_need_it(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    check_text(quoted(&arena, STR("")), "\"\"");
    check_text(quoted(&arena, STR("plain text of more than eight bytes")),
               "\"plain text of more than eight bytes\"");
    check_text(quoted(&arena, STR("a\"b\\c/d")), "\"a\\\"b\\\\c/d\"");
    check_text(quoted(&arena, STR("\b\t\n\f\r\x01\x1f\x7f")), "\"\\b\\t\\n\\f\\r\\u0001\\u001f\x7f\"");
    check_text(quoted(&arena, STR("술과 이야기, \U0001F376")), "\"술과 이야기, \U0001F376\"");
    check_text(quoted(&arena, (Str){"a\0b", 3}), "\"a\\u0000b\"");
    check_text(quoted(&arena, STR("a\xff\xe2\x82z")), "\"a\\ufffd\\ufffd\\ufffdz\"");
    /* The one byte that matters, at every place of a word of eight. */
    for (size_t place = 0; place < 24; place++) {
        char text[25] = "abcdefghijklmnopqrstuvwx";
        text[place] = '\n';
        Str out = quoted(&arena, (Str){text, 24});
        assert_int_equal(out.len, 24 + 3);
        assert_memory_equal(out.data + 1 + place, "\\n", 2);
    }
}

static void any_bytes_make_json_that_reads_back(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    for (int round = 0; round < 20000; round++) {
        char bytes[40];
        AUTO_JSON json_t *value = NULL;
        arena_reset(&arena);
        random_bytes(bytes, sizeof bytes);
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (char)(bytes[i] ? bytes[i] : 1); /* reading refuses \u0000 */
        check_ok(json_read(quoted(&arena, (Str){bytes, random_u64() % sizeof bytes}), &value));
    }
}

static Str number(Arena *arena, double value)
{
    Buf buf = {.arena = arena};

    json_put_number(&buf, value);
    return buf_str(&buf);
}

static void numbers_are_as_short_as_a_person_would_write_them(void **state)
{
    static const struct {
        double value;
        const char *text;
    } CASES[] = {
        {0, "0"},
        {-0.0, "-0.0"},
        {1, "1"},
        {-12, "-12"},
        {0.1, "0.1"},
        {12.5, "12.5"},
        {-0.05, "-0.05"},
        {0.000001, "0.000001"},
        {1e15, "1000000000000000"},
        {1e22, "1e+22"},
        {0.3, "0.3"},
        {0.1 + 0.2, "0.30000000000000004"},
        {123456.789, "123456.789"},
        {5e-324, "4.94065645841247e-324"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {1.0 / 3, "0.3333333333333333"},
        {100, "100"},
        {1000000, "1000000"},
        {10.01, "10.01"},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        check_text(number(&arena, CASES[i].value), CASES[i].text);
}

static void every_number_reads_back_equal(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    for (int round = 0; round < 300000; round++) {
        uint64_t bits = random_u64();
        double value;
        memcpy(&value, &bits, sizeof value);
        if (round % 3 == 1) /* as prices and scores are */
            value = (double)(int64_t)(bits % 2000000000 - 1000000000) / pow(10, (double)(bits >> 60));
        if (round % 3 == 2)
            value = (double)(bits % 1000) / 7.0;
        if (!isfinite(value))
            continue;
        arena_reset(&arena);
        Str text = number(&arena, value);
        if (strtod(text.data, NULL) != value)
            fail_msg("%.17g is written %s", value, text.data);
    }
}

static void a_number_of_a_flat_object_is_seen_at_a_glance(void **state)
{
    static const struct {
        const char *text;
        JsonPeek seen;
        double value;
    } CASES[] = {
        {"{}", JSON_PEEK_ABSENT, 0},
        {"{\"score\":0.5}", JSON_PEEK_NUMBER, 0.5},
        {"{\"a\":\"score\",\"b\":null,\"score\":-1,\"c\":2}", JSON_PEEK_NUMBER, -1},
        {"{\"a\":\"}, {\",\"score\":7}", JSON_PEEK_NUMBER, 7},
        {"{\"scores\":1,\"a\":1e-5,\"b\":true}", JSON_PEEK_ABSENT, 0},
    };
    double value;

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        value = 0;
        assert_int_equal(json_peek_number(str_from(CASES[i].text), STR("score"), &value), CASES[i].seen);
        assert_true(value == CASES[i].value);
    }
}

/* Where a glance might be wrong it doesn't say anything. */
static void what_isnt_flat_and_plain_is_left_to_be_read(void **state)
{
    static const char *const TEXTS[] = {
        "",
        "1",
        "{",
        "{\"score\"",
        "{\"score\":",
        "{\"score\":1e2}",
        "{\"score\":\"1\"}",
        "{\"score\":null}",
        "{\"a\":{\"score\":1}}",
        "{\"a\":[1],\"score\":1}",
        "{\"a\":\"\\\"\",\"score\":1}",
        "{\"sc\\u006fre\":1}",
        "{ \"score\":1}",
        "{\"score\": 1}",
        "{\"a\":,\"b\":1}",
        "{\"a\":1}}",
        "{\"a\":1",
    };
    double value;

    (void)state;
    for (size_t i = 0; i < COUNT(TEXTS); i++)
        if (json_peek_number(str_from(TEXTS[i]), STR("score"), &value) != JSON_PEEK_UNSURE)
            fail_msg("%s was taken for plain", TEXTS[i]);
}

static void a_string_that_stands_for_itself_is_seen_at_a_glance(void **state)
{
    static const char *const OTHERS[] = {"\"",       "\"abcdefgh", "\"a\\n\"",
                                         "\"a\nb\"", "\"\xff\"",   "\"\xea\xb0\""};
    size_t at = 1;
    Str text;

    (void)state;
    assert_true(json_peek_text(STR("[\"plain \xeb\xa7\x89\xea\xb1\xb8\xeb\xa6\xac here\",1]"), &at, &text));
    check_text(text, "plain \xeb\xa7\x89\xea\xb1\xb8\xeb\xa6\xac here");
    assert_int_equal(at, 23);
    for (size_t i = 0; i < COUNT(OTHERS); i++) {
        at = 0;
        if (json_peek_text(str_from(OTHERS[i]), &at, &text) || at != 0)
            fail_msg("%s was taken for plain", OTHERS[i]);
    }
}

static void times_and_truths_are_written(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf buf = {.arena = &arena};

    (void)state;
    json_put_time(&buf, 1795478324500000);
    json_put_bool(&buf, true);
    json_put_bool(&buf, false);
    check_text(buf_str(&buf), "\"2026-11-23T23:58:44.500000Z\"truefalse");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_rfc_8259_refuses_is_refused_with_its_place),
        cmocka_unit_test(nesting_is_bounded_before_anything_is_built),
        cmocka_unit_test(brackets_in_strings_are_not_nesting),
        cmocka_unit_test(texts_that_never_end_are_refused_and_not_read_past),
        cmocka_unit_test(a_value_is_written_as_it_came),
        cmocka_unit_test(a_value_read_into_an_arena_goes_with_it),
        cmocka_unit_test(strings_are_escaped_wherever_they_need_it),
        cmocka_unit_test(any_bytes_make_json_that_reads_back),
        cmocka_unit_test(numbers_are_as_short_as_a_person_would_write_them),
        cmocka_unit_test(every_number_reads_back_equal),
        cmocka_unit_test(a_number_of_a_flat_object_is_seen_at_a_glance),
        cmocka_unit_test(what_isnt_flat_and_plain_is_left_to_be_read),
        cmocka_unit_test(a_string_that_stands_for_itself_is_seen_at_a_glance),
        cmocka_unit_test(times_and_truths_are_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
