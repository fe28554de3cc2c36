#include "services/agents/guards/verdicts.h"

#include "base/memory.h"
#include "base/thread.h"

typedef struct Place {
    Fingerprint print;
    bool taken;
    int rule;
} Place;

struct Verdicts {
    FingerprintKey key;
    pthread_mutex_t lock;
    Place places[VERDICTS_PLACES];
};

Verdicts *verdicts_create(void)
{
    Verdicts *verdicts = memory_new(Verdicts);

    verdicts->key = fingerprint_key_new();
    (void)pthread_mutex_init(&verdicts->lock, NULL);
    return verdicts;
}

void verdicts_destroy(Verdicts *verdicts)
{
    if (verdicts == NULL)
        return;
    (void)pthread_mutex_destroy(&verdicts->lock);
    memory_free(verdicts);
}

Fingerprint verdicts_print(const Verdicts *verdicts, Str sentence)
{
    return fingerprint_of(&verdicts->key, sentence);
}

static Place *place_of(Verdicts *verdicts, Fingerprint print)
{
    return &verdicts->places[print.low % VERDICTS_PLACES];
}

bool verdicts_find(Verdicts *verdicts, Fingerprint print, int *rule)
{
    MUTEX_HOLD(&verdicts->lock);
    const Place *place = place_of(verdicts, print);

    *rule = place->rule;
    return place->taken && fingerprint_equal(place->print, print);
}

void verdicts_keep(Verdicts *verdicts, Fingerprint print, int rule)
{
    MUTEX_HOLD(&verdicts->lock);
    *place_of(verdicts, print) = (Place){print, true, rule};
}
