/* What goes to Neo4j as properties of its own, and what comes back as Jolt. */
#include "check.h"

#include "stores/graph/cypher/engine/value_json.h"
#include "stores/graph/neo4j/jolt.h"
#include "stores/graph/neo4j/native.h"

static Str native(Arena *arena, const char *properties, Str id, NativeNames *odd)
{
    Buf buf = {.arena = arena};

    buf_put_char(&buf, '{');
    check_ok(native_put(&buf, str_from(properties), id, odd, arena));
    return buf_str(&buf);
}

static void what_neo4j_keeps_as_it_is_is_given_to_it(void **state)
{
    AUTO_ARENA Arena arena = {0};
    NativeNames odd = {0};

    (void)state;
    check_text(
        native(&arena,
               "{\"a\":1,\"b\":1.0,\"c\":\"쌀\",\"d\":true,\"e\":[1,2],\"f\":[1.0,2.5],\"g\":[],\"h\":null,"
               "\"i\":[true,false],\"id\":7}",
               STR("rice"), &odd),
        "{,\"id\":\"rice\",\"a\":1,\"b\":1.0,\"c\":\"쌀\",\"d\":true,\"e\":[1,2],\"f\":[1.0,2.5],\"g\":[],"
        "\"i\":[true,false]");
    assert_int_equal(odd.count, 0);
    check_text(native(&arena, "{\"id\":7}", (Str){0}, &odd), "{,\"id\":7");
}

static void what_it_cannot_keep_is_named(void **state)
{
    AUTO_ARENA Arena arena = {0};
    NativeNames odd = {0};
    Buf names = {.arena = &arena};

    (void)state;
    check_text(
        native(
            &arena,
            "{\"map\":{},\"mixed\":[1,2.0],\"nested\":[[1]],\"_ours\":1,\"\":1,\"gap\":[1,null],\"fine\":2}",
            (Str){0}, &odd),
        "{,\"fine\":2");
    native_names_put(&odd, &names);
    check_text(buf_str(&names), "[\"map\",\"mixed\",\"nested\",\"_ours\",\"\",\"gap\"]");
    assert_true(odd.changed);
    native_names_finish(&odd);
}

static void a_name_is_what_sqlite_would_show(void **state)
{
    static const char *const pairs[][2] = {
        {"{\"name\":\"Rice\",\"title\":\"T\"}", "Rice"},
        {"{\"name\":null,\"title\":\"T\"}", "T"},
        {"{\"x\":1}", "key"},
        {"{\"name\":12}", "12"},
        {"{\"name\":true}", "1"},
        {"{\"name\":[1,\"a\"]}", "[1,\"a\"]"},
    };
    AUTO_ARENA Arena arena = {0};
    Str name;

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        check_ok(native_name(&arena, str_from(pairs[i][0]), STR("key"), &name));
        check_text(name, pairs[i][1]);
    }
}

static Str jolt(Arena *arena, const char *data)
{
    AUTO_JOLT JoltAnswer answer = {0};
    Buf buf = {.arena = arena};
    Str lines = str_format(
        arena, "{\"header\":{\"fields\":[\"x\"]}}\n{\"data\":[%s]}\n{\"summary\":{}}\n{\"info\":{}}\n", data);

    check_ok(jolt_read(arena, lines, 1, &answer));
    assert_int_equal(answer.statements[0].count, 1);
    value_put_json(&buf, answer.statements[0].items[0][0]);
    return buf_str(&buf);
}

#define NODE(id, key)                                               \
    "{\"()\":[\"" id "\",[\"_Node\",\"A\"],{\"_key\":{\"U\":\"" key \
    "\"},\"_labels\":{\"U\":\"[\\\"A\\\"]\"},"                      \
    "\"_properties\":{\"U\":\"{\\\"x\\\":1.0}\"},\"x\":{\"R\":\"1.0\"}}]}"

static void every_kind_of_value_is_read(void **state)
{
    static const char *const pairs[][2] = {
        {"null", "null"},
        {"{\"Z\":\"-7\"}", "-7"},
        {"{\"R\":\"9223372036854775807\"}", "9223372036854775807"},
        {"{\"R\":\"1.0\"}", "1.0"},
        {"{\"R\":\"1.0E10\"}", "10000000000.0"},
        {"{\"R\":\"NaN\"}", "\"NaN\""},
        {"{\"R\":\"-Infinity\"}", "\"-Infinity\""},
        {"{\"U\":\"a\\nb\"}", "\"a\\nb\""},
        {"{\"?\":\"true\"}", "true"},
        {"{\"[]\":[{\"Z\":\"1\"},{\"[]\":[]}]}", "[1,[]]"},
        {"[1,2.5,{\"U\":\"x\"},true]", "[1,2.5,\"x\",true]"},
        {"{\"{}\":{\"b\":{\"Z\":\"1\"},\"a\":null}}", "{\"a\":null,\"b\":1}"},
        {NODE("4:0", "rice"),
         "{\"key\":\"rice\",\"labels\":[\"A\"],\"properties\":{\"id\":\"rice\",\"x\":1.0}}"},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++)
        check_text(jolt(&arena, pairs[i][0]), pairs[i][1]);
}

static void a_path_walked_backwards_keeps_its_ends(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Str path = jolt(&arena,
                    "{\"..\":[" NODE("4:0", "a") ",{\"<-\":[\"5:0\",\"4:0\",\"HAS\",\"4:1\",{\"_properties\":"
                                                 "{\"U\":\"{}\"}}]}," NODE("4:1", "b") "]}");

    (void)state;
    assert_true(str_find(path, STR("{\"type\":\"HAS\",\"from\":\"b\",\"to\":\"a\",\"properties\":{}}"), 0) !=
                SIZE_MAX);
}

static void what_is_not_jolt_of_ours_is_not_read(void **state)
{
    static const char *const wrong[] = {
        "{\"data\":[null]}",
        "<html>",
        "{\"header\":{}}\n{\"data\":[{\"T\":\"2026-01-01\"}]}",
        "{\"header\":{}}\n{\"data\":[{\"()\":[\"4:0\",[\"X\"],{}]}]}",
        "{\"header\":{}}\n{\"header\":{}}",
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        AUTO_JOLT JoltAnswer answer = {0};

        check_err(jolt_read(&arena, str_from(wrong[i]), 1, &answer), UNSUPPORTED, "");
    }
}

static void an_error_is_told_with_its_code(void **state)
{
    AUTO_ARENA Arena arena = {0};
    AUTO_JOLT JoltAnswer answer = {0};

    (void)state;
    check_ok(jolt_read(
        &arena,
        STR("{\"header\":{}}\n{\"error\":{\"errors\":[{\"code\":{\"U\":\"Neo.X\"},\"message\":{\"U\":"
            "\"why\"}}]}}"),
        1, &answer));
    assert_true(answer.failed);
    check_text(answer.code, "Neo.X");
    check_text(answer.message, "why");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_neo4j_keeps_as_it_is_is_given_to_it),
        cmocka_unit_test(what_it_cannot_keep_is_named),
        cmocka_unit_test(a_name_is_what_sqlite_would_show),
        cmocka_unit_test(every_kind_of_value_is_read),
        cmocka_unit_test(a_path_walked_backwards_keeps_its_ends),
        cmocka_unit_test(what_is_not_jolt_of_ours_is_not_read),
        cmocka_unit_test(an_error_is_told_with_its_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
