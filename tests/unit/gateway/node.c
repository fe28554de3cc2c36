/* What processes of a fleet show each other: good for one question, half a minute, and who knows the secret. */
#include "check.h"

#include "gateway/node.h"

#define SECRET "thirty-two bytes or more of a secret"
#define NOBODY_ELSE "This is no pass of a node of ours."

enum { PASS_ROOM = 512, SCHEME = 11 };
static const int64_t NOW_US = INT64_C(1764158400000000);
static const int64_t SECOND_US = 1000000;

static const Identity VISITOR = {.subject = {.data = "u-1.%2f", .len = 7},
                                 .permissions = 0x8000000000000005,
                                 .session = {.data = "s", .len = 1},
                                 .proved_at_s = 1764158000,
                                 .kind = IDENTITY_MEMBER};

/* What the visitor's node shows for GET /a?b=c at NOW_US. */
static const char *pass_of(const Identity *identity)
{
    static char pass[PASS_ROOM];
    AUTO_ARENA Arena arena = {0};
    ManualClock clock;

    arena_init(&arena);
    manual_clock_init(&clock, NOW_US);
    const NodePolicy policy = {STR(SECRET), &clock.clock};
    (void)snprintf(pass, sizeof pass, "%s",
                   node_pass(&policy, &arena, identity, STR("GET"), STR("/a?b=c")) + SCHEME);
    return pass;
}

static Err read_at(int64_t later_us, const char *secret, const char *pass, const char *method,
                   const char *target)
{
    AUTO_ARENA Arena arena = {0};
    ManualClock clock;
    Identity found;

    arena_init(&arena);
    manual_clock_init(&clock, NOW_US + later_us);
    const NodePolicy policy = {secret ? str_from(secret) : (Str){0}, &clock.clock};
    return node_pass_read(&policy, &arena, str_from(pass), str_from(method), str_from(target), &found);
}

static void who_calls_arrives_as_they_were(void **state)
{
    AUTO_ARENA Arena arena = {0};
    ManualClock clock;
    Identity found;

    (void)state;
    arena_init(&arena);
    manual_clock_init(&clock, NOW_US);
    const NodePolicy policy = {STR(SECRET), &clock.clock};
    check_ok(node_pass_read(&policy, &arena, str_from(pass_of(&VISITOR)), STR("GET"), STR("/a?b=c"), &found));
    check_text(found.subject, "u-1.%2f");
    check_text(found.session, "s");
    assert_true(found.permissions == VISITOR.permissions && found.proved_at_s == VISITOR.proved_at_s);
    assert_int_equal(found.kind, IDENTITY_MEMBER);
    check_ok(node_pass_read(&policy, &arena, str_from(pass_of(&(Identity){0})), STR("GET"), STR("/a?b=c"),
                            &found));
    assert_null(found.subject.data);
}

static void it_is_good_for_its_question_and_half_a_minute(void **state)
{
    const char *pass = pass_of(&VISITOR);

    (void)state;
    check_ok(read_at(30 * SECOND_US, SECRET, pass, "GET", "/a?b=c"));
    check_err(read_at(31 * SECOND_US, SECRET, pass, "GET", "/a?b=c"), UNAUTHORIZED, NOBODY_ELSE);
    check_err(read_at(0, SECRET, pass, "DELETE", "/a?b=c"), UNAUTHORIZED, NOBODY_ELSE);
    check_err(read_at(0, SECRET, pass, "GET", "/a?b=d"), UNAUTHORIZED, NOBODY_ELSE);
    check_err(read_at(0, SECRET, pass, "GET", "/a"), UNAUTHORIZED, NOBODY_ELSE);
}

static void who_does_not_know_the_secret_is_nobody(void **state)
{
    const char *pass = pass_of(&VISITOR);

    (void)state;
    check_err(read_at(0, SECRET "!", pass, "GET", "/a?b=c"), UNAUTHORIZED, NOBODY_ELSE);
    check_err(read_at(0, NULL, pass, "GET", "/a?b=c"), UNAUTHORIZED, NOBODY_ELSE);
}

static void no_byte_of_it_may_be_another(void **state)
{
    char pass[PASS_ROOM];
    size_t len = (size_t)snprintf(pass, sizeof pass, "%s", pass_of(&VISITOR));

    (void)state;
    for (size_t i = 0; i < len; i++) {
        char was = pass[i];
        pass[i] = was == '0' ? '1' : '0';
        check_err(read_at(0, SECRET, pass, "GET", "/a?b=c"), UNAUTHORIZED, NOBODY_ELSE);
        pass[i] = was;
    }
    for (size_t i = 0; i < len; i++) {
        pass[len - 1 - i] = '\0';
        check_err(read_at(0, SECRET, pass, "GET", "/a?b=c"), UNAUTHORIZED, NOBODY_ELSE);
    }
}

static void a_short_secret_is_refused(void **state)
{
    (void)state;
    check_err(node_policy_check(&(NodePolicy){STR("short"), NULL}), INVALID, "has 5 bytes and must have 32");
    check_ok(node_policy_check(&(NodePolicy){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_calls_arrives_as_they_were),
        cmocka_unit_test(it_is_good_for_its_question_and_half_a_minute),
        cmocka_unit_test(who_does_not_know_the_secret_is_nobody),
        cmocka_unit_test(no_byte_of_it_may_be_another),
        cmocka_unit_test(a_short_secret_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
