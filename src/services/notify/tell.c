#include "services/notify/tell.h"

#include "api/events.h"
#include "base/random.h"
#include "services/notify/deliver.h"
#include "services/notify/digest.h"
#include "services/notify/outgoing.h"
#include "services/notify/preferences.h"
#include "services/notify/push_jobs.h"
#include "services/notify/rules.h"

static Json write_slots(Arena *arena, const StrMap *values)
{
    Buf out = {.arena = arena};

    buf_put_char(&out, '{');
    for (size_t i = 0; i < values->count; i++)
        json_put_member(&out, str_c(arena, values->items[i].key), values->items[i].value);
    buf_put_char(&out, '}');
    return buf_str(&out);
}

/* For programs of others (webhooks): that it was said, not the words. */
static Err tell_others(const Notify *notify, Tx *tx, Arena *arena, const NoticeTelling *telling,
                       Str notice_id, NoticeCategory category)
{
    PersonTold data = {.notice_id = notice_id,
                       .user_id = telling->user_id,
                       .template = telling->template,
                       .category = NOTICE_CATEGORY_TEXT[category]};
    EventNew event;

    TRY(person_told_event(arena, telling->user_id, &data, &event));
    return event_emit(notify->queue, tx, arena, &event);
}

static Err mail(const Notify *notify, Tx *tx, Arena *arena, const NoticeTelling *telling, Str notice_id)
{
    int minutes = templates_digest_minutes(notify->templates, telling->template);

    return minutes > 0 ? digest_add(notify, tx, arena, telling, minutes)
                       : outgoing_add(notify, tx, arena, NOTICE_CHANNEL_EMAIL, notice_id, 0);
}

static Err send_out(const Notify *notify, Tx *tx, Arena *arena, const NoticeTelling *telling, Str notice_id,
                    NoticeCategory category)
{
    bool is_mailed = deliver_why_not(notify, category) == NULL &&
                     !templates_is_inbox_only(notify->templates, telling->template);

    if (is_mailed)
        TRY(mail(notify, tx, arena, telling, notice_id));
    if (RULES[category].is_pushed)
        TRY(push_within(notify, tx, arena, telling->user_id, notice_id));
    return tell_others(notify, tx, arena, telling, notice_id, category);
}

static Err add_notice(const Notify *notify, Tx *tx, Arena *arena, const NoticeTelling *telling, Str notice_id)
{
    NoticeCategory category = NOTICE_CATEGORY_STORY;
    int64_t now_us = notify_now_us(notify);

    (void)templates_category(notify->templates, telling->template, &category);
    if (RULES[category].is_advertising)
        TRY(preferences_check_advertising(tx, telling->user_id, now_us));
    TRY(notify_sql_add_notice(tx, notice_id, telling->user_id, telling->template,
                              write_slots(arena, &telling->values), now_us, NULL));
    return send_out(notify, tx, arena, telling, notice_id, category);
}

Err tell_within(const Notify *notify, Tx *tx, Arena *arena, const NoticeTelling *telling, NoticeTold *out)
{
    int64_t noted;

    out->notice_id = id_new(arena, notify->clock);
    TRY(notify_sql_note_told(tx, telling->user_id, telling->key, out->notice_id, notify_now_us(notify),
                             &noted));
    out->is_new = noted == 1;
    if (!out->is_new)
        return notify_sql_get_told(NULL, tx, arena, telling->user_id, telling->key, &out->notice_id);
    return add_notice(notify, tx, arena, telling, out->notice_id);
}

typedef struct Work {
    const Notify *notify;
    Arena *arena;
    const NoticeTelling *telling;
    NoticeTold *out;
} Work;

static Err tell(void *context, Tx *tx)
{
    const Work *work = context;

    return tell_within(work->notify, tx, work->arena, work->telling, work->out);
}

Err notify_tell(Call *call, const NoticeTelling *in, NoticeTold *out)
{
    const Notify *notify = call->service;
    Work work = {notify, call->arena, in, out};

    TRY(templates_check(notify->templates, in->template, &in->values));
    return sql_transact(notify->sql, tell, &work);
}
