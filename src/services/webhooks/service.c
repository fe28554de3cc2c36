#include <sodium.h>

#include "base/log.h"
#include "base/memory.h"
#include "services/webhooks/room.h"

enum { SWEEP_LIMIT_S = 600, DRAIN_MS = 5000 };

static const JobKind KINDS[] = {
    {.name = WEBHOOK_DELIVER,
     .run = webhooks_deliver,
     .retry = &WEBHOOK_RETRY,
     .time_limit_s = WEBHOOK_TRY_S,
     .tells = JOB_TELLS_NOTHING,
     .given_up = webhooks_give_up},
    {.name = "webhooks.sweep",
     .run = webhooks_sweep,
     .retry = &JOB_RETRY_DOUBLING,
     .time_limit_s = SWEEP_LIMIT_S,
     .most_at_once = 1,
     .cron = "41 4 * * *"},
};

JobTable webhooks_jobs(void)
{
    return (JobTable){.service = "webhooks", .kinds = KINDS, .kind_count = sizeof KINDS / sizeof *KINDS};
}

/* ---- under the key that there is now */

typedef struct Resealing {
    const Webhooks *webhooks;
    Arena *arena;
} Resealing;

static Err renew(const Resealing *resealing, Str sealed, Str owner, Str *out)
{
    const WebhookSeal *seal = &resealing->webhooks->config.seal;
    Str plain;

    *out = STR("");
    if (sealed.len == 0)
        return OK;
    TRY(seal->open(seal->context, resealing->arena, sealed, owner, &plain));
    *out = seal->close(seal->context, resealing->arena, plain, owner);
    return OK;
}

/* What can't be read stays as it is. What is for such a webhook waits, and says why; the secret before matters for a day only. */
static Err reseal_one(const Resealing *resealing, Tx *tx, const WebhooksSqlEndpoint *webhook)
{
    Str secret, previous;
    Err e = renew(resealing, webhook->secret, webhook->webhook_id, &secret);

    if (failed(&e)) {
        log_warn("a webhook's secret can't be read: rotate it", log_text("webhook_id", webhook->webhook_id),
                 log_err(&e));
        return OK;
    }
    e = renew(resealing, webhook->previous_secret, webhook->webhook_id, &previous);
    if (failed(&e))
        previous = webhook->previous_secret;
    return webhooks_sql_reseal(tx, webhook->webhook_id, webhook->secret, secret, previous, NULL);
}

static Err reseal_all(void *context, Tx *tx)
{
    const Resealing *resealing = context;
    WebhooksSqlEndpoint *rows;
    size_t count;

    TRY(webhooks_sql_list(NULL, tx, resealing->arena, &rows, &count));
    for (size_t i = 0; i < count; i++)
        TRY(reseal_one(resealing, tx, &rows[i]));
    return OK;
}

/* ---- */

static Err open_all(Webhooks *webhooks)
{
    AUTO_ARENA Arena arena = {0};
    Resealing resealing = {webhooks, &arena};

    arena_init(&arena);
    TRY(sql_open(webhooks->config.store, WEBHOOKS_SQL_MIGRATIONS, &webhooks->sql));
    TRY(sql_transact(webhooks->sql, reseal_all, &resealing));
    return queue_open(&(QueueConfig){webhooks_jobs(), webhooks->sql, webhooks->config.clock, webhooks},
                      &webhooks->queue);
}

Err webhooks_create(const WebhooksConfig *config, Webhooks **out)
{
    Webhooks *webhooks = memory_new(Webhooks);

    webhooks->config = *config;
    (void)pthread_mutex_init(&webhooks->lock, NULL);
    if (config->clock == NULL)
        webhooks->config.clock = clock_system();
    Err e = sodium_init() < 0 ? err(INTERNAL, "libsodium can't be set up") : open_all(webhooks);
    *out = failed(&e) ? NULL : webhooks;
    if (failed(&e))
        webhooks_destroy(webhooks);
    return e;
}

void webhooks_destroy(Webhooks *webhooks)
{
    if (webhooks == NULL)
        return;
    (void)worker_stop(webhooks->worker, DRAIN_MS);
    queue_close(webhooks->queue);
    sql_close(webhooks->sql);
    (void)pthread_mutex_destroy(&webhooks->lock);
    memory_free(webhooks);
}

Err webhooks_start_jobs(Webhooks *webhooks, size_t threads)
{
    if (threads > 0)
        webhooks->worker = worker_start(webhooks->queue, threads);
    return OK;
}

Queue *webhooks_queue(const Webhooks *webhooks)
{
    return webhooks->queue;
}

bool webhooks_block(const Webhooks *webhooks)
{
    return sql_reads_block(webhooks->sql);
}

Err webhooks_ready(Webhooks *webhooks)
{
    return sql_ready(webhooks->sql);
}

SqlMigrations webhooks_tables(void)
{
    return WEBHOOKS_SQL_MIGRATIONS;
}
