/* Posting a message: a job, tried again for about three days. */
#include "base/random.h"
#include "http/outside.h"
#include "services/webhooks/rest.h"
#include "services/webhooks/sign.h"

enum { TRIES = 10, MINUTE = 60, HOUR = 3600, GONE_STATUS = 410, LONGEST_S = 24 * HOUR };

/* Standard Webhooks' own schedule. */
static const int PAUSES_S[TRIES - 1] = {5,         5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR,
                                        10 * HOUR, 14 * HOUR,  20 * HOUR,   24 * HOUR};
static const char USER_AGENT[] = "User-Agent: NERDX/" NERDX_VERSION;
const JobRetry WEBHOOK_RETRY = {.most_attempts = TRIES, .pauses_s = PAUSES_S};

typedef struct Delivery {
    Webhooks *webhooks;
    JobRun *run;
    Str webhook_id;
    Str event_id;
    WebhooksSqlEndpoint webhook;
    WebhooksSqlNote message;
    bool is_wanted;   /* its webhook is there and enabled, and its message is kept yet */
    int64_t seen_us;  /* when it was asked for, or tried, last before it began */
    bool is_replayed; /* it was asked for again since then, and isn't delivered */
    RestTurn turn;
    RestPost post;
    Str state;
    int status;
    Str reason;
} Delivery;

/* ---- what and where to */

/* *out 0: it is gone, with its webhook. tx NULL, here and below: as it is committed. */
static Err last_change(Tx *tx, const Delivery *delivery, int64_t *out)
{
    Sql *sql = tx == NULL ? delivery->webhooks->sql : NULL;
    bool found;

    TRY(webhooks_sql_last_change(sql, tx, delivery->webhook_id, delivery->event_id, out, &found));
    if (!found)
        *out = 0;
    return OK;
}

static Err find_in(Tx *tx, Delivery *delivery)
{
    Sql *sql = tx == NULL ? delivery->webhooks->sql : NULL;
    Arena *arena = job_arena(delivery->run);
    bool has_webhook, has_message;

    TRY(last_change(tx, delivery, &delivery->seen_us));
    TRY(webhooks_sql_get(sql, tx, arena, delivery->webhook_id, &delivery->webhook, &has_webhook));
    TRY(webhooks_sql_get_message(sql, tx, arena, delivery->event_id, &delivery->message, &has_message));
    delivery->is_wanted = has_webhook && has_message && delivery->webhook.is_enabled;
    return OK;
}

static Err find(Delivery *delivery)
{
    const json_t *input;

    TRY(json_read_into(job_arena(delivery->run), job_input(delivery->run), &input));
    delivery->event_id = json_str_at(input, "event_id");
    delivery->webhook_id = json_str_at(input, "webhook_id");
    return find_in(NULL, delivery);
}

/* ---- posting it */

static Err signature_by(const Delivery *delivery, Str sealed, const WebhookMessage *message, Str *out)
{
    const WebhookSeal *seal = &delivery->webhooks->config.seal;
    Arena *arena = job_arena(delivery->run);
    Str secret;

    TRY(seal->open(seal->context, arena, sealed, delivery->webhook.webhook_id, &secret));
    *out = webhook_signature(arena, secret, message);
    return OK;
}

/* By the secret, and for a day by the one before; not by one that can't be read, which is why it was rotated. */
static Err sign(const Delivery *delivery, const WebhookMessage *message, Str *out)
{
    const WebhooksSqlEndpoint *webhook = &delivery->webhook;
    Str before;

    TRY(signature_by(delivery, webhook->secret, message, out));
    if (webhook->previous_until_us <= message->time_s * US_PER_S)
        return OK;
    Err e = signature_by(delivery, webhook->previous_secret, message, &before);
    if (!failed(&e))
        *out = str_format(job_arena(delivery->run), "%.*s %.*s", STR_ARG(*out), STR_ARG(before));
    return OK;
}

static bool is_unwanted(void *context)
{
    const Delivery *delivery = context;

    return job_should_stop(delivery->run) || rest_gives_way(delivery->webhooks, &delivery->post);
}

