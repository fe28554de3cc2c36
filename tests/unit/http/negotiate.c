#include "check.h"

#include "http/negotiate.h"

typedef struct Case {
    const char *accept;
    const char *wanted;
    int weight;
} Case;

static void the_most_specific_media_range_decides(void **state)
{
    static const Case CASES[] = {
        {"", "application/json", 1000},
        {"application/json", "application/json", 1000},
        {"Application/JSON", "application/json", 1000},
        {"text/html", "application/json", 0},
        {"*/*", "application/json", 1000},
        {"*/*;q=0.1", "application/json", 100},
        {"application/*;q=0.5, */*;q=0.1", "application/json", 500},
        {"application/json;q=0, */*", "application/json", 0},
        {"*/*, application/json;q=0", "application/json", 0},
        {"text/event-stream, application/json;q=0.9", "text/event-stream", 1000},
        {"application/json ; q=0.25", "application/json", 250},
        {"application/json;charset=utf-8;q=0.3", "application/json", 300},
        {",, ,application/json", "application/json", 1000},
        {"application/", "application/json", 0},
        {"appl*/*", "application/json", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(accept_weight(str_from(CASES[i].accept), str_from(CASES[i].wanted)),
                         CASES[i].weight);
    assert_int_equal(accept_weight((Str){0}, STR("application/json")), 1000);
}

static void codings_are_weighed(void **state)
{
    static const Case CASES[] = {
        {"gzip", "gzip", 1000},
        {"gzip", "identity", 1},
        {"", "gzip", 0},
        {"", "identity", 1000},
        {"gzip;q=0", "gzip", 0},
        {"*;q=0.5", "gzip", 500},
        {"*;q=0", "identity", 0},
        {"*;q=0, identity;q=0.2", "identity", 200},
        {"br, gzip;q=0.8", "gzip", 800},
        {"identity;q=1, gzip;q=0.5", "gzip", 500},
        {"deflate", "gzip", 0},
        {"GZIP;Q=0.7", "gzip", 700},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(accept_encoding_weight(str_from(CASES[i].accept), str_from(CASES[i].wanted)),
                         CASES[i].weight);
}

static void a_weight_out_of_range_makes_its_entry_void(void **state)
{
    static const char *const BAD[] = {"2",    "1.5",   "-0.5", "0.1234", "1.001",  ".5",
                                      "0,5x", "0.5.5", "",     "q",      "1.0001", "00.5"};

    (void)state;
    for (size_t i = 0; i < COUNT(BAD); i++) {
        AUTO_ARENA Arena arena = {0};
        Str accept = str_format(&arena, "gzip;q=%s", BAD[i]);
        assert_int_equal(accept_encoding_weight(accept, STR("gzip")), 0);
    }
    assert_int_equal(accept_encoding_weight(STR("gzip;q=1.000"), STR("gzip")), 1000);
    assert_int_equal(accept_encoding_weight(STR("gzip;q=0.001"), STR("gzip")), 1);
}

static void json_is_json_whatever_its_parameters_but_never_in_another_charset(void **state)
{
    (void)state;
    assert_true(media_type_is(STR("application/json"), STR("application/json")));
    assert_true(media_type_is(STR("application/json; charset=UTF-8"), STR("application/json")));
    assert_true(media_type_is(STR("APPLICATION/JSON;a=b"), STR("application/json")));
    assert_false(media_type_is(STR("application/json; charset=latin1"), STR("application/json")));
    assert_false(media_type_is(STR("application/jsonp"), STR("application/json")));
    assert_false(media_type_is((Str){0}, STR("application/json")));
}

static void a_validator_is_found_in_its_list(void **state)
{
    (void)state;
    assert_true(etag_matches(STR("\"a\""), STR("a")));
    assert_true(etag_matches(STR("W/\"a\""), STR("a")));
    assert_true(etag_matches(STR("\"x\", \"a\""), STR("a")));
    assert_true(etag_matches(STR("*"), STR("a")));
    assert_false(etag_matches(STR("a"), STR("a")));
    assert_false(etag_matches(STR("\"ab\""), STR("a")));
    assert_false(etag_matches(STR("\""), STR("")));
    assert_false(etag_matches((Str){0}, STR("a")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_specific_media_range_decides),
        cmocka_unit_test(codings_are_weighed),
        cmocka_unit_test(a_weight_out_of_range_makes_its_entry_void),
        cmocka_unit_test(json_is_json_whatever_its_parameters_but_never_in_another_charset),
        cmocka_unit_test(a_validator_is_found_in_its_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
