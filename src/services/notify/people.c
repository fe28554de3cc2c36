#include "services/notify/people.h"

#include "services/notify/core.h"
#include "services/notify/notify_sql.h"

typedef struct Forgetting {
    Str user_id;
    int64_t notices;
} Forgetting;

static Err (*const DROP[])(Tx *tx, Str user_id, int64_t *changed) = {
    notify_sql_drop_person,        notify_sql_drop_preferences_of, notify_sql_drop_consents_of,
    notify_sql_drop_deliveries_of, notify_sql_drop_mailboxes_of,   notify_sql_drop_subscriptions_of,
    notify_sql_drop_devices_of,    notify_sql_drop_told_of,
};

Err people_forget_within(Tx *tx, Str user_id, int64_t *notices)
{
    sql_leave_no_trace(tx);
    for (size_t i = 0; i < sizeof DROP / sizeof *DROP; i++)
        TRY(DROP[i](tx, user_id, NULL));
    TRY(event_forget(tx, user_id));
    return notify_sql_drop_notices_of(tx, user_id, notices);
}

static Err forget(void *context, Tx *tx)
{
    Forgetting *of = context;

    return people_forget_within(tx, of->user_id, &of->notices);
}

Err notify_forget_person(Call *call, const NotifyForgetPersonInput *in, NoticesForgotten *out)
{
    const Notify *notify = call->service;
    Forgetting of = {in->user_id, 0};

    TRY(sql_transact(notify->sql, forget, &of));
    out->notices = of.notices;
    return OK;
}

typedef struct Move {
    Str from;
    Str to;
    int64_t notices;
} Move;

static Err move_wishes(const Move *of, Tx *tx)
{
    TRY(notify_sql_copy_person(tx, of->from, of->to, NULL));
    TRY(notify_sql_drop_person(tx, of->from, NULL));
    TRY(notify_sql_copy_preferences(tx, of->from, of->to, NULL));
    TRY(notify_sql_drop_preferences_of(tx, of->from, NULL));
    TRY(notify_sql_move_consents(tx, of->from, of->to, NULL));
    TRY(notify_sql_move_subscriptions(tx, of->from, of->to, NULL));
    TRY(notify_sql_move_devices(tx, of->from, of->to, NULL));
    return notify_sql_move_deliveries(tx, of->from, of->to, NULL);
}

static Err move(void *context, Tx *tx)
{
    Move *of = context;

    TRY(notify_sql_drop_notices_told_to_both(tx, of->from, of->to, NULL));
    TRY(notify_sql_drop_told_to_both(tx, of->from, of->to, NULL));
    TRY(notify_sql_move_told(tx, of->from, of->to, NULL));
    TRY(move_wishes(of, tx));
    return notify_sql_move_notices(tx, of->from, of->to, &of->notices);
}

Err notify_move_person(Call *call, const NotifyMovePersonInput *in, NoticesMoved *out)
{
    const Notify *notify = call->service;
    Move of = {in->user_id, in->body.to, 0};

    if (str_equal(of.from, of.to))
        return err_at(err(UNPROCESSABLE, "to: name another person than the one in the path"), "/to");
    TRY(sql_transact(notify->sql, move, &of));
    out->notices = of.notices;
    return OK;
}