static Err post(Delivery *delivery, OutsideReply *reply)
{
    Arena *arena = job_arena(delivery->run);
    WebhookMessage message = {
        .message_id = delivery->event_id,
        .time_s = webhooks_now_us(delivery->webhooks) / US_PER_S,
        .body = delivery->message.body,
    };
    Str signature;

    TRY(sign(delivery, &message, &signature));
    const char *const headers[] = {
        "Content-Type: application/json",
        USER_AGENT,
        str_format(arena, "webhook-id: %.*s", STR_ARG(message.message_id)).data,
        str_format(arena, "webhook-timestamp: %lld", (long long)message.time_s).data,
        str_format(arena, "webhook-signature: %.*s", STR_ARG(signature)).data,
        NULL,
    };
    const OutsideRequest request = {
        .name = "webhooks",
        .url = str_copy(arena, delivery->webhook.url).data,
        .headers = headers,
        .body = message.body,
        .allows_inside = delivery->webhooks->config.allows_inside,
        .is_unwanted = is_unwanted,
        .context = delivery,
    };
    return outside_post(arena, &request, reply);
}

/* ---- what came of it */

static bool is_last(const Delivery *delivery)
{
    return job_attempt(delivery->run) >= TRIES;
}

static Err what_it_means(const OutsideReply *reply)
{
    if (reply->status >= 200 && reply->status < 300)
        return OK;
    if (reply->status == GONE_STATUS)
        return err(GONE, "it answered 410 Gone, and is switched off");
    if (reply->status >= 300 && reply->status < 400)
        return err(UNAVAILABLE, "it answered %d: redirects aren't followed", reply->status);
    return err_retry_after(err(UNAVAILABLE, "it answered %d", reply->status),
                           reply->retry_after_s < LONGEST_S ? reply->retry_after_s : LONGEST_S);
}

static bool is_tried_again(const Delivery *delivery, const Err *result)
{
    return (result->code == UNAVAILABLE || result->code == TIMED_OUT) && !is_last(delivery);
}

/* Whether somebody asked for it again since it began: they have found its job, which runs, and wait for it. Not where that is in vain. */
static Err find_replay(Delivery *delivery, Tx *tx)
{
    int64_t changed_us;

    TRY(last_change(tx, delivery, &changed_us));
    delivery->is_replayed = changed_us != 0 && changed_us != delivery->seen_us &&
                            !str_equal(delivery->state, STR("delivered")) && delivery->status != GONE_STATUS;
    return OK;
}

/* The job, unless it is tried again. What is replayed goes on at once as another, with all its attempts. */
static Err end(const Delivery *delivery, Tx *tx)
{
    if (str_equal(delivery->state, STR("waiting")) && !delivery->is_replayed)
        return OK;
    TRY(job_finish(delivery->run, tx));
    return delivery->is_replayed ? webhook_send(delivery->webhooks, tx, job_arena(delivery->run),
                                                delivery->webhook_id, delivery->event_id)
                                 : OK;
}

static Err note(void *context, Tx *tx)
{
    Delivery *delivery = context;
    int64_t now_us = webhooks_now_us(delivery->webhooks);

    TRY(find_replay(delivery, tx));
    TRY(webhooks_sql_note_try(tx, delivery->webhook_id, delivery->event_id, delivery->state, delivery->status,
                              delivery->reason, now_us, NULL));
    TRY(rest_note(tx, delivery->webhooks, &delivery->webhook, &delivery->turn));
    if (delivery->status == GONE_STATUS)
        TRY(webhooks_sql_set_enabled(tx, delivery->webhook_id, 0, NULL));
    return end(delivery, tx);
}

/* Told of in the transaction `noting`. What is given up is seen among the deliveries, and replayed from there: its job is done. */
static Err keep(Delivery *delivery, const Err *result, SqlWorkFn noting)
{
    bool is_again = is_tried_again(delivery, result);

    delivery->state = !failed(result) ? STR("delivered") : is_again ? STR("waiting") : STR("failed");
    delivery->reason = str_from(result->message);
    TRY(sql_transact(delivery->webhooks->sql, noting, delivery));
    return is_again && !delivery->is_replayed ? *result : OK;
}

/* ---- what isn't tried */

static Err note_refused(void *context, Tx *tx)
{
    Delivery *delivery = context;

    TRY(find_replay(delivery, tx));
    TRY(webhooks_sql_note_refused(tx, delivery->webhook_id, delivery->event_id, delivery->state,
                                  delivery->reason, webhooks_now_us(delivery->webhooks), NULL));
    return end(delivery, tx);
}

/* As it would have been in vain: it counts, so that what is for one that hangs for good ends in its time. */
static Err refuse(Delivery *delivery)
{
    int wait_s = (int)(delivery->turn.wait_us / US_PER_S) + 1;
    Err e = err_retry_after(err(UNAVAILABLE, "it wasn't posted, as its webhook just hung"), wait_s);

    return keep(delivery, &e, note_refused);
}

