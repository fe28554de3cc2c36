/* A place to try tokens on: a clock that stands still, a secret and, where it is wanted, a folder of keys; and the tokens of
 * somebody who writes his own. */
#ifndef NERDX_TESTS_AUTH_TOKENS_BENCH_H
#define NERDX_TESTS_AUTH_TOKENS_BENCH_H

#include "check.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/base64url.h"
#include "services/auth/tokens/key.h"
#include "services/auth/tokens/tokens.h"

#define SECRET STR("0123456789abcdef0123456789abcdef")
#define NOW_S INT64_C(1764000000)
#define SECOND_US INT64_C(1000000)

typedef struct Bench {
    ManualClock clock;
    Arena arena;
    Tokens *tokens;
    char folder[32]; /* "" without one */
} Bench;

static inline void folder_make(char folder[32])
{
    (void)snprintf(folder, 32, "/tmp/nerdx-keys-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

static inline void folder_remove(const char *folder)
{
    DIR *open = opendir(folder);
    char path[300];

    for (const struct dirent *entry; open != NULL && (entry = readdir(open)) != NULL;) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        (void)unlink(path);
    }
    if (open != NULL)
        (void)closedir(open);
    (void)rmdir(folder);
}

/* secret: SECRET when the config has none. */
static inline void bench_make(Bench *bench, bool with_keys, TokensConfig config)
{
    *bench = (Bench){0};
    manual_clock_init(&bench->clock, NOW_S * SECOND_US);
    if (with_keys)
        folder_make(bench->folder);
    config.clock = &bench->clock.clock;
    config.keys_folder = with_keys ? bench->folder : config.keys_folder;
    if (config.secret.data == NULL)
        config.secret = SECRET;
    check_ok(tokens_create(&config, &bench->tokens));
}

static inline void bench_finish(Bench *bench)
{
    tokens_destroy(bench->tokens);
    if (bench->folder[0] != '\0')
        folder_remove(bench->folder);
    arena_finish(&bench->arena);
}
#define AUTO_BENCH __attribute__((cleanup(bench_finish)))

static inline Str issue(Bench *bench, Claims claims)
{
    Str token;

    if (claims.subject.data == NULL)
        claims.subject = STR("kim");
    check_ok(tokens_issue(bench->tokens, &bench->arena, &claims, &token));
    return token;
}

/* A token with this head and payload as they are, really signed by the key; an empty signature without one. */
static inline Str forge(Arena *arena, const Key *key, Str head, Str payload)
{
    uint8_t signature[KEY_SIGNATURE_BYTES_MAX];
    Str text = str_format(arena, "%.*s.%.*s", STR_ARG(base64url_write(arena, head)),
                          STR_ARG(base64url_write(arena, payload)));
    size_t length = key != NULL ? key_sign(key, text, signature) : 0;

    return str_format(arena, "%.*s.%.*s", STR_ARG(text),
                      STR_ARG(base64url_write(arena, (Str){(const char *)signature, length})));
}

#endif
