#include "check.h"

#include <string.h>

#include "base/yaml.h"

static void check_reads_as(const char *yaml, const char *expected)
{
    AUTO_ARENA Arena arena = {0};
    AUTO_JSON json_t *value = NULL;

    check_ok(yaml_read(str_from(yaml), &value));
    check_text(json_text(&arena, value), expected);
}

static void plain_scalars_follow_the_core_schema(void **state)
{
    static const char *const CASES[][2] = {
        {"12", "12"},
        {"-7", "-7"},
        {"+7", "7"},
        {"0o17", "15"},
        {"0xff", "255"},
        {"1.5", "1.5"},
        {".5", "0.5"},
        {"1.", "1"},
        {"1e3", "1000"},
        {"-1.5E-2", "-0.015"},
        {"true", "true"},
        {"False", "false"},
        {"null", "null"},
        {"~", "null"},
        {"", "null"},
        {"yes", "\"yes\""},
        {"no", "\"no\""},
        {"on", "\"on\""},
        {"1.2.3", "\"1.2.3\""},
        {"tRUE", "\"tRUE\""},
        {"0o8", "\"0o8\""},
        {"0x", "\"0x\""},
        {"e3", "\"e3\""},
        {"1e", "\"1e\""},
        {".", "\".\""},
        {"-", "[null]"},
        {"+", "\"+\""},
        {".inf", "\".inf\""},
        {"1_000", "\"1_000\""},
        {"2026-11-23", "\"2026-11-23\""},
        {"술 12도", "\"술 12도\""},
        {"12 %", "\"12 %\""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        check_reads_as(CASES[i][0], CASES[i][1]);
}

static void quoted_and_block_scalars_stay_text(void **state)
{
    (void)state;
    check_reads_as("['12', \"true\", 'null', \"a\\tb\"]", "[\"12\",\"true\",\"null\",\"a\\tb\"]");
    check_reads_as("a: |\n  12\nb: >\n  one\n  two\n", "{\"a\":\"12\\n\",\"b\":\"one two\\n\"}");
}

static void maps_and_lists_nest_in_both_styles_and_keep_their_order(void **state)
{
    (void)state;
    check_reads_as("id: x\nname: {en: A, ko: 가}\ntags: [1, b]\nlist:\n  - type: T\n    to: y\n  -\nempty:\n",
                   "{\"id\":\"x\",\"name\":{\"en\":\"A\",\"ko\":\"가\"},\"tags\":[1,\"b\"],"
                   "\"list\":[{\"type\":\"T\",\"to\":\"y\"},null],\"empty\":null}");
    check_reads_as("# only a comment\n", "null");
    check_reads_as("---\na: 1\n", "{\"a\":1}");
    check_reads_as("1: one\ntrue: yes\n", "{\"1\":\"one\",\"true\":\"yes\"}");
}

static void what_content_must_not_use_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text;
        const char *says;
    } CASES[] = {
        {"a: &x 1\n", "line 1: anchor &x"},
        {"a: 1\nb: *x\n", "line 2: alias *x"},
        {"a: 1\nb: !!str 2\n", "line 2: tag"},
        {"a: !own [1]\n", "line 1: tag"},
        {"a: &x {}\n", "line 1: anchor"},
        {"a: 1\nb: 2\na: 3\n", "line 3: the key a is there twice"},
        {"a: 1\n---\nb: 2\n", "a second document begins"},
        {"? [1]\n: 2\n", "line 1: a key must be a word"},
        {"a: 1\n  b: 2\n", "line 2: mapping values are not allowed"},
        {"a: [1\n", "line 2"},
        {"a: \"x\n", "line"},
        {"a: 99999999999999999999\n", "line 1: 99999999999999999999 is larger than a 64-bit number"},
        {"a: 1e999\n", "line 1: 1e999 is larger"},
        {"a: \"\\0\"\n", "line 1: the character \\0"},
        {"a:\t1\n\tb: 2\n", "line 2"},
        {"a: \xff\n", "line"},
        {"a: \xed\xa0\x80\n", "line"},
        {"%YAML 1.1\n", "line"},
    };
    json_t *value;

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        check_err(yaml_read(str_from(CASES[i].text), &value), INVALID, CASES[i].says);
        assert_null(value);
    }
}

static void depth_and_size_are_bounded(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf deep = {.arena = &arena};
    json_t *value;

    (void)state;
    for (int i = 0; i < 100000; i++)
        buf_put_char(&deep, '[');
    check_err(yaml_read(buf_str(&deep), &value), INVALID, "line 1: nested deeper than 32 levels");
    char *large = arena_alloc(&arena, YAML_MAX_BYTES + 1);
    memset(large, 'a', YAML_MAX_BYTES + 1);
    check_err(yaml_read((Str){large, YAML_MAX_BYTES + 1}, &value), TOO_LARGE, "bytes of YAML");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_scalars_follow_the_core_schema),
        cmocka_unit_test(quoted_and_block_scalars_stay_text),
        cmocka_unit_test(maps_and_lists_nest_in_both_styles_and_keep_their_order),
        cmocka_unit_test(what_content_must_not_use_is_refused_with_its_line),
        cmocka_unit_test(depth_and_size_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
