/* The operations of api/webhooks.yaml but replay. */
#include "api/events.h"
#include "base/random.h"
#include "base/time.h"
#include "http/outside.h"
#include "services/webhooks/room.h"
#include "services/webhooks/show.h"
#include "services/webhooks/sign.h"

/* ---- a new one */

/* One that nobody ever tells would be heard in vain: most likely a word is misspelt. */
static Err check_type(Str pattern)
{
    for (size_t i = 0; i < EVENTS_EVENT_COUNT; i++)
        if (event_matches(pattern, EVENTS_EVENTS[i]->name))
            return OK;
    return err_at(
        err(UNPROCESSABLE, "types: no event is called \"%.*s\"; /docs/events.json has all", STR_ARG(pattern)),
        "/types");
}

static Err check_input(const Webhooks *webhooks, Arena *arena, const WebhookInput *in)
{
    Err e = outside_check_url(arena, in->url, webhooks->config.allows_inside);

    if (failed(&e))
        return err_at(e, "/url");
    for (size_t i = 0; i < in->types.count; i++)
        TRY(check_type(in->types.items[i]));
    return OK;
}

static Str new_secret(Arena *arena)
{
    char *bytes = arena_alloc(arena, WEBHOOK_SECRET_BYTES);

    random_bytes(bytes, WEBHOOK_SECRET_BYTES);
    return (Str){bytes, WEBHOOK_SECRET_BYTES};
}

static Str sealed(const Webhooks *webhooks, Arena *arena, Str secret, Str webhook_id)
{
    return webhooks->config.seal.close(webhooks->config.seal.context, arena, secret, webhook_id);
}

static Str join(Arena *arena, const StrList *types)
{
    Buf out = {.arena = arena};

    for (size_t i = 0; i < types->count; i++)
        buf_format(&out, "%s%.*s", i > 0 ? " " : "", STR_ARG(types->items[i]));
    return buf_str(&out);
}

typedef struct Adding {
    const WebhookInput *in;
    Str webhook_id;
    Str types;
    Str secret;
    int64_t now_us;
} Adding;

static Err add(void *context, Tx *tx)
{
    const Adding *adding = context;
    int64_t count;

    TRY(webhooks_sql_count(NULL, tx, &count));
    if (count >= WEBHOOKS_MOST)
        return err(CONFLICT, "There are %d webhooks already: remove one.", WEBHOOKS_MOST);
    return webhooks_sql_add(tx, adding->webhook_id, adding->in->url, adding->types, adding->in->description,
                            adding->secret, adding->now_us, NULL);
}

static Err find(const Call *call, Str webhook_id, WebhooksSqlEndpoint *out)
{
    const Webhooks *webhooks = call->service;
    bool found;

    TRY(webhooks_sql_get(webhooks->sql, NULL, call->arena, webhook_id, out, &found));
    return found ? OK : err(NOT_FOUND, "There is no such webhook.");
}

static Err show_with(const Call *call, Str webhook_id, Str secret, WebhookAdded *out)
{
    WebhooksSqlEndpoint row = {0};

    TRY(find(call, webhook_id, &row));
    out->webhook = show_webhook(call->arena, &row, webhooks_now_us(call->service));
    out->secret = webhook_secret_text(call->arena, secret);
    return OK;
}

Err webhooks_add(Call *call, const WebhookInput *in, WebhookAdded *out)
{
    const Webhooks *webhooks = call->service;
    Str webhook_id = id_new(call->arena, webhooks->config.clock), secret = new_secret(call->arena);
    Adding adding = {
        .in = in,
        .webhook_id = webhook_id,
        .types = join(call->arena, &in->types),
        .secret = sealed(webhooks, call->arena, secret, webhook_id),
        .now_us = webhooks_now_us(webhooks),
    };

    TRY(check_input(webhooks, call->arena, in));
    TRY(sql_transact(webhooks->sql, add, &adding));
    return show_with(call, webhook_id, secret, out);
}

