/* What a URL of PostgreSQL says to libpq, and what NERDX adds of its own. */
#include "check.h"

#include <string.h>

#include "stores/sql/postgres_address.h"
#include "stores/sql/postgres_error.h"

static Arena arena;

static int drop_arena(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static PostgresAddress read(const char *address)
{
    PostgresAddress out;

    check_ok(postgres_address_read(&arena, address, &out));
    return out;
}

static const char *value(const PostgresAddress *address, const char *keyword)
{
    for (size_t i = 0; address->keywords[i]; i++)
        if (strcmp(address->keywords[i], keyword) == 0)
            return address->values[i];
    return NULL;
}

static void a_server_elsewhere_must_prove_its_name(void **state)
{
    static const char *const ELSEWHERE[] = {
        "//u@db.example.com/n", "//u@10.0.0.7/n", "//u@localhost,db.example.com/n",
        "//u@localhost/n?hostaddr=10.0.0.7", "//u@localhost.example.com/n"};

    (void)state;
    for (size_t i = 0; i < COUNT(ELSEWHERE); i++) {
        PostgresAddress address = read(ELSEWHERE[i]);
        assert_string_equal(value(&address, "sslmode"), "verify-full");
        assert_non_null(value(&address, "sslrootcert"));
    }
}

static void one_on_this_machine_need_not(void **state)
{
    static const char *const HERE[] = {"//u@localhost/n", "//u@127.0.0.1:5433/n", "///n",
                                       "///n?host=/run/postgresql"};

    (void)state;
    for (size_t i = 0; i < COUNT(HERE); i++) {
        PostgresAddress address = read(HERE[i]);
        assert_null(value(&address, "sslmode"));
    }
}

static void what_the_url_says_wins(void **state)
{
    PostgresAddress address = read("//u@db.example.com/n?sslmode=disable&connect_timeout=9");

    (void)state;
    assert_string_equal(value(&address, "sslmode"), "disable");
    assert_null(value(&address, "sslrootcert"));
    assert_string_equal(value(&address, "connect_timeout"), "9");
    assert_string_equal(value(&address, "keepalives_idle"), "2");
}

static void what_is_shown_has_no_password(void **state)
{
    PostgresAddress address = read("//u:secret@db.example.com:5433/n#agents");

    (void)state;
    assert_string_equal(address.shown, "db.example.com:5433/n#agents");
    assert_string_equal(address.schema, "agents");
    assert_string_equal(value(&address, "password"), "secret");
}

static void a_wrong_url_is_refused_without_quoting_it(void **state)
{
    static const char *const WRONG[] = {"//u:secret@h/n?nonsense=1",
                                        "//u:secret@h/n#",
                                        "//u:secret@h/n#Agents",
                                        "//u:secret@h/n#a\"b",
                                        "//u:secret@h/n?%zz=1",
                                        "//u:secret@h/n#a?connections=0",
                                        "//u:secret@h/n#a?connections=1025",
                                        "//u:secret@h/n#a?connections=",
                                        "//u:secret@h/n#a?pool=3",
                                        "//u:secret@h/n#?connections=3"};

    (void)state;
    for (size_t i = 0; i < COUNT(WRONG); i++) {
        PostgresAddress address;
        Err e = postgres_address_read(&arena, WRONG[i], &address);
        assert_int_equal(e.code, INVALID);
        assert_null(strstr(e.message, "secret"));
        assert_null(strstr(e.detail, "secret"));
    }
}

static void without_a_fragment_the_schema_is_public(void **state)
{
    (void)state;
    assert_string_equal(read("//u@localhost/n").schema, "public");
}

static void how_many_connections_there_may_be_stands_behind_the_schema(void **state)
{
    PostgresAddress address = read("//u@localhost/n#agents?connections=32");

    (void)state;
    assert_string_equal(address.schema, "agents");
    assert_int_equal(address.connections, 32);
    assert_int_equal(read("//u@localhost/n#agents").connections, POSTGRES_CONNECTIONS);
}

static void a_refusal_is_told_by_its_code_in_any_language(void **state)
{
    static const struct {
        const char *said;
        const char *state;
    } REFUSALS[] = {
        {"connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  28P01: password authentication "
         "failed",
         "28P01"},
        {"Verbindung fehlgeschlagen: SCHWERWIEGEND:  3D000: Datenbank existiert nicht", "3D000"},
        {"connection to server failed: Connection refused\n\tIs the server running?", ""},
        {"FATAL:  database 28P01: is no code", ""},
        {"FATAL:  28P0", ""},
    };
    char found[6];

    (void)state;
    for (size_t i = 0; i < COUNT(REFUSALS); i++) {
        postgres_state_in(REFUSALS[i].said, found);
        assert_string_equal(found, REFUSALS[i].state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_server_elsewhere_must_prove_its_name, drop_arena),
        cmocka_unit_test_teardown(one_on_this_machine_need_not, drop_arena),
        cmocka_unit_test_teardown(what_the_url_says_wins, drop_arena),
        cmocka_unit_test_teardown(what_is_shown_has_no_password, drop_arena),
        cmocka_unit_test_teardown(a_wrong_url_is_refused_without_quoting_it, drop_arena),
        cmocka_unit_test_teardown(without_a_fragment_the_schema_is_public, drop_arena),
        cmocka_unit_test_teardown(how_many_connections_there_may_be_stands_behind_the_schema, drop_arena),
        cmocka_unit_test_teardown(a_refusal_is_told_by_its_code_in_any_language, drop_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
