/* Posting again what was, or should have been. */
#include "base/time.h"
#include "services/webhooks/room.h"

enum { MOST_REPLAYED = 1000 };

typedef struct Replaying {
    const Webhooks *webhooks;
    Arena *arena;
    const WebhooksReplayInput *in;
    int64_t since_us;
    WebhooksSqlEndpoint webhook;
    WebhookReplayed *out;
} Replaying;

static Err send_again(const Replaying *replaying, Tx *tx, Str event_id)
{
    replaying->out->events++;
    return webhook_send(replaying->webhooks, tx, replaying->arena, replaying->webhook.webhook_id, event_id);
}

static Err replay_one(const Replaying *replaying, Tx *tx)
{
    WebhooksSqlNote message;
    bool found;

    TRY(webhooks_sql_get_message(NULL, tx, replaying->arena, replaying->in->body.event_id, &message, &found));
    return found ? send_again(replaying, tx, message.event_id)
                 : err(NOT_FOUND, "There is no such event here, or not any more.");
}

static Err replay_since(const Replaying *replaying, Tx *tx)
{
    WebhooksSqlNote *rows;
    size_t count;

    TRY(webhooks_sql_list_messages(NULL, tx, replaying->arena, replaying->since_us, MOST_REPLAYED + 1, &rows,
                                   &count));
    for (size_t i = 0; i < count && i < MOST_REPLAYED; i++)
        if (webhook_wants(&replaying->webhook, rows[i].type))
            TRY(send_again(replaying, tx, rows[i].event_id));
    if (count > MOST_REPLAYED)
        replaying->out->next_since = time_format(replaying->arena, rows[MOST_REPLAYED].created_us);
    return OK;
}

static Err replay(void *context, Tx *tx)
{
    Replaying *replaying = context;
    bool found;

    *replaying->out = (WebhookReplayed){0};
    TRY(webhooks_sql_get(NULL, tx, replaying->arena, replaying->in->webhook_id, &replaying->webhook, &found));
    if (!found)
        return err(NOT_FOUND, "There is no such webhook.");
    if (!replaying->webhook.is_enabled)
        return err(CONFLICT, "This webhook is switched off: enable it first.");
    TRY(webhooks_sql_end_rest(tx, replaying->in->webhook_id, webhooks_now_us(replaying->webhooks), NULL));
    return replaying->in->body.event_id.data != NULL ? replay_one(replaying, tx)
                                                     : replay_since(replaying, tx);
}

Err webhooks_replay(Call *call, const WebhooksReplayInput *in, WebhookReplayed *out)
{
    const Webhooks *webhooks = call->service;
    Replaying replaying = {.webhooks = webhooks, .arena = call->arena, .in = in, .out = out};

    if (in->body.since.data != NULL && !time_parse(in->body.since, &replaying.since_us))
        return err_at(err(UNPROCESSABLE, "since: is no moment"), "/since");
    return sql_transact(webhooks->sql, replay, &replaying);
}