/* At another moment than the rest of those that wait: the next goes when the one before it has ended. */
static Err put_off(const Delivery *delivery)
{
    int64_t within_us = (int64_t)(random_u64() % (uint64_t)(delivery->turn.wait_us + 1));

    return job_put_off(delivery->run, webhooks_now_us(delivery->webhooks) + US_PER_S + within_us);
}

/* Another is at its endpoint, and is slow: behind it. */
static Err give_way(Delivery *delivery)
{
    delivery->turn.wait_us = OUTSIDE_TOTAL_MS * (US_PER_S / 1000);
    TRY(rest_give_back(delivery->webhooks, &delivery->webhook, &delivery->turn));
    return put_off(delivery);
}

/* Its worker stops, or somebody cancelled it: what becomes of it is theirs to note. */
static Err break_off(const Delivery *delivery, const Err *result)
{
    TRY(rest_give_back(delivery->webhooks, &delivery->webhook, &delivery->turn));
    return *result;
}

/* Nobody tries it any more: it may be replayed once its webhook is enabled. Where that was done just now it isn't left: a replay has found
 * this job, and waits for it. */
static Err leave(void *context, Tx *tx)
{
    Delivery *delivery = context;

    TRY(find_in(tx, delivery));
    if (delivery->is_wanted)
        return OK;
    TRY(webhooks_sql_note_given_up(tx, delivery->webhook_id, delivery->event_id,
                                   STR("its webhook is switched off"), webhooks_now_us(delivery->webhooks),
                                   NULL));
    return job_finish(delivery->run, tx);
}

/* ---- */

static Err try_it(Delivery *delivery)
{
    OutsideReply reply = {0};
    Err e = post(delivery, &reply);

    delivery->turn.took_us = clock_monotonic_us(delivery->webhooks->config.clock) - delivery->post.begun_us;
    delivery->status = reply.status;
    if (failed(&e) && job_should_stop(delivery->run))
        return break_off(delivery, &e);
    if (failed(&e) && rest_gives_way(delivery->webhooks, &delivery->post))
        return give_way(delivery);
    if (!failed(&e))
        e = what_it_means(&reply);
    delivery->turn.is_taken = !failed(&e);
    return keep(delivery, &e, note);
}

static Err try_in_turn(Delivery *delivery)
{
    Webhooks *webhooks = delivery->webhooks;

    delivery->post = (RestPost){delivery->webhook_id, clock_monotonic_us(webhooks->config.clock), NULL};
    if (!rest_begin_post(webhooks, &delivery->post))
        return give_way(delivery);
    Err e = try_it(delivery);
    rest_end_post(webhooks, &delivery->post);
    return e;
}

Err webhooks_deliver(JobRun *run)
{
    Delivery delivery = {.webhooks = job_context(run), .run = run};

    TRY(find(&delivery));
    if (!delivery.is_wanted)
        TRY(sql_transact(delivery.webhooks->sql, leave, &delivery));
    if (!delivery.is_wanted)
        return OK;
    TRY(rest_ask(delivery.webhooks, &delivery.webhook, &delivery.turn));
    if (delivery.turn.wait_us == 0)
        return try_in_turn(&delivery);
    return delivery.webhook.hangs > 0 ? refuse(&delivery) : put_off(&delivery);
}

/* Its worker died at the last try, or somebody cancelled it: nobody else notes what became of it. */
Err webhooks_give_up(Tx *tx, Arena *arena, const JobGivenUp *job)
{
    const json_t *input;

    TRY(json_read_into(arena, job->input, &input));
    return webhooks_sql_note_given_up(tx, json_str_at(input, "webhook_id"), json_str_at(input, "event_id"),
                                      job->reason, job->now_us, NULL);
}

/* ---- what is old */

static Err drop(void *context, Tx *tx)
{
    const int64_t *before_us = context;

    TRY(webhooks_sql_drop_messages(tx, *before_us, NULL));
    return webhooks_sql_drop_deliveries(tx, NULL);
}

Err webhooks_sweep(JobRun *run)
{
    enum { S_PER_DAY = 86400 };
    Webhooks *webhooks = job_context(run);
    int64_t before_us = webhooks_now_us(webhooks) - (int64_t)WEBHOOK_KEEP_DAYS * S_PER_DAY * US_PER_S;

    return sql_transact(webhooks->sql, drop, &before_us);
}
