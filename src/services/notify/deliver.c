/* A letter goes once: before it is given to the relay its row says so, and one whose program ended meanwhile isn't sent again, for nobody is told
 * twice, and the inbox has it. Whether it may go is asked when it is due: quiet hours move it, the day's cap and what was refused end it. */
#include "services/notify/deliver.h"

#include "services/notify/letter.h"
#include "services/notify/links.h"
#include "services/notify/preferences.h"
#include "services/notify/quiet.h"
#include "services/notify/rules.h"

static Json write_input(Arena *arena, Str notice_id)
{
    Buf out = {.arena = arena};

    buf_put_char(&out, '{');
    json_put_member(&out, "notice_id", notice_id);
    buf_put_char(&out, '}');
    return buf_str(&out);
}

Err deliver_within(const Notify *notify, Tx *tx, Arena *arena, Str notice_id, int64_t due_us)
{
    JobAdded added;

    return queue_add(
        notify->queue, tx, arena,
        &(JobNew){.kind = STR(DELIVER_MAIL), .input = write_input(arena, notice_id), .due_us = due_us},
        &added);
}

/* ---- one letter */

typedef struct Delivery {
    const Notify *notify;
    JobRun *run;
    Arena *arena;
    NotifySqlGetNotice notice;
    NotifySqlGetPerson person;
    Wording wording;
    int64_t now_us;
    int64_t due_us;    /* 0: now */
    const char *state; /* what the row says */
    Str address;       /* what it is known by; "" before it is */
    bool is_ours;      /* the row was written by this attempt */
} Delivery;

static Err note_in(Delivery *of, Tx *tx)
{
    int64_t noted;

    TRY(notify_sql_note_delivery(tx, of->notice.notice_id, NOTICE_CHANNEL_TEXT[NOTICE_CHANNEL_EMAIL],
                                 of->notice.user_id, str_from(of->state), of->address, of->now_us, &noted));
    of->is_ours = noted == 1;
    return OK;
}

static Err note(void *context, Tx *tx)
{
    return note_in(context, tx);
}

static Err end(void *context, Tx *tx)
{
    Delivery *of = context;

    if (of->due_us != 0)
        TRY(deliver_within(of->notify, tx, of->arena, of->notice.notice_id, of->due_us));
    else if (of->is_ours)
        TRY(notify_sql_set_delivery(tx, of->notice.notice_id, NOTICE_CHANNEL_TEXT[NOTICE_CHANNEL_EMAIL],
                                    str_from(of->state), of->now_us, NULL));
    else
        TRY(note_in(of, tx));
    return job_finish(of->run, tx);
}

static Err unnote(void *context, Tx *tx)
{
    const Delivery *of = context;

    return notify_sql_drop_delivery(tx, of->notice.notice_id, NOTICE_CHANNEL_TEXT[NOTICE_CHANNEL_EMAIL],
                                    NULL);
}

static Err end_as(Delivery *of, const char *state)
{
    of->state = state;
    return sql_transact(of->notify->sql, end, of);
}

/* ---- whether it may go; *state is NULL when it may */

static Err check_day(const Delivery *of, const char **state)
{
    int64_t midnight_us, sent;

    TRY(quiet_midnight(of->person.time_zone, of->now_us, &midnight_us));
    TRY(notify_sql_count_sent(of->notify->sql, NULL, of->notice.user_id,
                              NOTICE_CHANNEL_TEXT[NOTICE_CHANNEL_EMAIL], midnight_us, &sent));
    if (sent >= of->person.most_a_day)
        *state = "over the day's";
    return OK;
}

/* Asked again here: since they were told, they may have taken it back, and it may have become night. */
static Err check_advertising(Delivery *of, const char **state)
{
    int64_t until_us;
    bool agreed;

    TRY(preferences_of_advertising(of->notify->sql, NULL, of->notice.user_id, of->now_us, &agreed,
                                   &until_us));
    if (!agreed)
        *state = "not agreed";
    else if (until_us > of->due_us)
        of->due_us = until_us;
    return OK;
}

