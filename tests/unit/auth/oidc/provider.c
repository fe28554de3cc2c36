/* Providers: what the operator's file adds to what is known, and what is wrong with it. */
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "services/auth/oidc/provider.h"

#define KNOWN                                                                                            \
    "one: {title: One, issuer: 'https://one.example', scope: openid, subject: sub}\n"                    \
    "two: {title: Two, issuer: 'https://two.example', authorization_endpoint: 'https://two.example/a', " \
    "token_endpoint: 'https://two.example/t', userinfo_endpoint: 'https://two.example/u', subject: "     \
    "response.id}\n"

static char *environment(const char *name)
{
    static char secret[] = "hush";

    return strcmp(name, "ONE_SECRET") == 0 ? secret : NULL;
}

static void only_those_with_a_client_are_offered(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Providers found;

    (void)state;
    check_ok(providers_read(&arena, STR(KNOWN), STR(""), environment, &found));
    assert_int_equal(found.count, 0);
    check_ok(providers_read(&arena, STR(KNOWN), STR("one: {client_id: me, client_secret_env: ONE_SECRET}\n"),
                            environment, &found));
    assert_int_equal(found.count, 1);
    assert_null(providers_find(&found, STR("two")));
    const Provider *one = providers_find(&found, STR("one"));
    check_text(one->title, "One");
    check_text(one->client_id, "me");
    check_text(one->client_secret, "hush");
    assert_true(provider_is_oidc(one));
}

static void a_secret_comes_from_its_file(void **state)
{
    AUTO_ARENA Arena arena = {0};
    char path[] = "/tmp/oidc-secret-XXXXXX";
    Providers found;

    (void)state;
    assert_int_equal(close(mkstemp(path)), 0);
    check_put_file(path, STR("of the file\n"));
    Str file = str_format(&arena, "two: {client_id: me, client_secret_file: '%s'}\n", path);
    check_ok(providers_read(&arena, STR(KNOWN), file, environment, &found));
    check_text(providers_find(&found, STR("two"))->client_secret, "of the file");
    assert_false(provider_is_oidc(providers_find(&found, STR("two"))));
    (void)unlink(path);
}

static void the_operator_may_add_and_replace(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Providers found;

    (void)state;
    check_ok(providers_read(
        &arena, STR(KNOWN),
        STR("one: {client_id: me, scope: openid email}\n"
            "ours: {client_id: us, issuer: 'http://127.0.0.1:4000', scope: openid, subject: sub}\n"),
        environment, &found));
    check_text(providers_find(&found, STR("one"))->scope, "openid email");
    check_text(providers_find(&found, STR("ours"))->title, "ours");
}

static void what_is_wrong_is_named(void **state)
{
    static const struct Row {
        const char *file;
        const char *said;
    } ROWS[] = {
        {"one: {client_id: me, client_secret: hush}", "provider one: client_secret: no member"},
        {"one: {client_id: me, client_secret_env: NO_SUCH}", "provider one: the environment has no NO_SUCH"},
        {"one: {client_id: me, client_secret_file: /nowhere/at/all}", "/nowhere/at/all"},
        {"one: {client_id: 7}", "provider one: client_id: must be a text"},
        {"one: {issuer: 'http://one.example'}", "provider one: issuer: http:// only leads"},
        {"one: {scope: email}", "provider one: scope: must have openid"},
        {"one: {token_endpoint: 'https://one.example/t'}", "all three"},
        {"one: 7", "provider one: must have members"},
        {"new: {client_id: me}", "provider new: issuer: must be there"},
        {"New Wave: {client_id: me, issuer: 'https://n.example', subject: sub, scope: openid}",
         "a name has 1 to 32"},
        {"- one", "must have a member for each provider"},
    };
    AUTO_ARENA Arena arena = {0};
    Providers found;

    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        Err e = providers_read(&arena, STR(KNOWN), str_from(ROWS[i].file), environment, &found);

        if (!failed(&e) || strstr(e.message, ROWS[i].said) == NULL)
            fail_msg("%s: %s", ROWS[i].file, e.message);
    }
}

/* content/auth/providers.yaml itself, given by the build. */
static void what_the_program_knows_is_whole(void **state)
{
    AUTO_ARENA Arena arena = {0};
    static const char *const NAMES[] = {"google", "kakao", "naver", "apple"};
    Providers found;
    Str known;

    (void)state;
    check_ok(file_read(&arena, PROVIDERS_FILE, 1 << 20, &known));
    check_ok(providers_read(
        &arena, known,
        STR("google: {client_id: a}\nkakao: {client_id: a}\nnaver: {client_id: a}\napple: {client_id: a}\n"),
        environment, &found));
    assert_int_equal(found.count, COUNT(NAMES));
    for (size_t i = 0; i < COUNT(NAMES); i++)
        assert_int_equal(provider_is_oidc(providers_find(&found, str_from(NAMES[i]))),
                         strcmp(NAMES[i], "naver") != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_those_with_a_client_are_offered),
        cmocka_unit_test(a_secret_comes_from_its_file),
        cmocka_unit_test(the_operator_may_add_and_replace),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(what_the_program_knows_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
