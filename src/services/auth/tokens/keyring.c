#include "services/auth/tokens/keyring.h"

#include <string.h>

#include "base/buf.h"
#include "services/auth/tokens/limits.h"

Err keyring_add(Keyring *ring, const Key *key, int64_t signs_from_s)
{
    size_t at = ring->count;

    if (ring->count == KEYRING_KEYS_MAX)
        return err(TOO_LARGE, "more than %d keys: remove those that are over", KEYRING_KEYS_MAX);
    for (size_t i = 0; i < ring->count; i++)
        if (ring->keys[i].signs_from_s == signs_from_s || strcmp(ring->keys[i].key.id, key->id) == 0)
            return err(CONFLICT, "%s: the same key, or one of the same moment, is there", key->id);
    while (at > 0 && ring->keys[at - 1].signs_from_s > signs_from_s)
        at--;
    memmove(&ring->keys[at + 1], &ring->keys[at], (ring->count - at) * sizeof *ring->keys);
    ring->keys[at] = (RingKey){*key, signs_from_s, INT64_MAX};
    ring->count++;
    return OK;
}

/* Another node may go on signing with a key for as long as its clock is behind. */
void keyring_schedule(Keyring *ring, int64_t lifetime_s)
{
    for (size_t i = 0; i < ring->count; i++)
        ring->keys[i].verifies_until_s =
            i + 1 < ring->count ? ring->keys[i + 1].signs_from_s + TOKEN_CLOCKS_DIFFER_S + lifetime_s
                                : INT64_MAX;
}

const Key *keyring_signer(const Keyring *ring, int64_t now_s)
{
    const Key *signer = ring->count > 0 ? &ring->keys[0].key : NULL;

    for (size_t i = 0; i < ring->count && ring->keys[i].signs_from_s <= now_s; i++)
        signer = &ring->keys[i].key;
    return signer;
}

const Key *keyring_find(const Keyring *ring, Str id, int64_t now_s)
{
    for (size_t i = 0; i < ring->count; i++)
        if (str_equal(str_from(ring->keys[i].key.id), id))
            return now_s < ring->keys[i].verifies_until_s ? &ring->keys[i].key : NULL;
    return NULL;
}

bool keyring_same(const Keyring *a, const Keyring *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++)
        if (a->keys[i].signs_from_s != b->keys[i].signs_from_s ||
            strcmp(a->keys[i].key.id, b->keys[i].key.id) != 0)
            return false;
    return a->count == b->count;
}

Str keyring_public_keys(const Keyring *ring, Arena *arena, int64_t now_s)
{
    Buf buf = {.arena = arena};

    buf_put_char(&buf, '[');
    for (size_t i = 0; i < ring->count; i++) {
        if (now_s >= ring->keys[i].verifies_until_s)
            continue;
        if (buf.data[buf.len - 1] != '[')
            buf_put_char(&buf, ',');
        buf_put(&buf, key_public_jwk(&ring->keys[i].key, arena));
    }
    buf_put_char(&buf, ']');
    return buf_str(&buf);
}
