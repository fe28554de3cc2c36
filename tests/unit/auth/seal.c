/* Secrets that lie in the store sealed. */
#include "check.h"

#include <string.h>

#include "services/auth/seal.h"

#define KEY STR("0123456789abcdef0123456789abcdef")

static void what_was_sealed_opens_for_whom_it_was_sealed(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Str plain, sealed;
    Seal seal;

    (void)state;
    check_ok(seal_init(&seal, KEY, NULL));
    sealed = seal_close(&seal, &arena, STR("secret"), STR("somebody"));
    assert_int_equal(str_find(sealed, STR("secret"), 0), SIZE_MAX);
    check_ok(seal_open(&seal, &arena, sealed, STR("somebody"), &plain));
    check_text(plain, "secret");
    assert_false(str_equal(sealed, seal_close(&seal, &arena, STR("secret"), STR("somebody"))));
}

static void it_opens_for_nobody_else_and_under_no_other_key(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Seal seal, other;
    Str plain, sealed;

    (void)state;
    check_ok(seal_init(&seal, KEY, NULL));
    check_ok(seal_init(&other, STR("another key of thirty-two bytes!"), NULL));
    sealed = seal_close(&seal, &arena, STR("secret"), STR("somebody"));
    check_err(seal_open(&seal, &arena, sealed, STR("somebody else"), &plain), UNAVAILABLE, "");
    check_err(seal_open(&other, &arena, sealed, STR("somebody"), &plain), UNAVAILABLE, "");
}

static void another_key_opens_what_the_previous_one_closed_and_closes_it_anew(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Seal before, after, alone;
    Str plain, sealed, renewed;

    (void)state;
    check_ok(seal_init(&before, KEY, NULL));
    check_ok(seal_init(&after, STR("another key of thirty-two bytes!"), NULL));
    check_ok(seal_init(&alone, STR("another key of thirty-two bytes!"), NULL));
    check_ok(seal_read_previous(&after, KEY));
    sealed = seal_close(&before, &arena, STR("secret"), STR("somebody"));
    check_ok(seal_open(&after, &arena, sealed, STR("somebody"), &plain));
    check_ok(seal_renew(&after, &arena, sealed, STR("somebody"), &renewed));
    check_ok(seal_open(&alone, &arena, renewed, STR("somebody"), &plain));
    check_text(plain, "secret");
    check_ok(seal_renew(&after, &arena, renewed, STR("somebody"), &renewed));
    assert_null(renewed.data);
    check_err(seal_renew(&after, &arena, sealed, STR("somebody else"), &renewed), UNAVAILABLE, "");
    check_err(seal_read_previous(&after, STR("too short")), INVALID, "auth_previous_key: 9 bytes");
}

static void what_was_changed_or_cut_does_not_open(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Str plain, sealed;
    Seal seal;

    (void)state;
    check_ok(seal_init(&seal, KEY, NULL));
    sealed = seal_close(&seal, &arena, STR("secret"), STR("somebody"));
    for (size_t i = 0; i < sealed.len; i++) {
        char *changed = str_c(&arena, sealed);
        changed[i] = changed[i] == '0' ? '1' : '0';
        check_err(seal_open(&seal, &arena, str_from(changed), STR("somebody"), &plain), UNAVAILABLE, "");
        check_err(seal_open(&seal, &arena, str_slice(sealed, 0, i), STR("somebody"), &plain), UNAVAILABLE,
                  "");
    }
}

static void a_key_that_is_short_or_missing_is_refused(void **state)
{
    Seal seal;

    (void)state;
    check_err(seal_init(&seal, STR("too short"), NULL), INVALID, "auth_key: 9 bytes, must be 32 or more");
    check_err(seal_init(&seal, (Str){0}, NULL), INVALID, "auth_key: there is none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sealed_opens_for_whom_it_was_sealed),
        cmocka_unit_test(it_opens_for_nobody_else_and_under_no_other_key),
        cmocka_unit_test(another_key_opens_what_the_previous_one_closed_and_closes_it_anew),
        cmocka_unit_test(what_was_changed_or_cut_does_not_open),
        cmocka_unit_test(a_key_that_is_short_or_missing_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
