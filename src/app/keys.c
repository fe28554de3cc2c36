/* nerdx keys: the pairs that a fleet signs its tokens with, and the next one. */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/settings.h"
#include "base/clock.h"
#include "base/time.h"
#include "services/auth/tokens/key_file.h"
#include "services/auth/tokens/key_folder.h"
#include "services/auth/tokens/limits.h"

enum { SECOND_US = 1000000 };

static const char *moment(int64_t time_s, char text[TIME_TEXT])
{
    time_print(text, time_s * SECOND_US);
    return text;
}

static void print_key(const RingKey *key, const Key *signer, int64_t now_s)
{
    char from[TIME_TEXT];
    char until[TIME_TEXT];

    printf("%s  %-20s  ", key->key.id,
           key->signs_from_s > 0 ? moment(key->signs_from_s, from) : "from the beginning");
    if (&key->key == signer)
        puts("signs");
    else if (key->signs_from_s > now_s)
        puts("is published, and will sign");
    else if (now_s >= key->verifies_until_s)
        puts("is over: the next rotation removes it");
    else
        printf("is accepted until %s\n", moment(key->verifies_until_s, until));
}

static Err list(const char *folder)
{
    int64_t now_s = clock_wall_us(clock_system()) / SECOND_US;
    Keyring ring;

    TRY(key_files_read(folder, TOKEN_LIFETIME_S, &ring));
    const Key *signer = keyring_signer(&ring, now_s);
    for (size_t i = 0; i < ring.count; i++)
        print_key(&ring.keys[i], signer, now_s);
    explicit_bzero(&ring, sizeof ring);
    return OK;
}

static Err rotate(const Options *options, const char *folder)
{
    int64_t ahead_s = options_int(options, SETTING_JWT_KEYS_AHEAD) / SECOND_US;
    int64_t from_s;

    TRY(keys_rotate(folder, clock_system(), ahead_s, TOKEN_LIFETIME_S, &from_s));
    return list(folder);
}

ExitCode keys_run(const Options *options)
{
    const char *folder = options_chars(options, SETTING_JWT_KEYS);
    size_t count;
    const char *const *words = options_arguments(options, &count);
    bool rotates = count == 1 && str_equal(str_from(words[0]), STR("rotate"));
    Err e = err(INVALID, "jwt_keys: no folder is named; a single node signs with a secret and needs none");

    if (count > 0 && !rotates) {
        (void)fputs("nerdx keys: say nothing more, or `rotate`\n", stderr);
        return EXIT_USAGE_WRONG;
    }
    if (folder != NULL)
        e = rotates ? rotate(options, folder) : list(folder);
    return failed(&e) ? command_fail("keys", &e) : EXIT_DONE;
}
