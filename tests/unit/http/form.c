/* Forms of both kinds become an object of texts; what is no form is refused. */
#include "check.h"

#include "http/form.h"

#define PARTS "multipart/form-data; boundary=x1"

static ErrCode read_form(Arena *arena, const char *type, const char *body, Json *out)
{
    return form_read(arena, str_from(type), str_from(body), out).code;
}

static void a_form_is_an_object_of_texts(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Json out;

    (void)state;
    assert_int_equal(read_form(&arena, FORM_MIME, "List-Unsubscribe=One-Click&a=b+%22c", &out), NO_ERROR);
    check_text(out, "{\"List-Unsubscribe\":\"One-Click\",\"a\":\"b \\\"c\"}");
    assert_int_equal(read_form(&arena, FORM_MIME, "", &out), NO_ERROR);
    check_text(out, "{}");
}

/* The example of RFC 8058, section 8.2, with a part more. */
static void a_form_in_parts_says_the_same(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Json out;

    (void)state;
    assert_int_equal(
        read_form(&arena, PARTS,
                  "--x1\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n"
                  "One-Click\r\n--x1\r\ncontent-disposition: form-data; name=a\r\n\r\n\r\n--x1--\r\n",
                  &out),
        NO_ERROR);
    check_text(out, "{\"List-Unsubscribe\":\"One-Click\",\"a\":\"\"}");
    assert_int_equal(read_form(&arena, PARTS, "--x1--\r\n", &out), NO_ERROR);
    check_text(out, "{}");
}

static void what_is_no_form_is_refused(void **state)
{
    static const char *const BODIES[] = {
        "",
        "--x2\r\n\r\n\r\n--x2--",
        "--x1\r\nContent-Disposition: form-data; name=a\r\n\r\nno end",
        "--x1\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--x1--",
        "--x1\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\nfile\r\n--x1--",
        "--x1 and more\r\n\r\n\r\n--x1--",
    };
    AUTO_ARENA Arena arena = {0};
    Json out;

    (void)state;
    for (size_t i = 0; i < COUNT(BODIES); i++)
        assert_int_equal(read_form(&arena, PARTS, BODIES[i], &out), INVALID);
    assert_int_equal(read_form(&arena, "multipart/form-data", "--x1--", &out), INVALID);
    assert_int_equal(read_form(&arena, FORM_MIME, "a=%0", &out), INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_is_an_object_of_texts),
        cmocka_unit_test(a_form_in_parts_says_the_same),
        cmocka_unit_test(what_is_no_form_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
