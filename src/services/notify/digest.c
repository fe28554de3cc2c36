/* Several notices of a kind become one letter: those of a window wait for its end, then one of them carries the others. */
#include "services/notify/digest.h"

#include "base/json.h"
#include "services/notify/kinds.h"
#include "services/notify/letter.h"
#include "services/notify/notify_sql.h"

#define US_PER_MINUTE (INT64_C(60) * 1000000)
#define CARRIED STR("in another letter")

enum {
    MOST_OF_LETTER = 50, /* of more another letter is sent */
    NAME_BYTES = 48      /* of a template, in a key of at most JOB_KEY_MAX */
};

typedef struct Window {
    Str user_id;
    Str template;
    int64_t from_us;
    int64_t until_us;
} Window;

static Json write_window(Arena *arena, const Window *window)
{
    Buf out = {.arena = arena};

    buf_put_char(&out, '{');
    json_put_member(&out, "user_id", window->user_id);
    json_put_member(&out, "template", window->template);
    buf_format(&out, ",\"from_us\":%lld,\"until_us\":%lld}", (long long)window->from_us,
               (long long)window->until_us);
    return buf_str(&out);
}

static Err read_window(JobRun *run, Window *out)
{
    const json_t *input;

    TRY(json_read_into(job_arena(run), job_input(run), &input));
    *out = (Window){json_str_or_empty(input, "user_id"), json_str_or_empty(input, "template"),
                    json_integer_value(json_object_get(input, "from_us")),
                    json_integer_value(json_object_get(input, "until_us"))};
    return OK;
}

/* Windows begin at whole multiples of their length, so that all nodes mean the same ones; each looks a minute back, for the notice may have been told
 * just before it began. */
Err digest_add(const Notify *notify, Tx *tx, Arena *arena, const NoticeTelling *telling, int minutes)
{
    int64_t length_us = minutes * US_PER_MINUTE, now_us = notify_now_us(notify);
    int64_t begin_us = now_us - now_us % length_us;
    Window window = {.user_id = telling->user_id,
                     .template = telling->template,
                     .from_us = begin_us - US_PER_MINUTE,
                     .until_us = begin_us + length_us};
    Str name = str_slice(telling->template, 0,
                         telling->template.len < NAME_BYTES ? telling->template.len : NAME_BYTES);
    JobNew job = {.kind = STR(DIGEST),
                  .input = write_window(arena, &window),
                  .due_us = window.until_us,
                  .unique_key = str_format(arena, "%.*s:%.*s:%lld", STR_ARG(name), STR_ARG(telling->user_id),
                                           (long long)(begin_us / US_PER_MINUTE))};
    JobAdded added;

    return queue_add(notify->queue, tx, arena, &job, &added);
}

/* ---- at the window's end */

typedef struct Gathering {
    const Notify *notify;
    JobRun *run;
    Window window;
} Gathering;

static Json write_carrier(Arena *arena, const Str *notice_ids, size_t count)
{
    Buf out = {.arena = arena};

    buf_put_char(&out, '{');
    json_put_member(&out, "notice_id", notice_ids[0]);
    buf_put(&out, STR(",\"with\":["));
    for (size_t i = 1; i < count; i++)
        buf_format(&out, "%s\"%.*s\"", i > 1 ? "," : "", STR_ARG(notice_ids[i]));
    buf_put(&out, STR("]}"));
    return buf_str(&out);
}

static Err add_letter(const Notify *notify, Tx *tx, Arena *arena, const Str *notice_ids, size_t count)
{
    JobNew letter = {.kind = STR(DELIVER_MAIL), .input = write_carrier(arena, notice_ids, count)};
    JobAdded added;

    return queue_add(notify->queue, tx, arena, &letter, &added);
}

static Err note(const Gathering *of, Tx *tx, Str notice_id, Str state)
{
    NoticeCategory category = NOTICE_CATEGORY_STORY;

    (void)templates_category(of->notify->templates, of->window.template, &category);
    return notify_sql_note_delivery(tx, notice_id, NOTICE_CHANNEL_TEXT[NOTICE_CHANNEL_EMAIL],
                                    of->window.user_id, NOTICE_CATEGORY_TEXT[category], state, STR(""),
                                    notify_now_us(of->notify), NULL);
}

static Err carry(const Gathering *of, Tx *tx, const Str *notice_ids, size_t count)
{
    Arena *arena = job_arena(of->run);
    JobNew rest = {.kind = STR(DIGEST), .input = job_input(of->run)};
    JobAdded added;

    for (size_t i = 0; i < count; i++)
        TRY(note(of, tx, notice_ids[i], i > 0 ? CARRIED : OUTGOING_WAITING));
    TRY(add_letter(of->notify, tx, arena, notice_ids, count));
    return count == MOST_OF_LETTER ? queue_add(of->notify->queue, tx, arena, &rest, &added) : OK;
}

