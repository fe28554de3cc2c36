/* What attacks on tokens need: tokens that are good but for one thing, and the demand that they are refused for it. */
#ifndef NERDX_TESTS_AUTH_TOKENS_ATTACK_H
#define NERDX_TESTS_AUTH_TOKENS_ATTACK_H

#include "bench.h"

#include <string.h>

#include "services/auth/tokens/key_file.h"

#define GOOD_HEAD "{\"alg\":\"HS256\"}"
#define TIMES "\"iat\":1764000000,\"exp\":1764003600"
#define OURS "\"iss\":\"nerdx\",\"aud\":\"nerdx\""
#define GOOD_CLAIMS "{" OURS ",\"sub\":\"kim\"," TIMES "}"

typedef struct Setting {
    Bench bench;
    Key secret;
    Key pair; /* the one that signs here */
} Setting;

static Setting setting;

static inline int set_up(void **state)
{
    (void)state;
    AUTO_ARENA Arena scratch = {0};

    bench_make(&setting.bench, true, (TokensConfig){0});
    check_ok(key_from_secret("secret", SECRET, &setting.secret));
    check_ok(key_file_read(key_file_path(&scratch, setting.bench.folder, 0), &setting.pair));
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    bench_finish(&setting.bench);
    return 0;
}

static inline Err verify(Str token)
{
    Claims claims;
    Err e = tokens_verify(setting.bench.tokens, &setting.bench.arena, token, &claims);

    assert_true(!failed(&e) || claims.subject.data == NULL);
    return e;
}

/* why: what the log is told; "" when there are several right reasons. */
static inline void check_refused(const char *what, Str token, const char *why)
{
    Err e = verify(token);

    if (e.code == UNAUTHORIZED && strcmp(e.message, "The token isn't valid here: sign in") == 0 &&
        strstr(e.detail, why) != NULL)
        return;
    print_error("%s: %s: %s (%s), wanted: %s\n", what, err_kind(e.code)->name, e.message, e.detail, why);
    fail();
}

/* Signed by the secret, so that nothing but what the row changes is wrong. */
typedef struct Row {
    const char *head;
    const char *claims;
    const char *why;
} Row;

static inline void check_rows(const Row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_refused(rows[i].claims == NULL ? rows[i].head : rows[i].claims,
                      forge(&setting.bench.arena, &setting.secret,
                            str_from(rows[i].head ? rows[i].head : GOOD_HEAD),
                            str_from(rows[i].claims ? rows[i].claims : GOOD_CLAIMS)),
                      rows[i].why);
}

static inline Str good_token(void)
{
    return forge(&setting.bench.arena, &setting.secret, STR(GOOD_HEAD), STR(GOOD_CLAIMS));
}

#endif
