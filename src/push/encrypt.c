#include "push/encrypt.h"

#include <nettle/gcm.h>
#include <nettle/hkdf.h>
#include <nettle/hmac.h>

#include "base/buf.h"
#include "base/random.h"

enum {
    RECORD_SIZE = 4096,
    KEY_BYTES = 16,
    NONCE_BYTES = 12,
    SECRET_BYTES = 32,
    LAST_RECORD = 2, /* RFC 8188, section 2 */
};

void push_once_make(PushOnce *out)
{
    p256_make(&out->key);
    random_bytes(out->salt, sizeof out->salt);
}

/* HKDF (RFC 5869) of at most one block. */
static void derive(const uint8_t *salt, size_t salt_size, const uint8_t secret[static SECRET_BYTES], Str info,
                   uint8_t *out, size_t size)
{
    struct hmac_sha256_ctx mac;
    uint8_t drawn[SHA256_DIGEST_SIZE];

    hmac_sha256_set_key(&mac, salt_size, salt);
    hkdf_extract(&mac, (nettle_hash_update_func *)hmac_sha256_update,
                 (nettle_hash_digest_func *)hmac_sha256_digest, sizeof drawn, SECRET_BYTES, secret, drawn);
    hmac_sha256_set_key(&mac, sizeof drawn, drawn);
    hkdf_expand(&mac, (nettle_hash_update_func *)hmac_sha256_update,
                (nettle_hash_digest_func *)hmac_sha256_digest, sizeof drawn, info.len,
                (const uint8_t *)info.data, size, out);
}

/* RFC 8291, section 3.4. */
static bool derive_secret(Arena *arena, const PushReader *reader, const P256Key *own,
                          uint8_t out[static SECRET_BYTES])
{
    uint8_t shared[P256_BYTES];
    Buf info = {.arena = arena};

    if (!p256_agree(own, reader->point, shared))
        return false;
    buf_put(&info, STR("WebPush: info\0"));
    buf_put(&info, (Str){(const char *)reader->point, sizeof reader->point});
    buf_put(&info, (Str){(const char *)own->point, sizeof own->point});
    derive(reader->auth, sizeof reader->auth, shared, buf_str(&info), out, SECRET_BYTES);
    return true;
}

static void seal(const PushOnce *once, const uint8_t secret[static SECRET_BYTES], Str record, uint8_t *out)
{
    struct gcm_aes128_ctx cipher;
    uint8_t key[KEY_BYTES], nonce[NONCE_BYTES];

    derive(once->salt, sizeof once->salt, secret, STR("Content-Encoding: aes128gcm\0"), key, sizeof key);
    derive(once->salt, sizeof once->salt, secret, STR("Content-Encoding: nonce\0"), nonce, sizeof nonce);
    gcm_aes128_set_key(&cipher, key);
    gcm_aes128_set_iv(&cipher, sizeof nonce, nonce);
    gcm_aes128_encrypt(&cipher, record.len, out, (const uint8_t *)record.data);
    gcm_aes128_digest(&cipher, GCM_DIGEST_SIZE, out + record.len);
}

/* RFC 8188, section 2.1. */
static void put_head(Buf *out, const PushOnce *once)
{
    static const char SIZE_AND_LENGTH[] = {0, 0, RECORD_SIZE >> 8, 0, P256_POINT_BYTES};

    buf_put(out, (Str){(const char *)once->salt, sizeof once->salt});
    buf_put(out, (Str){SIZE_AND_LENGTH, sizeof SIZE_AND_LENGTH});
    buf_put(out, (Str){(const char *)once->key.point, sizeof once->key.point});
}

bool push_encrypt(Arena *arena, const PushReader *reader, const PushOnce *once, Str text, size_t least,
                  Str *out)
{
    Buf message = {.arena = arena}, record = {.arena = arena};
    uint8_t secret[SECRET_BYTES];

    if (text.len > PUSH_TEXT_MAX || least > PUSH_TEXT_MAX ||
        !derive_secret(arena, reader, &once->key, secret))
        return false;
    buf_put(&record, text);
    buf_put_char(&record, LAST_RECORD);
    while (record.len < least + 1)
        buf_put_char(&record, 0);
    put_head(&message, once);
    seal(once, secret, buf_str(&record), (uint8_t *)buf_reserve(&message, record.len + GCM_DIGEST_SIZE));
    message.len += record.len + GCM_DIGEST_SIZE;
    *out = buf_str(&message);
    return true;
}
