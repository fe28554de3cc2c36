/* What can happen (EventKind of api/analytics.yaml), and how it is kept. */
#ifndef NERDX_SERVICES_ANALYTICS_KINDS_H
#define NERDX_SERVICES_ANALYTICS_KINDS_H

#include "api/analytics.h"

typedef struct KindRow {
    uint8_t code;      /* in the store, for good */
    bool is_necessary; /* counted without consent, too: what the shop can't be run without */
} KindRow;

extern const KindRow KIND_ROWS[EVENT_KIND_COUNT];

/* False: the store has a kind that this program doesn't know. */
bool kind_of_code(uint8_t code, EventKind *out);

#endif
