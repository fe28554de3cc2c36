/* Whose turn it is at an endpoint that hung, or was slow: it rests, and all that is for it waits, so that its trouble costs nobody else
 * their threads. After a rest one is tried; that it answers soon, whatever, ends it. */
#ifndef NERDX_SERVICES_WEBHOOKS_REST_H
#define NERDX_SERVICES_WEBHOOKS_REST_H

#include "services/webhooks/room.h"

typedef struct RestTurn {
    int64_t wait_us; /* not 0: it isn't this one's turn for so long */
    int64_t seen_us; /* else: the rest that it ends or prolongs; 0: none */
    int64_t took_us; /* to be told: how long the try took */
    bool is_taken;   /* to be told: it answered 2xx */
} RestTurn;

Err rest_ask(const Webhooks *webhooks, const WebhooksSqlEndpoint *webhook, RestTurn *out);

/* For a try that came to nothing: the next has its turn. */
Err rest_give_back(const Webhooks *webhooks, const WebhooksSqlEndpoint *webhook, const RestTurn *turn);

/* In the transaction that notes what came of the try. */
Err rest_note(Tx *tx, const Webhooks *webhooks, const WebhooksSqlEndpoint *webhook, const RestTurn *turn);

#endif
