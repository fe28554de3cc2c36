#include "base/fingerprint.h"

#include "check.h"

/* By the reference implementation, with the key 00 01 … 0f, of the text 00 01 … of that length. */
static const struct {
    size_t len;
    uint64_t low, high;
} VECTORS[] = {
    {0, 0xE6A825BA047F81A3, 0x930255C71472F66D},
    {1, 0x44AF996BD8C187DA, 0x45FC229B11597634},
    {15, 0x11A8B03399E99354, 0xD9C3CF970FEC087E},
    {16, 0xBB54B067CAA4E26E, 0x77052385BF1533FD},
};

static void it_is_siphash_with_128_bits(void **state)
{
    static const FingerprintKey KEY = {0x0706050403020100, 0x0F0E0D0C0B0A0908};
    char text[16];

    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)i;
    for (size_t i = 0; i < sizeof VECTORS / sizeof *VECTORS; i++) {
        Fingerprint print = fingerprint_of(&KEY, (Str){text, VECTORS[i].len});
        assert_true(fingerprint_equal(print, (Fingerprint){VECTORS[i].low, VECTORS[i].high}));
        assert_true(fingerprint_word(&KEY, (Str){text, VECTORS[i].len}) == VECTORS[i].low);
    }
}

static void another_key_makes_another_one(void **state)
{
    FingerprintKey one = fingerprint_key_new(), other = fingerprint_key_new();

    (void)state;
    assert_true(fingerprint_equal(fingerprint_of(&one, STR("rice")), fingerprint_of(&one, STR("rice"))));
    assert_false(fingerprint_equal(fingerprint_of(&one, STR("rice")), fingerprint_of(&other, STR("rice"))));
    assert_false(fingerprint_equal(fingerprint_of(&one, STR("rice")), fingerprint_of(&one, STR("rise"))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_siphash_with_128_bits),
        cmocka_unit_test(another_key_makes_another_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