/* What has a row is in a letter already: none is in two, though a node whose clock is late adds to a window that is over. */
static Err gather(void *context, Tx *tx)
{
    const Gathering *of = context;
    const Window *window = &of->window;
    Str *notice_ids;
    size_t count;

    TRY(notify_sql_list_unsent(NULL, tx, job_arena(of->run), window->user_id, window->template,
                               window->from_us, window->until_us, NOTICE_CHANNEL_TEXT[NOTICE_CHANNEL_EMAIL],
                               MOST_OF_LETTER, &notice_ids, &count));
    if (count > 0)
        TRY(carry(of, tx, notice_ids, count));
    return job_finish(of->run, tx);
}

Err digest_run(JobRun *run)
{
    Gathering of = {.notify = job_context(run), .run = run};

    TRY(read_window(run, &of.window));
    return sql_transact(of.notify->sql, gather, &of);
}

/* ---- without its carrier */

/* Which of those that it carries are still there. */
static Err list_left(Tx *tx, JobRun *run, Str *notice_ids, size_t *count)
{
    NotifySqlGetNotice notice;
    const json_t *input;
    json_t *id;
    size_t i;
    bool found;

    *count = 0;
    TRY(json_read_into(job_arena(run), job_input(run), &input));
    json_array_foreach(json_object_get(input, "with"), i, id)
    {
        if (*count == MOST_OF_LETTER)
            break;
        TRY(notify_sql_get_notice(NULL, tx, job_arena(run), json_str(id), &notice, &found));
        if (found)
            notice_ids[(*count)++] = notice.notice_id;
    }
    return OK;
}

/* Its program may have fallen once the relay had it: all that it carried has gone then. */
static Err may_have_gone(Tx *tx, JobRun *run, bool *out)
{
    NotifySqlFindLetter letter;
    const json_t *input;

    TRY(json_read_into(job_arena(run), job_input(run), &input));
    return notify_sql_find_letter(NULL, tx, job_arena(run), json_str_or_empty(input, "notice_id"),
                                  NOTICE_CHANNEL_TEXT[NOTICE_CHANNEL_EMAIL], &letter, out);
}

static Err hand_on(void *context, Tx *tx)
{
    JobRun *run = context;
    const Notify *notify = job_context(run);
    Str notice_ids[MOST_OF_LETTER];
    size_t count;
    bool has_gone;

    TRY(may_have_gone(tx, run, &has_gone));
    TRY(list_left(tx, run, notice_ids, &count));
    if (count > 0 && !has_gone) {
        TRY(notify_sql_set_delivery(tx, notice_ids[0], NOTICE_CHANNEL_TEXT[NOTICE_CHANNEL_EMAIL],
                                    OUTGOING_WAITING, notify_now_us(notify), NULL));
        TRY(add_letter(notify, tx, job_arena(run), notice_ids, count));
    }
    return job_finish(run, tx);
}

Err digest_hand_on(JobRun *run)
{
    const Notify *notify = job_context(run);

    return sql_transact(notify->sql, hand_on, run);
}

/* ---- in words */

static void add_words(Buf *out, const Wording *one)
{
    buf_format(out, "%s%.*s\n%.*s", out->len > 0 ? "\n\n" : "", STR_ARG(one->title), STR_ARG(one->text));
    if (one->link.data != NULL)
        buf_format(out, "\n%.*s", STR_ARG(one->link));
}

/* Those that their reader has deleted meanwhile are left out. */
Err digest_word(Outgoing *of, const json_t *input)
{
    Buf text = {.arena = of->arena};
    size_t i, count = 0;
    json_t *id;

    add_words(&text, &of->wording);
    json_array_foreach(json_object_get(input, "with"), i, id)
    {
        NotifySqlGetNotice notice;
        Wording wording;
        bool found;
        TRY(notify_sql_get_notice(of->notify->sql, NULL, of->arena, json_str(id), &notice, &found));
        if (!found)
            continue;
        templates_word(of->notify->templates, of->arena, notice.template, notice.slots, of->language,
                       &wording);
        add_words(&text, &wording);
        count++;
    }
    if (count == 0)
        return OK;
    of->wording.title =
        letter_title_of_several(of->notify->letter, of->arena, of->language, of->wording.title, count);
    of->wording.text = buf_str(&text);
    of->wording.link = (Str){0};
    return OK;
}
