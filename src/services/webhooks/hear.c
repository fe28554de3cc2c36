/* What happened becomes a message, and a job for each webhook that asked for it. */
#include "services/webhooks/room.h"

bool webhook_wants(const WebhooksSqlEndpoint *webhook, Str type)
{
    Str left = webhook->types, pattern;

    while (str_split(&left, ' ', &pattern))
        if (event_matches(pattern, type))
            return true;
    return false;
}

Err webhook_send(const Webhooks *webhooks, Tx *tx, Arena *arena, Str webhook_id, Str event_id)
{
    JobNew job = {
        .kind = STR(WEBHOOK_DELIVER),
        .input = str_format(arena, "{\"webhook_id\":\"%.*s\",\"event_id\":\"%.*s\"}", STR_ARG(webhook_id),
                            STR_ARG(event_id)),
        .unique_key = str_format(arena, "%.*s:%.*s", STR_ARG(webhook_id), STR_ARG(event_id)),
    };
    JobAdded added;

    TRY(webhooks_sql_put_delivery(tx, webhook_id, event_id, webhooks_now_us(webhooks), NULL));
    TRY(queue_add(webhooks->queue, tx, arena, &job, &added));
    return added.is_new ? OK : queue_hasten(webhooks->queue, tx, added.job_id);
}

typedef struct Noting {
    const Webhooks *webhooks;
    Arena *arena;
    const EventGot *event;
} Noting;

static Err note(void *context, Tx *tx)
{
    const Noting *noting = context;
    const EventGot *event = noting->event;
    WebhooksSqlEndpoint *rows;
    size_t count;
    bool is_first;

    TRY(event_take_once(tx, WEBHOOK_CONSUMER, event, &is_first));
    TRY(webhooks_sql_list(NULL, tx, noting->arena, &rows, &count));
    for (size_t i = 0; is_first && i < count; i++) {
        if (!rows[i].is_enabled || !webhook_wants(&rows[i], event->type))
            continue;
        TRY(webhooks_sql_add_message(tx, event->event_id, event->type, event->whole, event->now_us, NULL));
        TRY(webhook_send(noting->webhooks, tx, noting->arena, rows[i].webhook_id, event->event_id));
    }
    return OK;
}

static Err wants(void *context, Arena *arena, Str type, bool *out)
{
    const Webhooks *webhooks = context;
    WebhooksSqlEndpoint *rows;
    size_t count;

    *out = false;
    TRY(webhooks_sql_list(webhooks->sql, NULL, arena, &rows, &count));
    for (size_t i = 0; i < count && !*out; i++)
        *out = rows[i].is_enabled && webhook_wants(&rows[i], type);
    return OK;
}

static Err hear(void *context, Arena *arena, const EventGot *event)
{
    Webhooks *webhooks = context;
    Noting noting = {webhooks, arena, event};

    return sql_transact(webhooks->sql, note, &noting);
}

EventConsumer webhooks_consumer(Webhooks *webhooks)
{
    static const char *const TYPES[] = {"nerdx.*", NULL};

    return (EventConsumer){
        .name = WEBHOOK_CONSUMER, .types = TYPES, .hear = hear, .wants = wants, .context = webhooks};
}
