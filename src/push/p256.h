/* Keys of the curve P-256 (FIPS 186-5), as Web Push has them: agreement (ECDH, SP 800-56A) and signatures (ES256, RFC 7518). By nettle, which
 * GnuTLS stands on and which opens what GnuTLS 3.7 keeps to itself. Points are 65 bytes, uncompressed (SEC 1, section 2.3.3). */
#ifndef NERDX_PUSH_P256_H
#define NERDX_PUSH_P256_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { P256_BYTES = 32, P256_POINT_BYTES = 65, P256_SIGNATURE_BYTES = 64 };

typedef struct P256Key {
    uint8_t secret[P256_BYTES];
    uint8_t point[P256_POINT_BYTES];
} P256Key;

void p256_make(P256Key *out);
/* The point of a secret; false for what is none. */
bool p256_read(const uint8_t secret[static P256_BYTES], P256Key *out);
bool p256_is_point(const uint8_t point[static P256_POINT_BYTES]);

/* What both share: the x of the product. False where the other's isn't a point of the curve. */
bool p256_agree(const P256Key *own, const uint8_t other[static P256_POINT_BYTES],
                uint8_t out[static P256_BYTES]);

/* r and s, of SHA-256. */
void p256_sign(const P256Key *key, Str text, uint8_t out[static P256_SIGNATURE_BYTES]);

#endif
