/* A push may be posted twice, when the program ends between the answer and its note; it is shown once all the same: the service replaces what it
 * hasn't delivered yet by the topic, and the page's service worker what it shows by the notice's id. */
#include "services/notify/push_jobs.h"

#include <string.h>

#include "base/utf8.h"
#include "push/mobile.h"
#include "push/push.h"
#include "services/notify/kinds.h"
#include "services/notify/outgoing.h"
#include "services/notify/push_key.h"
#include "services/notify/rules.h"

/* So that what is pushed fits, whatever of it JSON writes in two bytes. */
enum { TITLE_BYTES = 300, TEXT_BYTES = 1200 };

static Err count_all(const Notify *notify, Tx *tx, Str user_id, int64_t *count)
{
    int64_t devices = 0;

    TRY(notify_sql_count_subscriptions(NULL, tx, user_id, count));
    if (notify->mobile != NULL)
        TRY(notify_sql_count_devices(NULL, tx, user_id, &devices));
    *count += devices;
    return OK;
}

Err push_within(const Notify *notify, Tx *tx, Arena *arena, Str user_id, Str notice_id)
{
    int64_t count;

    TRY(count_all(notify, tx, user_id, &count));
    return count > 0 ? outgoing_add(notify, tx, arena, NOTICE_CHANNEL_PUSH, notice_id, 0) : OK;
}

/* ---- for all that somebody has */

static Json write_input(Arena *arena, Str notice_id, const char *name, Str id)
{
    Buf out = {.arena = arena};

    buf_put_char(&out, '{');
    json_put_member(&out, "notice_id", notice_id);
    json_put_member(&out, name, id);
    buf_put_char(&out, '}');
    return buf_str(&out);
}

static Err add_one(const Outgoing *of, Tx *tx, const char *kind, const char *name, Str id)
{
    JobNew job = {.kind = str_from(kind), .input = write_input(of->arena, of->notice.notice_id, name, id)};
    JobAdded added;

    return queue_add(of->notify->queue, tx, of->arena, &job, &added);
}

static Err add_for_devices(const Outgoing *of, Tx *tx)
{
    NotifySqlListDevices *rows;
    size_t count;

    if (of->notify->mobile == NULL)
        return OK;
    TRY(notify_sql_list_devices(NULL, tx, of->arena, of->notice.user_id, MOST_DEVICES, &rows, &count));
    for (size_t i = 0; i < count; i++)
        TRY(add_one(of, tx, PUSH_DEVICE, "device_id", rows[i].device_id));
    return OK;
}

static Err add_for_each(const Outgoing *of, Tx *tx)
{
    NotifySqlListSubscriptions *rows;
    size_t count;

    TRY(notify_sql_list_subscriptions(NULL, tx, of->arena, of->notice.user_id, MOST_BROWSERS, &rows, &count));
    for (size_t i = 0; i < count; i++)
        TRY(add_one(of, tx, PUSH_ONE, "subscription_id", rows[i].subscription_id));
    return add_for_devices(of, tx);
}

Err push_all_run(JobRun *run)
{
    const char *state;
    Outgoing of;
    bool found;

    TRY(outgoing_load(run, NOTICE_CHANNEL_PUSH, &of, &found));
    if (!found)
        return OK; /* they have deleted it */
    TRY(outgoing_check(&of, &state));
    if (state != NULL || of.due_us != 0)
        return outgoing_end(&of, state);
    of.last = add_for_each;
    return outgoing_end(&of, "sent");
}

/* ---- to one thing of theirs */

typedef struct PuttingOff {
    const Outgoing *of;
    const char *kind;
} PuttingOff;

static Err put_off(void *context, Tx *tx)
{
    const PuttingOff *putting = context;
    const Outgoing *of = putting->of;
    JobNew job = {.kind = str_from(putting->kind), .input = job_input(of->run), .due_us = of->due_us};
    JobAdded added;

    TRY(queue_add(of->notify->queue, tx, of->arena, &job, &added));
    return job_finish(of->run, tx);
}

/* Asked at each attempt: a service may have put it off for hours, into the night, and past their refusal. */
static Err check_now(Outgoing *of, const char *kind, bool *rings)
{
    const char *state;

    TRY(outgoing_check(of, &state));
    *rings = state == NULL && of->due_us == 0;
    if (*rings || state != NULL)
        return OK;
    return sql_transact(of->notify->sql, put_off, &(PuttingOff){of, kind});
}

/* The notice, and which of its reader's things this job sends it to. rings: false where it doesn't, or not now. */
static Err load_for(JobRun *run, const char *kind, const char *member, Outgoing *of, Str *id, bool *rings)
{
    const json_t *input;

    TRY(outgoing_load(run, NOTICE_CHANNEL_PUSH, of, rings));
    if (!*rings)
        return OK;
    TRY(json_read_into(of->arena, job_input(run), &input));
    *id = json_str_or_empty(input, member);
    return check_now(of, kind, rings);
}

