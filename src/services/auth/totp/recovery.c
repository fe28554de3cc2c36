#include "services/auth/totp/recovery.h"

#include <ctype.h>

#include "base/buf.h"
#include "base/random.h"
#include "services/auth/opaque.h"
#include "services/auth/totp/base32.h"
#include "services/auth/totp_sql.h"

enum { CODE_BYTES = 15, GROUP = 4 };

static char lower(char c)
{
    return (char)tolower((unsigned char)c);
}

static Str make_one(Arena *arena)
{
    uint8_t bytes[CODE_BYTES];
    Buf text = {.arena = arena};

    random_bytes(bytes, sizeof bytes);
    Str digits = base32_write(arena, (Str){(const char *)bytes, sizeof bytes});
    for (size_t i = 0; i < digits.len; i++) {
        if (i > 0 && i % GROUP == 0)
            buf_put_char(&text, '-');
        buf_put_char(&text, lower(digits.data[i]));
    }
    return buf_str(&text);
}

Str *recovery_make(Arena *arena)
{
    Str *codes = arena_array(arena, Str, RECOVERY_CODES);

    for (int i = 0; i < RECOVERY_CODES; i++)
        codes[i] = make_one(arena);
    return codes;
}

static Str hash_of(Arena *arena, Str typed)
{
    Buf text = {.arena = arena};

    buf_init(&text, arena, typed.len + 1);
    for (size_t i = 0; i < typed.len; i++)
        if (typed.data[i] != '-' && typed.data[i] != ' ')
            buf_put_char(&text, lower(typed.data[i]));
    return opaque_hash(arena, buf_str(&text));
}

Err recovery_put(Tx *tx, Arena *arena, Str user_id, const Str *codes)
{
    TRY(totp_sql_erase_recovery_codes(tx, user_id, NULL));
    for (int i = 0; i < RECOVERY_CODES; i++)
        TRY(totp_sql_add_recovery_code(tx, hash_of(arena, codes[i]), user_id, NULL));
    return OK;
}

Err recovery_use(Tx *tx, Arena *arena, Str user_id, Str typed, bool *was_right)
{
    int64_t used;

    TRY(totp_sql_use_recovery_code(tx, hash_of(arena, typed), user_id, &used));
    *was_right = used == 1;
    return OK;
}
