#include "gateway/pseudonym.h"

#include <endian.h>
#include <string.h>

#include "base/fingerprint.h"
#include "base/hex.h"
#include "base/memory.h"
#include "base/thread.h"

static const int64_t DAY_US = INT64_C(24) * 3600 * 1000000;

struct Pseudonyms {
    pthread_mutex_t lock;
    int64_t day;        /* since 1970 */
    FingerprintKey key; /* of that day */
};

Pseudonyms *pseudonyms_create(void)
{
    Pseudonyms *pseudonyms = memory_new(Pseudonyms);

    (void)pthread_mutex_init(&pseudonyms->lock, NULL);
    pseudonyms->day = INT64_MIN;
    return pseudonyms;
}

void pseudonyms_destroy(Pseudonyms *pseudonyms)
{
    if (!pseudonyms)
        return;
    (void)pthread_mutex_destroy(&pseudonyms->lock);
    explicit_bzero(&pseudonyms->key, sizeof pseudonyms->key);
    memory_free(pseudonyms);
}

/* A clock that is set back over midnight makes a new key, too: never an old one. */
static FingerprintKey key_of(Pseudonyms *pseudonyms, int64_t day)
{
    MUTEX_HOLD(&pseudonyms->lock);
    if (day != pseudonyms->day)
        pseudonyms->key = fingerprint_key_new();
    pseudonyms->day = day;
    return pseudonyms->key;
}

void pseudonym_print(Pseudonyms *pseudonyms, int64_t now_us, Str consumer, char out[static PSEUDONYM_TEXT])
{
    FingerprintKey key = key_of(pseudonyms, now_us / DAY_US);
    uint64_t print = htobe64(fingerprint_word(&key, consumer));

    _Static_assert(2 * sizeof print + 1 == PSEUDONYM_TEXT, "two digits a byte, and a NUL");
    (void)hex_print(out, (const uint8_t *)&print, sizeof print);
}