/* ---- those that there are */

Err webhooks_list(Call *call, AllWebhooks *out)
{
    const Webhooks *webhooks = call->service;
    WebhooksSqlEndpoint *rows;
    size_t count;

    TRY(webhooks_sql_list(webhooks->sql, NULL, call->arena, &rows, &count));
    out->items.items = arena_array(call->arena, Webhook, count + 1);
    out->items.count = count;
    for (size_t i = 0; i < count; i++)
        out->items.items[i] = show_webhook(call->arena, &rows[i], webhooks_now_us(webhooks));
    return OK;
}

typedef struct Changing {
    Str webhook_id;
    Str secret;
    int64_t until_us;
    int64_t changed;
} Changing;

static Err change(const Call *call, SqlWorkFn work, Changing *changing)
{
    const Webhooks *webhooks = call->service;

    TRY(sql_transact(webhooks->sql, work, changing));
    return changing->changed > 0 ? OK : err(NOT_FOUND, "There is no such webhook.");
}

static Err remove_rows(void *context, Tx *tx)
{
    Changing *changing = context;

    TRY(webhooks_sql_forget_deliveries(tx, changing->webhook_id, NULL));
    return webhooks_sql_remove(tx, changing->webhook_id, &changing->changed);
}

Err webhooks_remove(Call *call, const WebhooksRemoveInput *in)
{
    return change(call, remove_rows, &(Changing){.webhook_id = in->webhook_id});
}

static Err rotate(void *context, Tx *tx)
{
    Changing *changing = context;

    return webhooks_sql_rotate(tx, changing->webhook_id, changing->secret, changing->until_us,
                               &changing->changed);
}

Err webhooks_rotate(Call *call, const WebhooksRotateInput *in, WebhookAdded *out)
{
    const Webhooks *webhooks = call->service;
    Str secret = new_secret(call->arena);
    Changing changing = {
        .webhook_id = in->webhook_id,
        .secret = sealed(webhooks, call->arena, secret, in->webhook_id),
        .until_us = webhooks_now_us(webhooks) + WEBHOOK_TWO_SECRETS_S * US_PER_S,
    };

    TRY(change(call, rotate, &changing));
    return show_with(call, in->webhook_id, secret, out);
}

static Err enable(void *context, Tx *tx)
{
    Changing *changing = context;

    return webhooks_sql_set_enabled(tx, changing->webhook_id, 1, &changing->changed);
}

Err webhooks_enable(Call *call, const WebhooksEnableInput *in, Webhook *out)
{
    WebhooksSqlEndpoint row = {0};

    TRY(change(call, enable, &(Changing){.webhook_id = in->webhook_id}));
    TRY(find(call, in->webhook_id, &row));
    *out = show_webhook(call->arena, &row, webhooks_now_us(call->service));
    return OK;
}

/* ---- what was posted */

Err webhooks_deliveries(Call *call, const WebhooksDeliveriesInput *in, WebhookDeliveries *out)
{
    const Webhooks *webhooks = call->service;
    Str state = in->has_state ? WEBHOOK_DELIVERY_STATE_TEXT[in->state] : STR("");
    Str before = in->before.data != NULL ? in->before : STR("");
    size_t limit = (size_t)in->limit, count;
    WebhooksSqlEndpoint webhook;
    WebhooksSqlListDeliveries *rows;

    TRY(find(call, in->webhook_id, &webhook));
    TRY(webhooks_sql_list_deliveries(webhooks->sql, NULL, call->arena, in->webhook_id, state, before,
                                     in->limit + 1, &rows, &count));
    out->items.count = count < limit ? count : limit;
    out->items.items = arena_array(call->arena, WebhookDelivery, out->items.count + 1);
    for (size_t i = 0; i < out->items.count; i++)
        out->items.items[i] = show_delivery(call->arena, &rows[i]);
    if (count > limit)
        out->next_before = rows[limit - 1].event_id;
    return OK;
}
