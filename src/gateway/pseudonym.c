#include "gateway/pseudonym.h"

#include <endian.h>
#include <stdatomic.h>
#include <string.h>

#include "base/fingerprint.h"
#include "base/hex.h"
#include "base/memory.h"
#include "base/thread.h"

static const int64_t DAY_US = INT64_C(24) * 3600 * 1000000;

/* Read without the lock, for each line of the access log: whoever sees the same day before and after has that day's key. */
struct Pseudonyms {
    pthread_mutex_t lock;       /* of whoever changes the key */
    _Atomic int64_t day;        /* since 1970; NO_DAY while it changes */
    _Atomic uint64_t low, high; /* of that day's key */
};

static const int64_t NO_DAY = INT64_MIN;

Pseudonyms *pseudonyms_create(void)
{
    Pseudonyms *pseudonyms = memory_new(Pseudonyms);

    (void)pthread_mutex_init(&pseudonyms->lock, NULL);
    atomic_init(&pseudonyms->day, NO_DAY);
    return pseudonyms;
}

void pseudonyms_destroy(Pseudonyms *pseudonyms)
{
    if (!pseudonyms)
        return;
    (void)pthread_mutex_destroy(&pseudonyms->lock);
    explicit_bzero(pseudonyms, sizeof *pseudonyms);
    memory_free(pseudonyms);
}

static bool read_key(Pseudonyms *pseudonyms, int64_t day, FingerprintKey *out)
{
    if (atomic_load_explicit(&pseudonyms->day, memory_order_acquire) != day)
        return false;
    out->low = atomic_load_explicit(&pseudonyms->low, memory_order_acquire);
    out->high = atomic_load_explicit(&pseudonyms->high, memory_order_acquire);
    return atomic_load_explicit(&pseudonyms->day, memory_order_relaxed) == day;
}

/* A clock that is set back over midnight makes a new key, too: never an old one. */
static void change_key(Pseudonyms *pseudonyms, int64_t day)
{
    FingerprintKey key = fingerprint_key_new();

    atomic_store_explicit(&pseudonyms->day, NO_DAY, memory_order_relaxed);
    atomic_store_explicit(&pseudonyms->low, key.low, memory_order_release);
    atomic_store_explicit(&pseudonyms->high, key.high, memory_order_release);
    atomic_store_explicit(&pseudonyms->day, day, memory_order_release);
}

static FingerprintKey key_of(Pseudonyms *pseudonyms, int64_t day)
{
    FingerprintKey key;

    if (read_key(pseudonyms, day, &key))
        return key;
    MUTEX_HOLD(&pseudonyms->lock);
    while (!read_key(pseudonyms, day, &key))
        change_key(pseudonyms, day);
    return key;
}

void pseudonym_print(Pseudonyms *pseudonyms, int64_t now_us, Str consumer, char out[static PSEUDONYM_TEXT])
{
    FingerprintKey key = key_of(pseudonyms, now_us / DAY_US);
    uint64_t print = htobe64(fingerprint_word(&key, consumer));

    _Static_assert(2 * sizeof print + 1 == PSEUDONYM_TEXT, "two digits a byte, and a NUL");
    (void)hex_print(out, (const uint8_t *)&print, sizeof print);
}
