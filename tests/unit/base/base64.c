#include "check.h"

#include "base/base64.h"

/* RFC 4648, section 10, and bytes of every kind. */
static void the_rfcs_own_examples_come_out(void **state)
{
    static const struct Example {
        Str bytes;
        const char *text;
    } EXAMPLES[] = {
        {{"", 0}, ""},
        {{"f", 1}, "Zg=="},
        {{"fo", 2}, "Zm8="},
        {{"foo", 3}, "Zm9v"},
        {{"foob", 4}, "Zm9vYg=="},
        {{"fooba", 5}, "Zm9vYmE="},
        {{"foobar", 6}, "Zm9vYmFy"},
        {{"\xff\xfe\x00\xfb", 4}, "//4A+w=="},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(EXAMPLES); i++)
        check_text(base64_encode(&arena, EXAMPLES[i].bytes), EXAMPLES[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_rfcs_own_examples_come_out)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
