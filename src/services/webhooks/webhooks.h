/* Webhooks: what happens is posted to URLs that operators name, signed as Standard Webhooks say, as jobs of a database of their own.
 *
 *     TRY(webhooks_create(&(WebhooksConfig){.store = "sqlite:data/webhooks.db", .seal = seal}, &webhooks));
 *     consumer = webhooks_consumer(webhooks);   // app/consumers.c
 *
 * Operations: api/webhooks.yaml. Where to start reading: deliver.c. */
#ifndef NERDX_SERVICES_WEBHOOKS_WEBHOOKS_H
#define NERDX_SERVICES_WEBHOOKS_WEBHOOKS_H

#include "api/webhooks.h"
#include "base/clock.h"
#include "stores/queue/queue.h"
#include "stores/sql/sql.h"

typedef struct Webhooks Webhooks;

/* How secrets are kept in the store; owner: whose it is, another's doesn't open. */
typedef struct WebhookSeal {
    void *context;
    Str (*close)(void *context, Arena *arena, Str plain, Str owner);
    Err (*open)(void *context, Arena *arena, Str sealed, Str owner, Str *plain);
} WebhookSeal;

typedef struct WebhooksConfig {
    const char *store; /* "sqlite:/path/webhooks.db" */
    WebhookSeal seal;
    bool allows_inside; /* http, and addresses of this machine and its network: for trying */
    const Clock *clock; /* NULL = the system's */
} WebhooksConfig;

/* Secrets that were sealed under another key are sealed anew. Errors: those of sql_open, and of the seal. */
Err webhooks_create(const WebhooksConfig *config, Webhooks **out);
void webhooks_destroy(Webhooks *webhooks); /* accepts NULL */

/* Who it is to events. */
EventConsumer webhooks_consumer(Webhooks *webhooks);

/* As auth_start_jobs. */
Err webhooks_start_jobs(Webhooks *webhooks, size_t threads);
Queue *webhooks_queue(const Webhooks *webhooks);
JobTable webhooks_jobs(void); /* as auth_jobs */

bool webhooks_block(const Webhooks *webhooks);
Err webhooks_ready(Webhooks *webhooks);
SqlMigrations webhooks_tables(void);

#endif
