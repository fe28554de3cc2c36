/* What is pushed is what RFC 8291 says byte by byte, and nobody's key is taken that is none. */
#include "check.h"

#include "base/base64url.h"
#include "push/encrypt.h"
#include "push/push.h"

/* RFC 8291, Appendix A, and section 5. */
#define PLAIN "When I grow up, I want to be a watermelon"
#define SERVER_SECRET "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
#define SERVER_POINT "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
#define READER_SECRET "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
#define READER_POINT "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
#define SALT "DGv6ra1nlYgDCS1FRnbzlw"
#define AUTH "BTBZMqHH6r4Tts7J_aSIgg"
#define MESSAGE                                                                                        \
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz" \
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"

static Str bytes_of(Arena *arena, const char *text)
{
    Str bytes;

    assert_true(base64url_read(arena, str_from(text), &bytes));
    return bytes;
}

static void read_example(Arena *arena, PushReader *reader, PushOnce *once)
{
    Err e = push_read_keys(arena, STR(READER_POINT), STR(AUTH), reader);

    assert_int_equal(e.code, NO_ERROR);
    assert_true(p256_read((const uint8_t *)bytes_of(arena, SERVER_SECRET).data, &once->key));
    memcpy(once->salt, bytes_of(arena, SALT).data, sizeof once->salt);
}

static void the_example_of_rfc_8291_comes_out_byte_by_byte(void **state)
{
    AUTO_ARENA Arena arena = {0};
    PushReader reader;
    PushOnce once;
    Str message;

    (void)state;
    arena_init(&arena);
    read_example(&arena, &reader, &once);
    assert_memory_equal(once.key.point, bytes_of(&arena, SERVER_POINT).data, P256_POINT_BYTES);
    assert_true(push_encrypt(&arena, &reader, &once, STR(PLAIN), 0, &message));
    check_text(base64url_write(&arena, message), MESSAGE);
}

static void short_texts_look_alike_and_the_longest_fits_one_record(void **state)
{
    AUTO_ARENA Arena arena = {0};
    PushReader reader;
    PushOnce once;
    Str one, other, longest;

    (void)state;
    arena_init(&arena);
    read_example(&arena, &reader, &once);
    assert_true(push_encrypt(&arena, &reader, &once, STR("a"), PUSH_LOOKS_LIKE, &one));
    assert_true(push_encrypt(&arena, &reader, &once, STR(PLAIN), PUSH_LOOKS_LIKE, &other));
    assert_int_equal(one.len, other.len);
    longest = (Str){arena_zalloc_array(&arena, PUSH_TEXT_MAX + 1, 1), PUSH_TEXT_MAX};
    assert_true(push_encrypt(&arena, &reader, &once, longest, PUSH_LOOKS_LIKE, &one));
    assert_int_equal(one.len, 4096);
    longest.len++;
    assert_false(push_encrypt(&arena, &reader, &once, longest, PUSH_LOOKS_LIKE, &one));
}

static void both_ends_agree_and_every_message_has_a_key_of_its_own(void **state)
{
    uint8_t ours[P256_BYTES], theirs[P256_BYTES];
    PushOnce one, other;

    (void)state;
    push_once_make(&one);
    push_once_make(&other);
    assert_memory_not_equal(one.key.secret, other.key.secret, P256_BYTES);
    assert_memory_not_equal(one.salt, other.salt, PUSH_SALT_BYTES);
    assert_true(p256_agree(&one.key, other.key.point, ours));
    assert_true(p256_agree(&other.key, one.key.point, theirs));
    assert_memory_equal(ours, theirs, P256_BYTES);
}

static void a_key_that_is_none_is_refused(void **state)
{
    static const struct {
        const char *point, *auth, *pointer;
    } ROWS[] = {
        {"", AUTH, "/keys/p256dh"},
        {READER_POINT "A", AUTH, "/keys/p256dh"},
        {"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw8", AUTH,
         "/keys/p256dh"},
        {"BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", AUTH,
         "/keys/p256dh"},
        {READER_POINT, "BTBZMqHH6r4Tts7J_aSI", "/keys/auth"},
        {READER_POINT, "BTBZMqHH6r4Tts7J_aSIgh", "/keys/auth"},
        {READER_POINT, "BTBZMqHH6r4Tts7J_aSIgg==", "/keys/auth"},
    };
    AUTO_ARENA Arena arena = {0};
    PushReader reader;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        Err e = push_read_keys(&arena, str_from(ROWS[i].point), str_from(ROWS[i].auth), &reader);
        assert_int_equal(e.code, UNPROCESSABLE);
        assert_string_equal(e.pointer, ROWS[i].pointer);
    }
}

static void a_secret_outside_the_curves_order_is_none(void **state)
{
    uint8_t secret[P256_BYTES] = {0};
    P256Key key;

    (void)state;
    assert_false(p256_read(secret, &key));
    memset(secret, 0xFF, sizeof secret);
    assert_false(p256_read(secret, &key));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(the_example_of_rfc_8291_comes_out_byte_by_byte),
        cmocka_unit_test(short_texts_look_alike_and_the_longest_fits_one_record),
        cmocka_unit_test(both_ends_agree_and_every_message_has_a_key_of_its_own),
        cmocka_unit_test(a_key_that_is_none_is_refused),
        cmocka_unit_test(a_secret_outside_the_curves_order_is_none),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
