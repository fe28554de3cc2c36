/* nerdx keys: the pairs that a fleet signs its tokens with, and the next one; and secrets of the store under another key. */
#include <stdio.h>
#include <string.h>

#include "app/app.h"
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

static Err rotate_or_list(const Options *options, bool rotates)
{
    const char *folder = options_chars(options, SETTING_JWT_KEYS);

    if (folder == NULL)
        return err(INVALID, "jwt_keys: no folder is named; a single node signs with a secret and needs none");
    return rotates ? rotate(options, folder) : list(folder);
}

static Err reseal(const Options *options)
{
    AUTO_APP App app = {0};
    AuthResealed done;

    TRY(app_open_auth(options, &app));
    TRY(auth_reseal(app.auth, &done));
    printf("%lld secrets, %lld sealed anew, %lld under another key than these\n", (long long)done.all,
           (long long)done.renewed, (long long)done.unreadable);
    return done.unreadable == 0
               ? OK
               : err(CONFLICT,
                     "auth_previous_key: some can't be read: name the key that they were sealed with");
}

ExitCode keys_run(const Options *options)
{
    size_t count;
    const char *const *words = options_arguments(options, &count);
    Str word = count > 0 ? str_from(words[0]) : (Str){0};
    bool rotates = str_equal(word, STR("rotate")), reseals = str_equal(word, STR("reseal"));

    if (count > 1 || (count == 1 && !rotates && !reseals)) {
        (void)fputs("nerdx keys: say nothing more, `rotate` or `reseal`\n", stderr);
        return EXIT_USAGE_WRONG;
    }
    Err e = reseals ? reseal(options) : rotate_or_list(options, rotates);
    return failed(&e) ? command_fail("keys", &e) : EXIT_DONE;
}
