/* What the room consists of. */
#ifndef NERDX_SERVICES_WEBHOOKS_ROOM_H
#define NERDX_SERVICES_WEBHOOKS_ROOM_H

#include <pthread.h>

#include "services/webhooks/webhooks.h"
#include "services/webhooks/webhooks_sql.h"

enum { WEBHOOKS_MOST = 100, WEBHOOK_KEEP_DAYS = 30, WEBHOOK_TWO_SECRETS_S = 24 * 3600, WEBHOOK_TRY_S = 30 };

#define US_PER_S INT64_C(1000000)
#define WEBHOOK_DELIVER "webhooks.deliver"
#define WEBHOOK_CONSUMER "webhooks"

struct Webhooks {
    WebhooksConfig config;
    Sql *sql;
    Queue *queue;
    Worker *worker; /* NULL: others do its jobs */
    pthread_mutex_t lock;
    struct RestPost *posts; /* under way in this process, in the order they began; the lock guards them */
};

static inline int64_t webhooks_now_us(const Webhooks *webhooks)
{
    return clock_wall_us(webhooks->config.clock);
}

/* Whether its types ask for one. */
bool webhook_wants(const WebhooksSqlEndpoint *webhook, Str type);

/* A message is on its way to it, within tx; again, where it was before. */
Err webhook_send(const Webhooks *webhooks, Tx *tx, Arena *arena, Str webhook_id, Str event_id);

/* The jobs: posting one, throwing away what is old. */
Err webhooks_deliver(JobRun *run);
Err webhooks_sweep(JobRun *run);
Err webhooks_give_up(Tx *tx, Arena *arena, const JobGivenUp *job);
extern const JobRetry WEBHOOK_RETRY;

#endif
