#include "services/auth/tokens/secret.h"

#include <string.h>

#include "base/file.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/random.h"
#include "services/auth/tokens/limits.h"

static Err make(const char *path)
{
    uint8_t bytes[TOKEN_SECRET_BYTES_MIN];
    char text[2 * sizeof bytes + 1];

    random_bytes(bytes, sizeof bytes);
    *hex_print(text, bytes, sizeof bytes) = '\n';
    Err e = file_make_private(path, (Str){text, sizeof text});
    explicit_bzero(bytes, sizeof bytes);
    explicit_bzero(text, sizeof text);
    if (!failed(&e))
        log_info("a secret was made: nobody gave one", log_chars("file", path));
    return e.code == CONFLICT ? OK : e; /* another process was faster: its secret is ours */
}

Err secret_from_file(Arena *arena, const char *path, Str *out)
{
    Err e = file_read_private(arena, path, 2 * (size_t)TOKEN_SECRET_BYTES_MAX, out);

    if (e.code == NOT_FOUND) {
        TRY(make(path));
        e = file_read_private(arena, path, 2 * (size_t)TOKEN_SECRET_BYTES_MAX, out);
    }
    *out = failed(&e) ? (Str){0} : str_trim(*out);
    return e;
}
