/* A push may be posted twice, when the program ends between the answer and its note; it is shown once all the same: the service replaces what it
 * hasn't delivered yet by the topic, and the page's service worker what it shows by the notice's id. */
#include "services/notify/push_jobs.h"

#include "base/log.h"
#include "base/utf8.h"
#include "push/push.h"
#include "services/notify/kinds.h"
#include "services/notify/outgoing.h"
#include "services/notify/push_key.h"
#include "services/notify/rules.h"

/* So that what is pushed fits, whatever of it JSON writes in two bytes. */
enum { TITLE_BYTES = 300, TEXT_BYTES = 1200 };

Err push_within(const Notify *notify, Tx *tx, Arena *arena, Str user_id, Str notice_id)
{
    int64_t browsers;

    TRY(notify_sql_count_subscriptions(NULL, tx, user_id, &browsers));
    return browsers > 0 ? outgoing_add(notify, tx, arena, NOTICE_CHANNEL_PUSH, notice_id, 0) : OK;
}

/* ---- for all of somebody's browsers */

static Json write_input(Arena *arena, Str notice_id, Str subscription_id)
{
    Buf out = {.arena = arena};

    buf_put_char(&out, '{');
    json_put_member(&out, "notice_id", notice_id);
    json_put_member(&out, "subscription_id", subscription_id);
    buf_put_char(&out, '}');
    return buf_str(&out);
}

static Err add_for_each(const Outgoing *of, Tx *tx)
{
    NotifySqlListSubscriptions *rows;
    JobAdded added;
    size_t count;

    TRY(notify_sql_list_subscriptions(NULL, tx, of->arena, of->notice.user_id, MOST_BROWSERS, &rows, &count));
    for (size_t i = 0; i < count; i++)
        TRY(queue_add(
            of->notify->queue, tx, of->arena,
            &(JobNew){.kind = STR(PUSH_ONE),
                      .input = write_input(of->arena, of->notice.notice_id, rows[i].subscription_id)},
            &added));
    return OK;
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

/* ---- to one of them */

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
    const json_t *input;
    Outgoing of;
    bool found;

    TRY(outgoing_load(run, NOTICE_CHANNEL_PUSH, &of, &found));
    if (!found)
        return OK;
    TRY(json_read_into(of.arena, job_input(run), &input));
    Over over = {.subscription_id = json_str_or_empty(input, "subscription_id")};
    TRY(notify_sql_get_subscription(of.notify->sql, NULL, of.arena, over.subscription_id, &row, &found));
    if (!found || !str_equal(row.user_id, of.notice.user_id))
        return OK; /* it isn't theirs any more */
    Err e = post(&of, &row);
    if (e.code != GONE)
        return e;
    over.auth = row.auth;
    return sql_transact(of.notify->sql, drop, &over);
}
