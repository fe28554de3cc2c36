#include "check.h"

#include "http/target.h"

static ErrCode parse(const char *method, const char *text, Target *out)
{
    return target_parse(str_from(method), str_from(text), STR("host:80"), out).code;
}

static void the_four_forms_of_a_target_are_told_apart(void **state)
{
    Target target;

    (void)state;
    assert_int_equal(parse("GET", "/a/b?c=d?e", &target), NO_ERROR);
    check_text(target.path, "/a/b");
    check_text(target.query, "c=d?e");
    assert_int_equal(parse("GET", "http://HOST:80/a", &target), NO_ERROR);
    check_text(target.path, "/a");
    assert_int_equal(parse("GET", "http://host:80?q", &target), NO_ERROR);
    check_text(target.path, "/");
    check_text(target.query, "q");
    assert_int_equal(parse("OPTIONS", "*", &target), NO_ERROR);
    assert_int_equal(parse("GET", "*", &target), INVALID);
    assert_int_equal(parse("CONNECT", "host:80", &target), INVALID);
    assert_int_equal(parse("GET", "http://other/a", &target), INVALID);
    assert_int_equal(parse("GET", "http://user@host:80/a", &target), INVALID);
    assert_int_equal(parse("GET", "", &target), INVALID);
}

static void what_must_be_encoded_is_refused(void **state)
{
    static const char *const BAD[] = {"/a b", "/\x01", "/a#b", "/\"", "/<", "/>", "/\\", "/한", "/\x7f"};
    Target target;

    (void)state;
    for (size_t i = 0; i < COUNT(BAD); i++)
        assert_int_equal(parse("GET", BAD[i], &target), INVALID);
    assert_int_equal(parse("GET", "/a-._~!$&'()*+,;=:@%20?[]{}|^`/", &target), NO_ERROR);
}

static void segments_of_dots_are_refused_in_every_spelling(void **state)
{
    static const char *const BAD[] = {"/..",     "/.",      "/a/../b", "/a/./b",
                                      "/%2e%2E", "/.%2e/a", "/%2E",    "/a/.."};
    static const char *const GOOD[] = {"/...", "/.a", "/a.", "/..a", "/%2e%2e%2e", "/a?..", "/a?b=/../"};
    Target target;

    (void)state;
    for (size_t i = 0; i < COUNT(BAD); i++)
        assert_int_equal(parse("GET", BAD[i], &target), INVALID);
    for (size_t i = 0; i < COUNT(GOOD); i++)
        assert_int_equal(parse("GET", GOOD[i], &target), NO_ERROR);
}

static void escapes_are_decoded_or_refused(void **state)
{
    static const struct {
        const char *text;
        const char *decoded; /* NULL: refused */
    } CASES[] = {
        {"a", "a"},       {"", ""},      {"%41%62", "Ab"}, {"%ED%95%9C", "한"}, {"a%2Fb", "a/b"},
        {"a+b", "a b"},   {"%2B", "+"},  {"%", NULL},      {"%4", NULL},        {"%4g", NULL},
        {"%00", NULL},    {"%ff", NULL}, {"%C0%AF", NULL}, {"%ED%A0%80", NULL}, {"%F4%90%80%80", NULL},
        {"%ED%95", NULL}, {"%%41", NULL}};

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        AUTO_ARENA Arena arena = {0};
        Str out;
        Err e = target_decode(&arena, str_from(CASES[i].text), true, &out);
        assert_int_equal(e.code, CASES[i].decoded ? NO_ERROR : INVALID);
        if (CASES[i].decoded)
            check_text(out, CASES[i].decoded);
    }
}

static void parameters_come_in_order_doubles_kept(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Params params;

    (void)state;
    Err e = target_parse_query(&arena, STR("a=1&&b=%26&a=2&c&=d&e=f=g"), &params);
    assert_int_equal(e.code, NO_ERROR);
    static const char *const PAIRS[][2] = {{"a", "1"}, {"b", "&"}, {"a", "2"},
                                           {"c", ""},  {"", "d"},  {"e", "f=g"}};
    assert_int_equal(params.count, COUNT(PAIRS));
    for (size_t i = 0; i < COUNT(PAIRS); i++) {
        check_text(params.items[i].name, PAIRS[i][0]);
        check_text(params.items[i].value, PAIRS[i][1]);
    }
}

static void too_many_parameters_are_refused(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf query = {.arena = &arena};
    Params params;

    (void)state;
    for (int i = 0; i < TARGET_MAX_PARAMS - 1; i++)
        buf_put(&query, STR("a&"));
    assert_int_equal(target_parse_query(&arena, buf_str(&query), &params).code, NO_ERROR);
    buf_put(&query, STR("a&a"));
    assert_int_equal(target_parse_query(&arena, buf_str(&query), &params).code, INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_four_forms_of_a_target_are_told_apart),
        cmocka_unit_test(what_must_be_encoded_is_refused),
        cmocka_unit_test(segments_of_dots_are_refused_in_every_spelling),
        cmocka_unit_test(escapes_are_decoded_or_refused),
        cmocka_unit_test(parameters_come_in_order_doubles_kept),
        cmocka_unit_test(too_many_parameters_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
