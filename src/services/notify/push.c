/* Browsers that take messages. */
#include "base/base64url.h"
#include "base/random.h"
#include "base/time.h"
#include "http/outside.h"
#include "push/push.h"
#include "push/vapid.h"
#include "services/notify/notify_sql.h"
#include "services/notify/push_jobs.h"
#include "services/notify/push_key.h"

Err notify_get_push_key(Call *call, PushKey *out)
{
    P256Key key;

    TRY(push_key_get(call->service, call->arena, &key));
    out->public_key = base64url_write(call->arena, (Str){(const char *)key.point, sizeof key.point});
    return OK;
}

static Err show(const Notify *notify, Arena *arena, Str user_id, PushBrowsers *out)
{
    NotifySqlListSubscriptions *rows;
    size_t count;

    TRY(notify_sql_list_subscriptions(notify->sql, NULL, arena, user_id, MOST_BROWSERS, &rows, &count));
    out->items.items = arena_array(arena, PushBrowser, count + 1);
    out->items.count = count;
    for (size_t i = 0; i < count; i++)
        out->items.items[i] = (PushBrowser){.subscription_id = rows[i].subscription_id,
                                            .service = vapid_origin(rows[i].endpoint),
                                            .since = time_format(arena, rows[i].at_us)};
    return OK;
}

Err notify_list_push(Call *call, const NotifyListPushInput *in, PushBrowsers *out)
{
    return show(call->service, call->arena, in->user_id, out);
}

typedef struct Adding {
    const Notify *notify;
    Str subscription_id;
    const NotifyAddPushInput *in;
} Adding;

static Err add(void *context, Tx *tx)
{
    const Adding *of = context;
    const PushSubscriptionInput *given = &of->in->body;

    TRY(notify_sql_put_subscription(tx, of->subscription_id, of->in->user_id, given->endpoint,
                                    given->keys.p256dh, given->keys.auth, notify_now_us(of->notify), NULL));
    return notify_sql_drop_oldest_subscriptions(tx, of->in->user_id, MOST_BROWSERS, NULL);
}

Err notify_add_push(Call *call, const NotifyAddPushInput *in, PushBrowsers *out)
{
    const Notify *notify = call->service;
    Adding of = {notify, id_new(call->arena, notify->clock), in};
    PushReader reader;

    Err e = outside_check_url(call->arena, in->body.endpoint, notify->pushes_inside);
    if (failed(&e))
        return err_at(e, "/endpoint");
    TRY(push_read_keys(call->arena, in->body.keys.p256dh, in->body.keys.auth, &reader));
    TRY(sql_transact(notify->sql, add, &of));
    return show(notify, call->arena, in->user_id, out);
}

typedef struct Dropping {
    const NotifyDropPushInput *in;
    int64_t dropped;
} Dropping;

static Err drop(void *context, Tx *tx)
{
    Dropping *of = context;

    return notify_sql_drop_subscription(tx, of->in->user_id, of->in->subscription_id, &of->dropped);
}

Err notify_drop_push(Call *call, const NotifyDropPushInput *in, PushBrowsers *out)
{
    const Notify *notify = call->service;
    Dropping of = {in, 0};

    TRY(sql_transact(notify->sql, drop, &of));
    if (of.dropped == 0)
        return err(NOT_FOUND, "One has no such browser.");
    return show(notify, call->arena, in->user_id, out);
}
