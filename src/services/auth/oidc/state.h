/* What is remembered of a sign-in while the browser is at the provider. */
#ifndef NERDX_SERVICES_AUTH_OIDC_STATE_H
#define NERDX_SERVICES_AUTH_OIDC_STATE_H

#include "stores/kv/kv.h"

typedef struct Flow {
    Str provider;
    Str nonce;
    Str verifier;
    Str browser; /* the hash of the browser's mark */
    Str return_to;
    Str user_id; /* absent: nobody was known */
} Flow;

/* Errors: UNAVAILABLE. */
Err flow_put(Kv *kv, Arena *arena, Str state, const Flow *flow);

/* It is gone then: of many that ask with one state, one gets it. Errors: INVALID when there is none (any more); UNAVAILABLE. */
Err flow_take(Kv *kv, Arena *arena, Str state, Flow *out);

#endif