static Err check(Delivery *of, const char **state)
{
    const Rule *rule = &RULES[of->wording.category];
    bool wanted;

    TRY(preferences_want(of->notify->sql, NULL, of->arena, of->notice.user_id, of->wording.category,
                         NOTICE_CHANNEL_EMAIL, &wanted));
    if (!wanted) {
        *state = "not wanted";
        return OK;
    }
    if (rule->waits)
        TRY(quiet_until(
            &(QuietHours){of->person.time_zone, (int)of->person.quiet_from, (int)of->person.quiet_until},
            of->now_us, &of->due_us));
    if (rule->is_advertising)
        TRY(check_advertising(of, state));
    return *state == NULL && rule->is_capped && of->due_us == 0 ? check_day(of, state) : OK;
}

/* ---- sending it */

/* Whoever asks auth for an address is that person, for the time of the question. */
static Err find_address(const Delivery *of, Str *address)
{
    Call call = {.arena = of->arena, .identity = {.subject = of->notice.user_id}};
    Account account = {0};
    Err e = auth_client_get_account(of->notify->accounts, &call, &account);

    if (failed(&e) && e.code != NOT_FOUND)
        return e;
    *address = account.email;
    return OK;
}

static bool may_get_better(const Err *e)
{
    return e->code == UNAVAILABLE || e->code == TIMED_OUT || e->code == LIMITED || e->code == INTERNAL;
}

static Err send_to(Delivery *of, Str address)
{
    Language language =
        str_equal(of->person.language, LANGUAGE_TEXT[LANGUAGE_EN]) ? LANGUAGE_EN : LANGUAGE_KO;
    const Rule *rule = &RULES[of->wording.category];
    Mail mail = {.to = address, .subject = of->wording.title, .id = of->notice.notice_id};
    LetterEnd closing = {.advertiser = rule->is_advertising ? &of->notify->advertiser : NULL};

    if (rule->may_be_refused)
        closing.unsubscribe =
            links_unsubscribe(of->notify, of->arena, of->notice.user_id, of->wording.category);
    if (str_starts(closing.unsubscribe, STR("https://"))) /* RFC 8058, section 3.1 */
        mail.unsubscribe = closing.unsubscribe;
    letter_write(of->notify->letter, of->arena, &of->wording, language, &closing, &mail);
    of->state = "sending";
    TRY(sql_transact(of->notify->sql, note, of));
    if (!of->is_ours)
        return end_as(of, "unsure");
    Err e = of->notify->mailer->send(of->notify->mailer, of->arena, &mail);
    if (failed(&e) && may_get_better(&e)) {
        TRY(sql_transact(of->notify->sql, unnote, of));
        return e;
    }
    return end_as(of, failed(&e) ? "refused" : "sent");
}

/* One that isn't there, as was told before; another of the same person is. */
static Err check_mailbox(const Delivery *of, bool *is_stopped)
{
    NotifySqlGetMailbox mailbox;
    bool found;

    TRY(notify_sql_get_mailbox(of->notify->sql, NULL, of->arena, of->notice.user_id, &mailbox, &found));
    *is_stopped = found && mailbox.is_stopped != 0 && str_equal(mailbox.address, of->address);
    return OK;
}

static Err deliver(Delivery *of)
{
    const char *state = NULL;
    Str address = {0};
    bool is_stopped;

    TRY(check(of, &state));
    if (state != NULL || of->due_us != 0)
        return end_as(of, state);
    TRY(find_address(of, &address));
    if (address.data == NULL)
        return end_as(of, "no address");
    of->address = links_address(of->notify, of->arena, address);
    TRY(check_mailbox(of, &is_stopped));
    return is_stopped ? end_as(of, "mailbox gone") : send_to(of, address);
}

Err deliver_run(JobRun *run)
{
    const Notify *notify = job_context(run);
    Delivery of = {.notify = notify,
                   .run = run,
                   .arena = job_arena(run),
                   .address = STR(""),
                   .now_us = notify_now_us(notify)};
    AUTO_JSON json_t *input = NULL;
    bool found;

    TRY(json_read(job_input(run), &input));
    TRY(notify_sql_get_notice(notify->sql, NULL, of.arena, json_str_or_empty(input, "notice_id"), &of.notice,
                              &found));
    if (!found)
        return OK; /* they have deleted it */
    TRY(preferences_of(notify->sql, NULL, of.arena, of.notice.user_id, &of.person));
    templates_word(notify->templates, of.arena, of.notice.template, of.notice.slots,
                   str_equal(of.person.language, LANGUAGE_TEXT[LANGUAGE_EN]) ? LANGUAGE_EN : LANGUAGE_KO,
                   &of.wording);
    return deliver(&of);
}