/* ---- to one browser */

/* What web/talk/push.js reads. */
static Json write_message(const Outgoing *of)
{
    const Wording *wording = &of->wording;
    Buf out = {.arena = of->arena};

    buf_put_char(&out, '{');
    json_put_member(&out, "id", of->notice.notice_id);
    json_put_member(&out, "language", LANGUAGE_TEXT[of->language]);
    json_put_member(&out, "title", utf8_cut_bytes(wording->title, TITLE_BYTES));
    json_put_member(&out, "text", utf8_cut_bytes(wording->text, TEXT_BYTES));
    if (wording->link.data != NULL)
        json_put_member(&out, "link", wording->link);
    buf_put_char(&out, '}');
    return buf_str(&out);
}

/* The notice's id without its dashes: 32 digits. */
static Str topic_of(const Outgoing *of)
{
    Buf out = {.arena = of->arena};

    for (size_t i = 0; i < of->notice.notice_id.len && out.len < PUSH_TOPIC_MAX; i++)
        if (of->notice.notice_id.data[i] != '-')
            buf_put_char(&out, of->notice.notice_id.data[i]);
    return buf_str(&out);
}

static Err post(const Outgoing *of, const NotifySqlGetSubscription *row)
{
    PushSender sender = {.contact = str_from(of->notify->site),
                         .allows_inside = of->notify->pushes_inside,
                         .now_s = of->now_us / 1000000};
    PushSubscription to = {.endpoint = str_c(of->arena, row->endpoint)};
    PushMessage message = {.text = write_message(of),
                           .ttl_s = PUSH_TTL_S,
                           .urgency = RULES[of->wording.category].urgency,
                           .topic = topic_of(of)};
    P256Key key;

    TRY(push_key_get(of->notify, of->arena, &key));
    TRY(push_read_keys(of->arena, row->p256dh, row->auth, &to.reader));
    sender.key = &key;
    return push_send(of->arena, &sender, &to, &message);
}

typedef struct Over {
    Str subscription_id;
    Str auth;
} Over;

static Err drop(void *context, Tx *tx)
{
    const Over *over = context;

    return notify_sql_drop_over_subscription(tx, over->subscription_id, over->auth, NULL);
}

Err push_one_run(JobRun *run)
{
    NotifySqlGetSubscription row;
    Over over = {0};
    Outgoing of;
    bool found;

    TRY(load_for(run, PUSH_ONE, "subscription_id", &of, &over.subscription_id, &found));
    if (!found)
        return OK;
    TRY(notify_sql_get_subscription(of.notify->sql, NULL, of.arena, over.subscription_id, &row, &found));
    if (!found || !str_equal(row.user_id, of.notice.user_id))
        return OK; /* it isn't theirs any more */
    Err e = post(&of, &row);
    if (e.code != GONE)
        return e;
    over.auth = row.auth;
    return sql_transact(of.notify->sql, drop, &over);
}

/* ---- to one device */

typedef struct OverDevice {
    Str user_id;
    Str device_id;
} OverDevice;

static Err drop_device(void *context, Tx *tx)
{
    const OverDevice *over = context;

    return notify_sql_drop_device(tx, over->user_id, over->device_id, NULL);
}

static Err send_to_device(const Outgoing *of, Str token)
{
    const Wording *wording = &of->wording;
    MobileMessage message = {.token = token,
                             .id = of->notice.notice_id,
                             .title = utf8_cut_bytes(wording->title, TITLE_BYTES),
                             .text = utf8_cut_bytes(wording->text, TEXT_BYTES),
                             .link = wording->link,
                             .language = LANGUAGE_TEXT[of->language],
                             .ttl_s = PUSH_TTL_S,
                             .is_urgent = RULES[wording->category].urgency != NULL &&
                                          strcmp(RULES[wording->category].urgency, "high") == 0};

    return of->notify->mobile->send(of->notify->mobile, of->arena, &message);
}

Err push_device_run(JobRun *run)
{
    NotifySqlGetDevice row;
    OverDevice over = {0};
    Outgoing of;
    bool found;

    TRY(load_for(run, PUSH_DEVICE, "device_id", &of, &over.device_id, &found));
    if (!found)
        return OK;
    over.user_id = of.notice.user_id;
    TRY(notify_sql_get_device(of.notify->sql, NULL, of.arena, over.device_id, &row, &found));
    if (!found || !str_equal(row.user_id, over.user_id) || of.notify->mobile == NULL)
        return OK; /* it isn't theirs any more */
    Err e = send_to_device(&of, row.token);
    return e.code == GONE ? sql_transact(of.notify->sql, drop_device, &over) : e;
}
