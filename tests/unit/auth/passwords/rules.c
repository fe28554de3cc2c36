#include "services/auth/passwords/rules.h"

#include "check.h"

/* Sorted, as the list is; the ends are where a search goes wrong. */
static const Asset LIST = {.path = "passwords.txt",
                           .bytes = {.data = "11111111\nbaseball\npassword\nzxcvbnm1\n", .len = 36}};

static Err check(const char *password)
{
    AUTO_ARENA Arena arena = {0};
    PasswordRules rules;

    arena_init(&arena);
    check_ok(password_rules_read((AssetTable){&LIST, 1}, &rules));
    return password_check(&rules, &arena, str_from(password), STR("sul.lover@example.com"));
}

static void what_everybody_uses_is_refused_in_any_case(void **state)
{
    static const char *const KNOWN[] = {"11111111", "baseball",   "PassWord",
                                        "zxcvbnm1", "Nerdx1234!", "2026nerdx"};

    (void)state;
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
        check_err(check(KNOWN[i]), UNPROCESSABLE, "too many others");
}

static void ones_own_address_is_refused(void **state)
{
    (void)state;
    check_err(check("Sul.Lover"), UNPROCESSABLE, "your address");
    check_err(check("sul.lover@example.com"), UNPROCESSABLE, "your address");
}

static void all_else_is_taken(void **state)
{
    static const char *const FINE[] = {"00000000x", "baseball2",         "passwor",
                                       "zzzzzzzz",  "nerdx and a river", "오래된 항아리"};

    (void)state;
    for (size_t i = 0; i < sizeof FINE / sizeof *FINE; i++)
        check_ok(check(FINE[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_everybody_uses_is_refused_in_any_case),
        cmocka_unit_test(ones_own_address_is_refused),
        cmocka_unit_test(all_else_is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
