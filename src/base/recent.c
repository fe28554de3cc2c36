#include "base/recent.h"

#include <string.h>

#include "base/memory.h"
#include "base/thread.h"

typedef struct Place {
    Fingerprint print;
    bool taken;
} Place;

struct Recent {
    FingerprintKey key;
    pthread_mutex_t lock;
    size_t count;
    size_t value_size;
    Place *places;
    char *values;
};

Recent *recent_create(size_t places, size_t value_size)
{
    Recent *recent = memory_new(Recent);

    recent->key = fingerprint_key_new();
    (void)pthread_mutex_init(&recent->lock, NULL);
    recent->count = places;
    recent->value_size = value_size;
    recent->places = memory_zalloc(places * sizeof *recent->places);
    recent->values = memory_zalloc(places * value_size);
    return recent;
}

void recent_destroy(Recent *recent)
{
    if (recent == NULL)
        return;
    (void)pthread_mutex_destroy(&recent->lock);
    memory_free(recent->places);
    memory_free(recent->values);
    memory_free(recent);
}

Fingerprint recent_print(const Recent *recent, Str text)
{
    return fingerprint_of(&recent->key, text);
}

static size_t place_of(const Recent *recent, Fingerprint print)
{
    return print.low % recent->count;
}

bool recent_find(Recent *recent, Fingerprint print, void *value)
{
    size_t at = place_of(recent, print);

    MUTEX_HOLD(&recent->lock);
    if (!recent->places[at].taken || !fingerprint_equal(recent->places[at].print, print))
        return false;
    memcpy(value, recent->values + at * recent->value_size, recent->value_size);
    return true;
}

void recent_keep(Recent *recent, Fingerprint print, const void *value)
{
    size_t at = place_of(recent, print);

    MUTEX_HOLD(&recent->lock);
    recent->places[at] = (Place){print, true};
    memcpy(recent->values + at * recent->value_size, value, recent->value_size);
}
