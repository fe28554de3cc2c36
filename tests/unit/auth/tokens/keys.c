/* Keys of a fleet: what they sign and are called, when each of them signs, and how they come to every node. */
#include "bench.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "base/thread.h"
#include "services/auth/tokens/key_file.h"
#include "services/auth/tokens/key_folder.h"
#include "services/auth/tokens/limits.h"

enum { DAY_S = 24 * 60 * 60, HOUR_S = 60 * 60 };

/* ---- RFC 8037, appendix A */

#define RFC_JWK                                                                                   \
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"," \
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"
#define RFC_TEXT "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
#define RFC_SIGNATURE "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"

static const char *put_key(Arena *arena, const char *folder, const char *name, const char *jwk)
{
    const char *path = str_c(arena, str_format(arena, "%s/%s", folder, name));

    check_ok(file_make_private(path, str_from(jwk)));
    return path;
}

static void the_rfcs_own_key_signs_and_is_called_as_the_rfc_says(void **state)
{
    AUTO_ARENA Arena arena = {0};
    uint8_t signature[KEY_SIGNATURE_BYTES_MAX];
    char folder[32];
    Key key;

    (void)state;
    folder_make(folder);
    check_ok(key_file_read(put_key(&arena, folder, "ed25519-7.jwk", RFC_JWK), &key));
    folder_remove(folder);
    assert_string_equal(key.id, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    size_t length = key_sign(&key, STR(RFC_TEXT), signature);
    check_text(base64url_write(&arena, (Str){(char *)signature, length}), RFC_SIGNATURE);
    assert_true(key_signed(&key, STR(RFC_TEXT), (Str){(char *)signature, length}));
    assert_false(key_signed(&key, STR(RFC_TEXT "x"), (Str){(char *)signature, length}));
}

static void a_file_that_is_no_private_key_or_not_the_one_it_says_is_named(void **state)
{
    static const struct Damaged {
        const char *jwk;
        const char *why;
    } DAMAGED[] = {
        {"", "too early"},
        {"{\"kty\":\"oct\",\"k\":\"AAAA\"}", "`kty` OKP"},
        {"{\"kty\":\"OKP\",\"crv\":\"X25519\"}", "`crv` Ed25519"},
        {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
         "`d` isn't"},
        {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"}",
         "`x` isn't"},
        {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
         "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"kid\":\"mine\"}",
         "`kid` isn't"},
    };
    AUTO_ARENA Arena arena = {0};
    Key key;

    (void)state;
    for (size_t i = 0; i < COUNT(DAMAGED); i++) {
        char folder[32];
        folder_make(folder);
        const char *path = put_key(&arena, folder, "ed25519-7.jwk", DAMAGED[i].jwk);
        check_err(key_file_read(path, &key), INVALID, DAMAGED[i].why);
        assert_int_equal(chmod(path, 0644), 0);
        check_err(key_file_read(path, &key), FORBIDDEN, "chmod 600");
        folder_remove(folder);
    }
}

static void a_files_name_says_from_when_its_key_signs(void **state)
{
    static const char *const OTHERS[] = {"ed25519-.jwk",
                                         "ed25519-x.jwk",
                                         "ed25519--1.jwk",
                                         "ed25519-+1.jwk",
                                         "ed25519-1.jwk.Xy3z",
                                         "README",
                                         "ed25519-99999999999999999999.jwk",
                                         ""};
    int64_t moment = 0;

    (void)state;
    assert_true(key_file_moment(STR("ed25519-1764158400.jwk"), &moment));
    assert_int_equal(moment, 1764158400);
    for (size_t i = 0; i < COUNT(OTHERS); i++)
        assert_false(key_file_moment(str_from(OTHERS[i]), &moment));
}

/* ---- when each signs */

static Key key_number(uint8_t number)
{
    uint8_t seed[crypto_sign_SEEDBYTES] = {number};
    Key key;

    key_from_seed(seed, &key);
    return key;
}

static void
the_newest_key_whose_moment_has_come_signs_and_the_one_before_is_accepted_until_its_tokens_are_over(
    void **state)
{
    Key keys[] = {key_number(1), key_number(2), key_number(3)};
    const int64_t last = 2000 + TOKEN_CLOCKS_DIFFER_S + DAY_S;
    Keyring ring = {0};

    (void)state;
    check_ok(keyring_add(&ring, &keys[2], 9000));
    check_ok(keyring_add(&ring, &keys[0], 1000));
    check_ok(keyring_add(&ring, &keys[1], 2000));
    keyring_schedule(&ring, DAY_S);
    assert_string_equal(keyring_signer(&ring, 0)->id, keys[0].id);
    assert_string_equal(keyring_signer(&ring, 1999)->id, keys[0].id);
    assert_string_equal(keyring_signer(&ring, 2000)->id, keys[1].id);
    assert_string_equal(keyring_signer(&ring, 8999)->id, keys[1].id);
    assert_string_equal(keyring_signer(&ring, 9000)->id, keys[2].id);
    assert_non_null(keyring_find(&ring, str_from(keys[0].id), last - 1));
    assert_null(keyring_find(&ring, str_from(keys[0].id), last));
    assert_non_null(keyring_find(&ring, str_from(keys[2].id), 0)); /* another node's clock may be ahead */
    assert_non_null(keyring_find(&ring, str_from(keys[2].id), INT64_MAX - 1));
    assert_null(keyring_find(&ring, STR("unknown"), 2000));
    assert_null(keyring_find(&ring, (Str){0}, 2000));
}

static void two_keys_of_one_moment_and_too_many_are_refused(void **state)
{
    Keyring ring = {0};
    Key key;

    (void)state;
    for (int i = 0; i < KEYRING_KEYS_MAX; i++) {
        key = key_number((uint8_t)i);
        check_ok(keyring_add(&ring, &key, i));
        Key other = key_number(99);
        if (i + 1 < KEYRING_KEYS_MAX)
            check_err(keyring_add(&ring, &other, i), CONFLICT, other.id);
        if (i + 1 < KEYRING_KEYS_MAX)
            check_err(keyring_add(&ring, &key, 100), CONFLICT, key.id);
    }
    key = key_number(99);
    check_err(keyring_add(&ring, &key, 100), TOO_LARGE, "more than 16 keys");
}

static void what_is_published_holds_no_secret_half_and_no_key_that_is_over(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Key keys[] = {key_number(1), key_number(2)};
    Keyring ring = {0};
    const json_t *set;

    (void)state;
    check_text(keyring_public_keys(&ring, &arena, 0), "[]");
    check_ok(keyring_add(&ring, &keys[0], 1000));
    check_ok(keyring_add(&ring, &keys[1], 2000));
    keyring_schedule(&ring, DAY_S);
    check_ok(json_read_into(&arena, keyring_public_keys(&ring, &arena, 1500), &set));
    for (size_t i = 0; i < 2; i++) {
        const json_t *jwk = json_array_get(set, i);
        check_text(json_str_at(jwk, "kid"), keys[i].id);
        check_text(json_str_at(jwk, "alg"), "EdDSA");
        assert_int_equal(json_object_size(jwk), 6); /* kty crv kid use alg x: no `d` */
        assert_null(json_object_get(jwk, "d"));
    }
    check_ok(json_read_into(&arena, keyring_public_keys(&ring, &arena, 2000 + TOKEN_CLOCKS_DIFFER_S + DAY_S),
                            &set));
    assert_int_equal(json_array_size(set), 1);
}

/* ---- a fleet */

static void nodes_that_share_a_folder_accept_each_others_tokens(void **state)
{
    AUTO_BENCH Bench one;
    AUTO_BENCH Bench two;
    struct stat about;
    Claims out;

    (void)state;
    bench_make(&one, true, (TokensConfig){0});
    bench_make(&two, false, (TokensConfig){.keys_folder = one.folder});
    check_ok(tokens_verify(two.tokens, &two.arena, issue(&one, (Claims){0}), &out));
    check_ok(tokens_verify(one.tokens, &one.arena, issue(&two, (Claims){0}), &out));
    assert_true(
        str_equal(tokens_public_keys(one.tokens, &one.arena), tokens_public_keys(two.tokens, &two.arena)));
    assert_int_equal(stat(key_file_path(&one.arena, one.folder, 0), &about), 0);
    assert_int_equal(about.st_mode & 07777U, 0600);
}

typedef struct Node {
    const char *folder;
    char id[KEY_ID_TEXT];
} Node;

static void *start_node(void *context)
{
    Node *node = context;
    KeyFolder *folder;
    Key key;
    Err e = key_folder_open(node->folder, DAY_S, &folder);

    if (failed(&e))
        return NULL;
    if (key_folder_signer(folder, NOW_S, &key))
        (void)strcpy(node->id, key.id); /* NOLINT: of the same size */
    key_folder_close(folder);
    return NULL;
}

static void nodes_that_start_at_once_on_an_empty_folder_agree_on_one_key(void **state)
{
    Node nodes[8] = {0};
    pthread_t threads[COUNT(nodes)];
    char folder[32];

    (void)state;
    folder_make(folder);
    for (size_t i = 0; i < COUNT(nodes); i++) {
        nodes[i].folder = folder;
        threads[i] = thread_start("node", start_node, &nodes[i]);
    }
    for (size_t i = 0; i < COUNT(nodes); i++)
        thread_join(threads[i]);
    for (size_t i = 0; i < COUNT(nodes); i++) {
        assert_int_equal(strlen(nodes[i].id), KEY_ID_TEXT - 1);
        assert_string_equal(nodes[i].id, nodes[0].id);
    }
    folder_remove(folder);
}

static void a_secret_goes_on_being_accepted_where_keys_have_taken_over(void **state)
{
    AUTO_BENCH Bench before;
    AUTO_BENCH Bench after;
    Claims out;

    (void)state;
    bench_make(&before, false, (TokensConfig){0});
    bench_make(&after, true, (TokensConfig){0});
    check_ok(tokens_verify(after.tokens, &after.arena, issue(&before, (Claims){0}), &out));
    check_err(tokens_verify(before.tokens, &before.arena, issue(&after, (Claims){0}), &out), UNAUTHORIZED,
              "isn't valid");
    check_text(tokens_public_keys(before.tokens, &before.arena), "[]");
}

/* ---- rotation */

/* What a node goes through while an operator rotates: nothing that was accepted stops being so before it is over. */
static void
a_key_is_published_before_it_signs_and_the_old_one_is_accepted_until_its_last_token_is_over(void **state)
{
    AUTO_BENCH Bench bench;
    KeyFolder *folder;
    int64_t from_s;
    Key before;
    Key after;

    (void)state;
    bench_make(&bench, true, (TokensConfig){0});
    check_ok(key_folder_open(bench.folder, DAY_S, &folder));
    assert_true(key_folder_signer(folder, NOW_S, &before));
    check_ok(keys_rotate(bench.folder, &bench.clock.clock, HOUR_S, DAY_S, &from_s));
    assert_int_equal(from_s, NOW_S + HOUR_S);
    check_err(keys_rotate(bench.folder, &bench.clock.clock, 2 * HOUR_S, DAY_S, &from_s), CONFLICT,
              "signs in 3600 s");
    uint64_t version = key_folder_version(folder);
    key_folder_read_again(folder);
    assert_int_not_equal(key_folder_version(folder), version);
    assert_true(key_folder_signer(folder, NOW_S + HOUR_S - 1, &after));
    assert_string_equal(after.id, before.id);
    assert_true(key_folder_signer(folder, NOW_S + HOUR_S, &after));
    assert_string_not_equal(after.id, before.id);
    assert_true(key_folder_find(folder, str_from(after.id), NOW_S, &after));
    assert_int_not_equal(str_find(key_folder_public_keys(folder, &bench.arena, NOW_S), str_from(after.id), 0),
                         SIZE_MAX);
    assert_true(key_folder_find(folder, str_from(before.id), NOW_S + HOUR_S + DAY_S, &before));
    assert_false(key_folder_find(folder, str_from(before.id), NOW_S + HOUR_S + DAY_S + TOKEN_CLOCKS_DIFFER_S,
                                 &before));
    key_folder_close(folder);
}

static void the_next_rotation_removes_the_keys_that_are_over(void **state)
{
    AUTO_BENCH Bench bench;
    int64_t first_s;
    int64_t second_s;

    (void)state;
    bench_make(&bench, true, (TokensConfig){0});
    check_ok(keys_rotate(bench.folder, &bench.clock.clock, HOUR_S, DAY_S, &first_s));
    manual_clock_advance(&bench.clock, 2 * HOUR_S * SECOND_US);
    check_ok(keys_rotate(bench.folder, &bench.clock.clock, HOUR_S, DAY_S, &second_s));
    assert_int_equal(access(key_file_path(&bench.arena, bench.folder, 0), F_OK), 0);
    manual_clock_advance(&bench.clock, DAY_S * SECOND_US);
    check_ok(keys_rotate(bench.folder, &bench.clock.clock, HOUR_S, DAY_S, &second_s));
    assert_int_not_equal(access(key_file_path(&bench.arena, bench.folder, 0), F_OK), 0);
    assert_int_equal(access(key_file_path(&bench.arena, bench.folder, first_s), F_OK), 0);
    check_err(keys_rotate(bench.folder, &bench.clock.clock, KEYS_AHEAD_S_MIN - 1, DAY_S, &second_s), INVALID,
              "every node must know a key");
}

static void a_folder_that_is_empty_or_damaged_for_a_while_takes_no_key_away(void **state)
{
    AUTO_BENCH Bench bench;
    KeyFolder *folder;
    Key key;

    (void)state;
    bench_make(&bench, true, (TokensConfig){0});
    check_ok(key_folder_open(bench.folder, DAY_S, &folder));
    const char *first = key_file_path(&bench.arena, bench.folder, 0);
    const char *hidden = str_c(&bench.arena, str_format(&bench.arena, "%s.hidden", first));
    assert_int_equal(rename(first, hidden), 0);
    key_folder_read_again(folder);
    assert_true(key_folder_signer(folder, NOW_S, &key));
    assert_int_equal(rename(hidden, first), 0);
    put_key(&bench.arena, bench.folder, "ed25519-7.jwk", "half a k");
    key_folder_read_again(folder);
    assert_true(key_folder_signer(folder, NOW_S, &key));
    assert_int_equal(key_folder_version(folder), 0);
    key_folder_close(folder);
    check_err(key_folder_open(bench.folder, DAY_S, &folder), INVALID, "ed25519-7.jwk");
    check_err(key_folder_open("/dev/null", DAY_S, &folder), NOT_FOUND, "/dev/null");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rfcs_own_key_signs_and_is_called_as_the_rfc_says),
        cmocka_unit_test(a_file_that_is_no_private_key_or_not_the_one_it_says_is_named),
        cmocka_unit_test(a_files_name_says_from_when_its_key_signs),
        cmocka_unit_test(
            the_newest_key_whose_moment_has_come_signs_and_the_one_before_is_accepted_until_its_tokens_are_over),
        cmocka_unit_test(two_keys_of_one_moment_and_too_many_are_refused),
        cmocka_unit_test(what_is_published_holds_no_secret_half_and_no_key_that_is_over),
        cmocka_unit_test(nodes_that_share_a_folder_accept_each_others_tokens),
        cmocka_unit_test(nodes_that_start_at_once_on_an_empty_folder_agree_on_one_key),
        cmocka_unit_test(a_secret_goes_on_being_accepted_where_keys_have_taken_over),
        cmocka_unit_test(
            a_key_is_published_before_it_signs_and_the_old_one_is_accepted_until_its_last_token_is_over),
        cmocka_unit_test(the_next_rotation_removes_the_keys_that_are_over),
        cmocka_unit_test(a_folder_that_is_empty_or_damaged_for_a_while_takes_no_key_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
