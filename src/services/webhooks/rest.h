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

/* One that is under way. Where an endpoint begins to hang all but the first give way once they are slow, and no other begins: what it holds
 * until it is known to hang, and rests, is one thread of a process. */
typedef struct RestPost {
    Str webhook_id;
    int64_t begun_us; /* monotonic */
    struct RestPost *next;
} RestPost;

bool rest_begin_post(Webhooks *webhooks, RestPost *post); /* false: one before it is slow, it isn't begun */
bool rest_gives_way(Webhooks *webhooks, const RestPost *post);
void rest_end_post(Webhooks *webhooks, const RestPost *post);

/* In the transaction that notes what came of the try. */
Err rest_note(Tx *tx, const Webhooks *webhooks, const WebhooksSqlEndpoint *webhook, const RestTurn *turn);

#endif
