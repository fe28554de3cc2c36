#include "services/auth/ages/age.h"

#include "base/time.h"
#include "check.h"
#include "services/auth/ages/verifier.h"

static int64_t moment(const char *text)
{
    int64_t us = 0;

    assert_true(time_parse(str_from(text), &us));
    return us;
}

static void everybody_of_a_year_is_grown_up_from_its_first_second_in_korea(void **state)
{
    (void)state;
    assert_false(age_is_adult(2007, moment("2025-12-31T23:59:59.999999+09:00")));
    assert_true(age_is_adult(2007, moment("2026-01-01T00:00:00+09:00")));
    assert_false(age_is_adult(2007, moment("2025-12-31T14:59:59.999999Z")));
    assert_true(age_is_adult(2007, moment("2025-12-31T15:00:00Z"))); /* in London it is still last year */
    assert_false(age_is_adult(2008, moment("2026-12-31T23:59:59+09:00")));
    assert_true(age_is_adult(1958, moment("2026-06-01T00:00:00Z")));
}

static AgesSqlAge verified(const char *from, const char *until)
{
    return (AgesSqlAge){2000, moment(from), STR("manual"), moment(from), moment(until)};
}

static AgeState state_at(AgesSqlAge row, const char *now)
{
    static Arena arena;

    return age_state(&arena, &row, moment(now));
}

static void a_verification_counts_until_it_expires_and_not_at_that_moment(void **state)
{
    AgesSqlAge row = verified("2026-01-31T00:00:00Z", "2027-01-31T00:00:00Z");
    AgeState last = state_at(row, "2027-01-30T23:59:59.999999Z");
    AgeState over = state_at(row, "2027-01-31T00:00:00Z");

    (void)state;
    assert_int_equal(last.state, AGE_STATE_STATE_VERIFIED);
    assert_true(last.adult_verified);
    assert_int_equal(over.state, AGE_STATE_STATE_EXPIRED);
    assert_true(over.adult);
    assert_false(over.adult_verified);
    check_text(over.expires_at, "2027-01-31T00:00:00Z");
}

static void what_somebody_says_is_no_proof_and_nothing_is_less(void **state)
{
    AgesSqlAge said = {2000, 1, STR(""), 0, 0};
    AgeState declared = state_at(said, "2026-01-31T00:00:00Z");
    AgeState unknown = age_state(NULL, NULL, 1);

    (void)state;
    assert_int_equal(declared.state, AGE_STATE_STATE_DECLARED);
    assert_true(declared.adult);
    assert_false(declared.adult_verified);
    assert_int_equal(unknown.state, AGE_STATE_STATE_UNKNOWN);
    assert_false(unknown.adult || unknown.adult_verified || unknown.has_birth_year);
}

static void a_minor_who_is_verified_becomes_an_adult_without_doing_anything(void **state)
{
    AgesSqlAge row = {2008, 1, STR("manual"), moment("2026-07-01T00:00:00Z"), moment("2027-07-01T00:00:00Z")};

    (void)state;
    assert_false(state_at(row, "2026-12-31T14:59:59Z").adult_verified);
    assert_true(state_at(row, "2026-12-31T15:00:00Z").adult_verified);
}

static void nobody_is_born_after_today_nor_before_anybody_who_lives(void **state)
{
    int64_t new_year = moment("2026-12-31T15:00:00Z");

    (void)state;
    check_ok(age_check_year(2027, new_year));
    assert_int_equal(age_check_year(2027, new_year - 1).code, UNPROCESSABLE);
    check_ok(age_check_year(1900, new_year));
    assert_int_equal(age_check_year(1899, new_year).code, UNPROCESSABLE);
}

static void a_verifier_is_asked_only_where_it_is_enabled(void **state)
{
    int64_t year = 0;

    (void)state;
    assert_null(age_verifier_find(STR("manual"), STR("test")));
    assert_null(age_verifier_find(STR(""), STR("manual")));
    assert_null(age_verifier_find(STR("manual,test"), STR("tes")));
    check_ok(age_verifier_find(STR("manual, test"), STR("test"))->verify(STR("born:1999"), &year));
    assert_int_equal(year, 1999);
    assert_int_equal(age_verifier_find(STR("test"), STR("test"))->verify(STR("1999"), &year).code, FORBIDDEN);
    assert_int_equal(age_verifiers_check(STR("manual,tset")).code, INVALID);
    check_ok(age_verifiers_check(STR("manual, test")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_of_a_year_is_grown_up_from_its_first_second_in_korea),
        cmocka_unit_test(a_verification_counts_until_it_expires_and_not_at_that_moment),
        cmocka_unit_test(what_somebody_says_is_no_proof_and_nothing_is_less),
        cmocka_unit_test(a_minor_who_is_verified_becomes_an_adult_without_doing_anything),
        cmocka_unit_test(nobody_is_born_after_today_nor_before_anybody_who_lives),
        cmocka_unit_test(a_verifier_is_asked_only_where_it_is_enabled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
