#include "services/auth/passwords/hasher.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"

enum { US_PER_MS = 1000, COME_BACK_S = 2 };

struct Hasher {
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    int running;
    int waiting;
    char nobodys[crypto_pwhash_STRBYTES]; /* what is verified where there is no hash */
};

static bool make(const char *password, size_t len, char out[static crypto_pwhash_STRBYTES])
{
    return crypto_pwhash_str_alg(out, password, len, HASHER_PASSES, HASHER_MEMORY_BYTES,
                                 crypto_pwhash_ALG_ARGON2ID13) == 0;
}

Err hasher_create(Hasher **out)
{
    Hasher *hasher = *out = memory_new(Hasher);
    char password[crypto_pwhash_STRBYTES];

    (void)pthread_mutex_init(&hasher->lock, NULL);
    cond_init(&hasher->changed);
    randombytes_buf(password, sizeof password);
    return make(password, sizeof password, hasher->nobodys)
               ? OK
               : err(UNAVAILABLE, "there is no memory to hash a password (%d bytes)", HASHER_MEMORY_BYTES);
}

void hasher_destroy(Hasher *hasher)
{
    if (hasher == NULL)
        return;
    (void)pthread_cond_destroy(&hasher->changed);
    (void)pthread_mutex_destroy(&hasher->lock);
    memory_free(hasher);
}

static Err busy(void)
{
    return err_retry_after(err(UNAVAILABLE, "Too many people sign in just now: come back in a moment."),
                           COME_BACK_S);
}

static Err enter(Hasher *hasher)
{
    int64_t until_us = clock_monotonic_us(clock_system()) + (int64_t)HASHER_WAIT_MS * US_PER_MS;
    bool in_time = true;

    MUTEX_HOLD(&hasher->lock);
    if (hasher->running == HASHER_AT_ONCE && hasher->waiting == HASHER_MOST_WAITING)
        return busy();
    hasher->waiting++;
    while (in_time && hasher->running == HASHER_AT_ONCE)
        in_time = cond_wait_until(&hasher->changed, &hasher->lock, until_us);
    hasher->waiting--;
    if (hasher->running == HASHER_AT_ONCE)
        return busy();
    hasher->running++;
    return OK;
}

static void leave(Hasher *hasher)
{
    MUTEX_HOLD(&hasher->lock);
    hasher->running--;
    (void)pthread_cond_signal(&hasher->changed);
}

Err hasher_hash(Hasher *hasher, Arena *arena, Str password, Str *hash)
{
    char *text = arena_alloc(arena, crypto_pwhash_STRBYTES);

    TRY(enter(hasher));
    bool made = make(password.data, password.len, text);
    leave(hasher);
    *hash = str_from(text);
    return made ? OK : busy();
}

Err hasher_verify(Hasher *hasher, Arena *arena, Str hash, Str password, bool *is_right)
{
    const char *compared = hash.data != NULL ? str_c(arena, hash) : hasher->nobodys;

    TRY(enter(hasher));
    *is_right = crypto_pwhash_str_verify(compared, password.data, password.len) == 0 && hash.data != NULL;
    leave(hasher);
    return OK;
}

bool hasher_is_weak(Arena *arena, Str hash)
{
    return crypto_pwhash_str_needs_rehash(str_c(arena, hash), HASHER_PASSES, HASHER_MEMORY_BYTES) != 0;
}
