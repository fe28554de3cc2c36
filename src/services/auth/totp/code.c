#include "services/auth/totp/code.h"

#include <gnutls/crypto.h>
#include <sodium.h>

#include "base/buf.h"
#include "http/target.h"

enum { SHA1_BYTES = 20, BYTE_BITS = 8 };

/* RFC 4226, section 5.3: 31 bits from where the last four bits say. */
static uint32_t truncate_hash(const uint8_t hash[static SHA1_BYTES])
{
    enum { LOW_NIBBLE = 15, SIGN = 0x80 };
    const uint8_t *from = hash + (hash[SHA1_BYTES - 1] & LOW_NIBBLE);
    uint32_t value = from[0] & (SIGN - 1U);

    for (int i = 1; i < 4; i++)
        value = value << BYTE_BITS | from[i];
    return value;
}

Err totp_code(Arena *arena, Str secret, int64_t step, int digits, Str *out)
{
    enum { TEN = 10 };
    uint8_t counter[sizeof step];
    uint8_t hash[SHA1_BYTES];
    uint32_t bound = 1;

    for (size_t i = 0; i < sizeof counter; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (sizeof counter - 1 - i) * BYTE_BITS);
    if (gnutls_hmac_fast(GNUTLS_MAC_SHA1, secret.data, secret.len, counter, sizeof counter, hash) < 0)
        return err(INTERNAL, "HMAC-SHA-1 can't be used on this machine");
    for (int i = 0; i < digits; i++)
        bound *= TEN;
    *out = str_format(arena, "%0*u", digits, truncate_hash(hash) % bound);
    return OK;
}

Err totp_find(Arena *arena, Str secret, int64_t now_s, Str code, int64_t *step)
{
    int64_t now_step = now_s / TOTP_STEP_S;

    *step = -1;
    for (int64_t near = now_step - TOTP_DRIFT_STEPS; near <= now_step + TOTP_DRIFT_STEPS; near++) {
        Str right;
        TRY(totp_code(arena, secret, near, TOTP_DIGITS, &right));
        if (code.len == right.len && sodium_memcmp(code.data, right.data, right.len) == 0)
            *step = near;
    }
    return OK;
}

Str totp_uri(Arena *arena, Str secret_base32, Str name)
{
    Buf uri = {.arena = arena};

    buf_put(&uri, STR("otpauth://totp/NERDX:"));
    target_put_encoded(&uri, name);
    buf_format(&uri, "?secret=%.*s&issuer=NERDX&algorithm=SHA1&digits=%d&period=%d", STR_ARG(secret_base32),
               TOTP_DIGITS, TOTP_STEP_S);
    return buf_str(&uri);
}
