/* What has happened, as the contract says it (api/events.yaml): generated code has a row a type, and makes and reads what is told.
 * Telling and hearing it: stores/queue/events.h. */
#ifndef NERDX_HTTP_CONTRACT_EVENT_H
#define NERDX_HTTP_CONTRACT_EVENT_H

#include "http/contract/shape.h"

/* Attributes of CloudEvents 1.0. */
typedef struct EventType {
    Str name;   /* type: nerdx.auth.user.signed_up.v1 */
    Str source; /* urn:nerdx:auth */
    Str schema; /* dataschema */
    const Shape *data;
} EventType;

/* One that is to be told. */
typedef struct EventNew {
    const EventType *type;
    Str subject; /* the aggregate: those with the same one are heard in the order they were told in */
    Json data;
} EventNew;

/* data: the struct that type describes. Errors: INTERNAL when it breaks the contract. */
Err event_make(const EventType *type, Arena *arena, Str subject, const void *data, EventNew *out);

/* What a later program says beyond what we know is passed over. Errors: INVALID. */
Err event_read(const EventType *type, Arena *arena, Json data, void *out);

#endif
