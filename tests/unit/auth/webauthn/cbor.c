/* The outer shape of CBOR: what is well formed is skipped to its last byte, and nothing that claims more than is there. */
#include "check.h"

#include "services/auth/webauthn/cbor.h"

#define BYTES(text) ((Str){(text), sizeof(text) - 1})

/* Of RFC 8949, appendix A, and what an authenticator says. */
static void what_is_well_formed_is_skipped_to_its_end(void **state)
{
    static const Str ITEMS[] = {
        {"\x00", 1},
        {"\x18\x64", 2},
        {"\x19\x03\xe8", 3},
        {"\x1b\x00\x00\x00\xe8\xd4\xa5\x10\x00", 9},
        {"\x20", 1},
        {"\x39\x01\x00", 3},
        {"\xf4", 1},
        {"\xf9\x3c\x00", 3},
        {"\xfb\x3f\xf1\x99\x99\x99\x99\x99\x9a", 9},
        {"\xc0\x61\x61", 3},
        {"\x40", 1},
        {"\x44\x01\x02\x03\x04", 5},
        {"\x64IETF", 5},
        {"\x80", 1},
        {"\x83\x01\x82\x02\x03\x82\x04\x05", 8},
        {"\xa0", 1},
        {"\xa2\x61\x61\x01\x61\x62\x82\x02\x03", 9},
    };

    (void)state;
    for (size_t i = 0; i < sizeof ITEMS / sizeof *ITEMS; i++) {
        Str rest = ITEMS[i];
        assert_true(cbor_skip(&rest));
        assert_int_equal(rest.len, 0);
        for (size_t cut = 0; cut < ITEMS[i].len; cut++) {
            rest = (Str){ITEMS[i].data, cut};
            assert_false(cbor_skip(&rest));
        }
    }
}

static void what_is_behind_an_item_is_left(void **state)
{
    Str rest = BYTES("\xa1\x01\x02\xa0");

    (void)state;
    assert_true(cbor_skip(&rest));
    assert_int_equal(rest.len, 1);
}

static void what_claims_more_than_is_there_is_refused(void **state)
{
    static const Str ITEMS[] = {
        {"\x5b\xff\xff\xff\xff\xff\xff\xff\xff", 9},
        {"\x7b\x7f\xff\xff\xff\xff\xff\xff\xff", 9},
        {"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", 9},
        {"\xbb\x80\x00\x00\x00\x00\x00\x00\x00", 9}, /* twice that many is none */
        {"\xba\xff\xff\xff\xff", 5},
        {"\x5f\x41\x00\xff", 4}, /* indefinite */
        {"\x9f\xff", 2},
        {"\xbf\xff", 2},
        {"\xff", 1},
        {"\x1c", 1}, /* reserved */
        {"", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof ITEMS / sizeof *ITEMS; i++) {
        Str rest = ITEMS[i];
        assert_false(cbor_skip(&rest));
    }
}

static void what_lies_too_deep_is_refused(void **state)
{
    Str flat = BYTES("\x81\x81\x81\x81\x81\x81\x81\x81\x00"),
        deep = BYTES("\x81\x81\x81\x81\x81\x81\x81\x81\x81\x00");

    (void)state;
    assert_true(cbor_skip(&flat));
    assert_false(cbor_skip(&deep));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_well_formed_is_skipped_to_its_end),
        cmocka_unit_test(what_is_behind_an_item_is_left),
        cmocka_unit_test(what_claims_more_than_is_there_is_refused),
        cmocka_unit_test(what_lies_too_deep_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
