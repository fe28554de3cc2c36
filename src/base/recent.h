/* What was found out about texts before, for those that come again. Bounded: what comes to another's place takes it. Only fingerprints
 * are kept, no text of anybody. Thread-safe.
 *
 *     Fingerprint print = recent_print(recent, text);
 *     if (!recent_find(recent, print, &value)) {
 *         value = work(text);
 *         recent_keep(recent, print, &value);
 *     } */
#ifndef NERDX_BASE_RECENT_H
#define NERDX_BASE_RECENT_H

#include <stddef.h>

#include "base/fingerprint.h"

typedef struct Recent Recent;

/* Values have value_size bytes, and are copied as they are. */
Recent *recent_create(size_t places, size_t value_size);
void recent_destroy(Recent *recent); /* accepts NULL */

Fingerprint recent_print(const Recent *recent, Str text);

/* False when it isn't known; then the value stays as it was. */
bool recent_find(Recent *recent, Fingerprint print, void *value);
void recent_keep(Recent *recent, Fingerprint print, const void *value);

#endif
