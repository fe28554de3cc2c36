#include "check.h"

#include <string.h>

#include "base/err.h"
#include "base/utf8.h"

static void every_code_has_a_name_a_title_and_a_status_that_leads_back(void **state)
{
    (void)state;
    for (ErrCode code = NO_ERROR; code < ERR_CODE_COUNT; code++) {
        const ErrKind *kind = err_kind(code);
        assert_non_null(kind->name);
        assert_non_null(kind->title);
        assert_int_equal(err_code_of_status(kind->status), code);
    }
    assert_int_equal(err_code_of_status(418), INTERNAL);
}

static void a_long_message_is_cut_on_a_whole_character(void **state)
{
    char korean[3 * ERR_TEXT + 1] = "";

    (void)state;
    for (size_t i = 0; i < ERR_TEXT; i++)
        memcpy(korean + 3 * i, "술", 4);
    for (int shift = 0; shift < 4; shift++) {
        Err e = err(INVALID, "%.*s%s", shift, "abc", korean);
        assert_true(utf8_valid(str_from(e.message)));
        assert_true(strlen(e.message) >= ERR_TEXT - 4);
    }
}

static void detail_pointer_and_retry_are_added_to_the_same_error(void **state)
{
    (void)state;
    Err e =
        err_retry_after(err_at(err_detail(err(LIMITED, "too many: %d", 61), "user %s", "u1"), "/a/%d", 3), 9);
    assert_true(failed(&e));
    assert_string_equal(e.message, "too many: 61");
    assert_string_equal(e.detail, "user u1");
    assert_string_equal(e.pointer, "/a/3");
    assert_int_equal(e.retry_after_s, 9);
}

static void ok_is_no_error(void **state)
{
    Err e = OK;

    (void)state;
    assert_false(failed(&e));
    assert_string_equal(e.message, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_a_name_a_title_and_a_status_that_leads_back),
        cmocka_unit_test(a_long_message_is_cut_on_a_whole_character),
        cmocka_unit_test(detail_pointer_and_retry_are_added_to_the_same_error),
        cmocka_unit_test(ok_is_no_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
