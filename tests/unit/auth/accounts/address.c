#include "services/auth/accounts/address.h"

#include "check.h"

static void addresses_are_compared_in_lower_case(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Str folded;

    (void)state;
    arena_init(&arena);
    check_ok(address_fold(&arena, STR("Sul.Lover+X@Example.CO.KR"), &folded));
    check_text(folded, "sul.lover+x@example.co.kr");
}

static void what_no_letter_reaches_is_refused(void **state)
{
    static const char *const WRONG[] = {
        "a@b",      "@example.com", "a@",       "a..b@example.com", ".a@example.com", "a.@example.com",
        "a@-x.com", "a@x-.com",     "a@x..com", "a@.com",           "a@b@c.com",      "a"};
    AUTO_ARENA Arena arena = {0};
    Str folded;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        check_err(address_fold(&arena, str_from(WRONG[i]), &folded), UNPROCESSABLE, "email:");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_compared_in_lower_case),
        cmocka_unit_test(what_no_letter_reaches_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
