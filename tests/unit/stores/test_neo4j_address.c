#include "check.h"

#include "stores/graph/neo4j/address.h"

static void an_address_is_read_with_what_is_usual_where_nothing_is_said(void **state)
{
    static const struct Example {
        const char *url;
        const char *base_url;
        const char *database;
    } EXAMPLES[] = {
        {"neo4j://localhost", "http://localhost:7474", "neo4j"},
        {"neo4j://localhost/", "http://localhost:7474", "neo4j"},
        {"neo4j://10.0.0.7:17474/world-2", "http://10.0.0.7:17474", "world-2"},
        {"neo4j+s://graph.example", "https://graph.example:7473", "neo4j"},
        {"neo4j://[::1]", "http://[::1]:7474", "neo4j"},
        {"neo4j://[::1]:80/a", "http://[::1]:80", "a"},
    };
    AUTO_ARENA Arena arena = {0};
    Neo4jAddress address;

    (void)state;
    for (size_t i = 0; i < COUNT(EXAMPLES); i++) {
        check_ok(neo4j_address_read(&arena, EXAMPLES[i].url, &address));
        assert_string_equal(address.base_url, EXAMPLES[i].base_url);
        check_text(address.database, EXAMPLES[i].database);
    }
}

static void a_wrong_address_is_refused_with_what_would_be_right(void **state)
{
    static const struct Example {
        const char *url;
        const char *said;
    } EXAMPLES[] = {
        {"neo4j:localhost", "neither neo4j:// nor neo4j+s://"},
        {"neo4j://", "names no host"},
        {"neo4j://:7474", "names no host"},
        {"neo4j://host:0", "port should be 1..65535"},
        {"neo4j://host:65536", "neo4j://localhost:7474 would be right"},
        {"neo4j://host:7474/a/b", "letters, digits, dots and dashes"},
        {"neo4j://host:7474/a?b", "letters, digits, dots and dashes"},
    };
    AUTO_ARENA Arena arena = {0};
    Neo4jAddress address;

    (void)state;
    for (size_t i = 0; i < COUNT(EXAMPLES); i++)
        check_err(neo4j_address_read(&arena, EXAMPLES[i].url, &address), INVALID, EXAMPLES[i].said);
}

static void a_password_in_an_address_is_refused_and_not_repeated(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Neo4jAddress address;
    Err e = neo4j_address_read(&arena, "neo4j://neo4j:secret@localhost:7474", &address);

    (void)state;
    check_err(e, INVALID, "world_graph_password");
    assert_int_equal(str_find(str_from(e.message), STR("secret"), 0), SIZE_MAX);
    assert_int_equal(str_find(str_from(e.detail), STR("secret"), 0), SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_read_with_what_is_usual_where_nothing_is_said),
        cmocka_unit_test(a_wrong_address_is_refused_with_what_would_be_right),
        cmocka_unit_test(a_password_in_an_address_is_refused_and_not_repeated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
