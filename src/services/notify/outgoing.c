#include "services/notify/outgoing.h"

#include "services/notify/kinds.h"
#include "services/notify/preferences.h"
#include "services/notify/quiet.h"
#include "services/notify/rules.h"

static const char *const JOBS[NOTICE_CHANNEL_COUNT] = {
    [NOTICE_CHANNEL_EMAIL] = DELIVER_MAIL,
    [NOTICE_CHANNEL_PUSH] = PUSH_ALL,
};

enum { MOST_CATEGORIES = 100 };

static Json write_input(Arena *arena, Str notice_id)
{
    Buf out = {.arena = arena};

    buf_put_char(&out, '{');
    json_put_member(&out, "notice_id", notice_id);
    buf_put_char(&out, '}');
    return buf_str(&out);
}

static Err add(const Notify *notify, Tx *tx, Arena *arena, NoticeChannel channel, Json input, int64_t due_us)
{
    JobNew job = {.kind = str_from(JOBS[channel]), .input = input, .due_us = due_us};
    JobAdded added;

    return queue_add(notify->queue, tx, arena, &job, &added);
}

Err outgoing_add(const Notify *notify, Tx *tx, Arena *arena, NoticeChannel channel, Str notice_id,
                 int64_t due_us)
{
    return add(notify, tx, arena, channel, write_input(arena, notice_id), due_us);
}

Err outgoing_load(JobRun *run, NoticeChannel channel, Outgoing *out, bool *found)
{
    const Notify *notify = job_context(run);
    const json_t *input;

    *out = (Outgoing){.notify = notify,
                      .run = run,
                      .arena = job_arena(run),
                      .channel = channel,
                      .address = STR(""),
                      .now_us = notify_now_us(notify)};
    TRY(json_read_into(out->arena, job_input(run), &input));
    TRY(notify_sql_get_notice(notify->sql, NULL, out->arena, json_str_or_empty(input, "notice_id"),
                              &out->notice, found));
    if (!*found)
        return OK;
    TRY(preferences_of(notify->sql, NULL, out->arena, out->notice.user_id, &out->person));
    out->language = str_equal(out->person.language, LANGUAGE_TEXT[LANGUAGE_EN]) ? LANGUAGE_EN : LANGUAGE_KO;
    templates_word(notify->templates, out->arena, out->notice.template, out->notice.slots, out->language,
                   &out->wording);
    return OK;
}

/* ---- the day's cap */

/* What one must know doesn't count: it would leave no room for the rest. Of what went before rows said what they were
 * of, all does. */
static bool is_counted(Str name)
{
    NoticeCategory category;

    return !rules_find(name, &category) || RULES[category].is_capped;
}

/* In the transaction that notes it: of two that are due at once the second counts the first. */
static Err check_day(const Outgoing *of, Tx *tx, bool *is_over)
{
    int64_t midnight_us, sent = 0;
    NotifySqlCountSent *rows;
    size_t count;

    *is_over = false;
    if (!RULES[of->wording.category].is_capped)
        return OK;
    TRY(quiet_midnight(of->person.time_zone, of->now_us, &midnight_us));
    TRY(notify_sql_count_sent(NULL, tx, of->arena, of->notice.user_id, NOTICE_CHANNEL_TEXT[of->channel],
                              midnight_us, MOST_CATEGORIES, &rows, &count));
    for (size_t i = 0; i < count; i++)
        if (is_counted(rows[i].category))
            sent += rows[i].sent;
    *is_over = sent >= of->person.most_a_day;
    return OK;
}

/* ---- its row, and its end */

static Err note_in(const Outgoing *of, Tx *tx, const char *state, bool *is_ours)
{
    int64_t noted;

    TRY(notify_sql_note_delivery(tx, of->notice.notice_id, NOTICE_CHANNEL_TEXT[of->channel],
                                 of->notice.user_id, NOTICE_CATEGORY_TEXT[of->wording.category],
                                 str_from(state), of->address, of->now_us, &noted));
    *is_ours = noted == 1;
    return OK;
}

static Err note(void *context, Tx *tx)
{
    Outgoing *of = context;

    of->is_ours = false;
    TRY(check_day(of, tx, &of->is_over));
    return of->is_over ? OK : note_in(of, tx, of->state, &of->is_ours);
}

Err outgoing_note(Outgoing *of, const char *state)
{
    of->state = state;
    return sql_transact(of->notify->sql, note, of);
}

static Err take_back(void *context, Tx *tx)
{
    const Outgoing *of = context;

    return notify_sql_set_delivery(tx, of->notice.notice_id, NOTICE_CHANNEL_TEXT[of->channel],
                                   OUTGOING_WAITING, of->now_us, NULL);
}

Err outgoing_take_back(Outgoing *of)
{
    return sql_transact(of->notify->sql, take_back, of);
}

static Err note_end(const Outgoing *of, Tx *tx, const char *state)
{
    bool is_ours;

    if (!of->is_ours)
        return note_in(of, tx, state, &is_ours);
    return notify_sql_set_delivery(tx, of->notice.notice_id, NOTICE_CHANNEL_TEXT[of->channel],
                                   str_from(state), of->now_us, NULL);
}

/* It goes by what is added within tx, where the day's cap lets it. */
static Err end_by_last(const Outgoing *of, Tx *tx)
{
    bool is_over;

    TRY(check_day(of, tx, &is_over));
    TRY(note_end(of, tx, is_over ? OUTGOING_OVER : of->state));
    return is_over ? OK : of->last(of, tx);
}

/* A transaction may be done over: what it does depends on nothing that it changed. */
static Err end(void *context, Tx *tx)
{
    const Outgoing *of = context;

    if (of->due_us != 0)
        TRY(add(of->notify, tx, of->arena, of->channel, job_input(of->run), of->due_us));
    else
        TRY(of->last != NULL ? end_by_last(of, tx) : note_end(of, tx, of->state));
    return job_finish(of->run, tx);
}

Err outgoing_end(Outgoing *of, const char *state)
{
    of->state = state;
    return sql_transact(of->notify->sql, end, of);
}

/* ---- whether it may go */

/* Asked again here: since they were told, they may have taken it back, and it may have become night. */
static Err check_advertising(Outgoing *of, const char **state)
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

Err outgoing_check(Outgoing *of, const char **state)
{
    const Rule *rule = &RULES[of->wording.category];
    bool wanted;

    *state = NULL;
    TRY(preferences_want(of->notify->sql, NULL, of->arena, of->notice.user_id, of->wording.category,
                         of->channel, &wanted));
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
    return OK;
}
