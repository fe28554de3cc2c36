#include "services/auth/tokens/key_file.h"

#include <dirent.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/random.h"
#include "base/base64url.h"

enum { KEY_FILE_BYTES_MAX = 4096 };

#define NAME_BEGIN "ed25519-"
#define NAME_END ".jwk"

/* ---- names */

bool key_file_moment(Str name, int64_t *signs_from_s)
{
    if (!str_starts(name, STR(NAME_BEGIN)) || !str_ends(name, STR(NAME_END)))
        return false;
    Str moment = str_slice(name, sizeof NAME_BEGIN - 1, name.len - (sizeof NAME_END - 1));
    return moment.len > 0 && moment.data[0] >= '0' && moment.data[0] <= '9' &&
           str_to_int(moment, signs_from_s);
}

const char *key_file_path(Arena *arena, const char *folder, int64_t signs_from_s)
{
    return str_c(arena, str_format(arena, "%s/" NAME_BEGIN "%lld" NAME_END, folder, (long long)signs_from_s));
}

/* ---- one */

/* The public half, and the name where there is one, must be those of the secret half: a file that was put together
 * by hand isn't guessed at. */
static Err read_jwk(Arena *arena, const char *path, Str text, Key *out)
{
    const json_t *jwk;
    Str seed;

    Err e = json_read_into(arena, text, &jwk);
    if (failed(&e))
        return err(INVALID, "%s: %s", path, e.message);
    if (!str_equal(json_str_at(jwk, "kty"), STR("OKP")) ||
        !str_equal(json_str_at(jwk, "crv"), STR("Ed25519")))
        return err(INVALID, "%s: no JWK with `kty` OKP and `crv` Ed25519", path);
    if (!base64url_read(arena, json_str_or_empty(jwk, "d"), &seed) || seed.len != crypto_sign_SEEDBYTES)
        return err(INVALID, "%s: `d` isn't 32 bytes in base64url", path);
    key_from_seed((const uint8_t *)seed.data, out);
    if (!str_equal(json_str_at(jwk, "x"), key_public_text(out, arena)))
        return err(INVALID, "%s: `x` isn't the public half of `d`", path);
    if (json_object_get(jwk, "kid") != NULL && !str_equal(json_str_at(jwk, "kid"), str_from(out->id)))
        return err(INVALID, "%s: `kid` isn't the key's thumbprint, %s", path, out->id);
    return OK;
}

Err key_file_read(const char *path, Key *out)
{
    AUTO_ARENA Arena scratch = {0};
    Str text;

    TRY(file_read_private(&scratch, path, KEY_FILE_BYTES_MAX, &text));
    return read_jwk(&scratch, path, text, out);
}

Err key_file_make(const char *folder, int64_t signs_from_s)
{
    AUTO_ARENA Arena scratch = {0};
    uint8_t seed[crypto_sign_SEEDBYTES];
    Key key;

    random_bytes(seed, sizeof seed);
    key_from_seed(seed, &key);
    Str public_half = key_public_jwk(&key, &scratch);
    Str secret_half = base64url_write(&scratch, (Str){(const char *)seed, sizeof seed});
    Str jwk = str_format(&scratch, "%.*s,\"d\":\"%.*s\"}\n", (int)public_half.len - 1, public_half.data,
                         STR_ARG(secret_half));
    Err e = file_make_private(key_file_path(&scratch, folder, signs_from_s), jwk);
    explicit_bzero(seed, sizeof seed);
    explicit_bzero(&key, sizeof key);
    explicit_bzero((char *)secret_half.data, secret_half.len);
    explicit_bzero((char *)jwk.data, jwk.len);
    return e;
}

/* ---- all of a folder */

static void close_folder(DIR **folder)
{
    if (*folder != NULL)
        (void)closedir(*folder);
}

Err key_files_read(const char *folder, int64_t lifetime_s, Keyring *out)
{
    AUTO_ARENA Arena scratch = {0};
    __attribute__((cleanup(close_folder))) DIR *open = opendir(folder);
    const struct dirent *entry;
    int64_t signs_from_s;
    Key key;

    *out = (Keyring){0};
    if (sodium_init() < 0)
        return err(INTERNAL, "libsodium can't be used on this machine");
    if (open == NULL)
        return file_error(folder);
    while ((entry = readdir(open)) != NULL) {
        if (!key_file_moment(str_from(entry->d_name), &signs_from_s))
            continue;
        TRY(key_file_read(str_c(&scratch, str_format(&scratch, "%s/%s", folder, entry->d_name)), &key));
        TRY(keyring_add(out, &key, signs_from_s));
    }
    keyring_schedule(out, lifetime_s);
    return OK;
}
