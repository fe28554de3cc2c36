#include "push/p256.h"

#include <nettle/bignum.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>
#include <nettle/ecdsa.h>
#include <nettle/sha2.h>

#include "base/random.h"

enum { UNCOMPRESSED = 4 };

static void release_scalar(struct ecc_scalar *scalar)
{
    ecc_scalar_clear(scalar);
}

static void release_point(struct ecc_point *point)
{
    ecc_point_clear(point);
}

static void release_number(mpz_t *number)
{
    mpz_clear(*number);
}

#define AUTO_SCALAR __attribute__((cleanup(release_scalar)))
#define AUTO_POINT __attribute__((cleanup(release_point)))
#define AUTO_NUMBER __attribute__((cleanup(release_number)))

static void take_random(void *context, size_t size, uint8_t *out)
{
    (void)context;
    random_bytes(out, size);
}

/* ---- between bytes and nettle */

static bool get_scalar(const uint8_t secret[static P256_BYTES], struct ecc_scalar *out)
{
    AUTO_NUMBER mpz_t number;

    mpz_init(number);
    nettle_mpz_set_str_256_u(number, P256_BYTES, secret);
    ecc_scalar_init(out, nettle_get_secp_256r1());
    return ecc_scalar_set(out, number) == 1;
}

static bool get_point(const uint8_t point[static P256_POINT_BYTES], struct ecc_point *out)
{
    AUTO_NUMBER mpz_t x, y;

    mpz_init(x);
    mpz_init(y);
    nettle_mpz_set_str_256_u(x, P256_BYTES, point + 1);
    nettle_mpz_set_str_256_u(y, P256_BYTES, point + 1 + P256_BYTES);
    ecc_point_init(out, nettle_get_secp_256r1());
    return point[0] == UNCOMPRESSED && ecc_point_set(out, x, y) == 1;
}

/* y: NULL where it isn't wanted. */
static void put_point(const struct ecc_point *point, uint8_t *out_x, uint8_t *out_y)
{
    AUTO_NUMBER mpz_t x, y;

    mpz_init(x);
    mpz_init(y);
    ecc_point_get(point, x, y);
    nettle_mpz_get_str_256(P256_BYTES, out_x, x);
    if (out_y != NULL)
        nettle_mpz_get_str_256(P256_BYTES, out_y, y);
}

/* ---- keys */

bool p256_read(const uint8_t secret[static P256_BYTES], P256Key *out)
{
    AUTO_SCALAR struct ecc_scalar scalar;
    AUTO_POINT struct ecc_point point;

    ecc_point_init(&point, nettle_get_secp_256r1());
    if (!get_scalar(secret, &scalar))
        return false;
    ecc_point_mul_g(&point, &scalar);
    memcpy(out->secret, secret, P256_BYTES);
    out->point[0] = UNCOMPRESSED;
    put_point(&point, out->point + 1, out->point + 1 + P256_BYTES);
    return true;
}

/* One of about 2^32 is outside the curve's order. */
void p256_make(P256Key *out)
{
    uint8_t secret[P256_BYTES];

    do
        random_bytes(secret, sizeof secret);
    while (!p256_read(secret, out));
}

bool p256_is_point(const uint8_t point[static P256_POINT_BYTES])
{
    AUTO_POINT struct ecc_point got;

    return get_point(point, &got);
}

bool p256_agree(const P256Key *own, const uint8_t other[static P256_POINT_BYTES],
                uint8_t out[static P256_BYTES])
{
    AUTO_SCALAR struct ecc_scalar scalar;
    AUTO_POINT struct ecc_point theirs;
    AUTO_POINT struct ecc_point both;
    bool is_key = get_scalar(own->secret, &scalar), is_point = get_point(other, &theirs);

    ecc_point_init(&both, nettle_get_secp_256r1());
    if (!is_key || !is_point)
        return false;
    ecc_point_mul(&both, &scalar, &theirs);
    put_point(&both, out, NULL);
    return true;
}

void p256_sign(const P256Key *key, Str text, uint8_t out[static P256_SIGNATURE_BYTES])
{
    AUTO_SCALAR struct ecc_scalar scalar;
    struct sha256_ctx hash;
    struct dsa_signature signature;
    uint8_t digest[SHA256_DIGEST_SIZE];

    (void)get_scalar(key->secret, &scalar);
    sha256_init(&hash);
    sha256_update(&hash, text.len, (const uint8_t *)text.data);
    sha256_digest(&hash, sizeof digest, digest);
    dsa_signature_init(&signature);
    ecdsa_sign(&scalar, NULL, take_random, sizeof digest, digest, &signature);
    nettle_mpz_get_str_256(P256_BYTES, out, signature.r);
    nettle_mpz_get_str_256(P256_BYTES, out + P256_BYTES, signature.s);
    dsa_signature_clear(&signature);
}
