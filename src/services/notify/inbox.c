/* The operations of api/notify.yaml that are about one's own inbox. */
#include "base/time.h"
#include "services/notify/core.h"
#include "services/notify/look.h"
#include "services/notify/notify_sql.h"

static NoticeItem show(const Notify *notify, Arena *arena, const NotifySqlNotice *row, Language language)
{
    Wording wording;

    templates_word(notify->templates, arena, row->template, row->slots, language, &wording);
    return (NoticeItem){
        .notice_id = row->notice_id,
        .template = row->template,
        .category = wording.category,
        .title = wording.title,
        .text = wording.text,
        .link = wording.link,
        .told = time_format(arena, row->told_us),
        .is_read = row->read_us != 0,
    };
}

Err notify_list(Call *call, const NotifyListInput *in, NoticePage *out)
{
    const Notify *notify = call->service;
    Str before = in->before.data != NULL ? in->before : STR("~"); /* behind every id */
    size_t limit = (size_t)in->limit, count;
    NotifySqlNotice *rows;
    InboxState state;

    TRY(notify_sql_list_notices(notify->sql, NULL, call->arena, in->user_id, before, in->limit + 1, &rows,
                                &count));
    TRY(inbox_look(notify->sql, call->arena, in->user_id, &state));
    out->unread = state.unread;
    out->items.count = count < limit ? count : limit;
    out->items.items = arena_array(call->arena, NoticeItem, out->items.count + 1);
    for (size_t i = 0; i < out->items.count; i++)
        out->items.items[i] = show(notify, call->arena, &rows[i], (Language)in->language);
    if (count > limit)
        out->next_before = rows[limit - 1].notice_id;
    return OK;
}

Err notify_count(Call *call, const NotifyCountInput *in, InboxState *out)
{
    const Notify *notify = call->service;

    return inbox_look(notify->sql, call->arena, in->user_id, out);
}

/* ---- changing it */

typedef struct Change {
    Arena *arena;
    Str user_id;
    Str notice_id; /* absent: all */
    int64_t now_us;
} Change;

static Err find(const Change *change, Tx *tx)
{
    bool found;
    Str id;

    TRY(notify_sql_find_notice(NULL, tx, change->arena, change->user_id, change->notice_id, &id, &found));
    return found ? OK : err(NOT_FOUND, "notice_id: there is no such notice in this inbox");
}

static Err mark_read(void *context, Tx *tx)
{
    const Change *change = context;

    if (change->notice_id.data == NULL)
        return notify_sql_read_all_notices(tx, change->user_id, change->now_us, NULL);
    TRY(find(change, tx));
    return notify_sql_read_notice(tx, change->user_id, change->notice_id, change->now_us, NULL);
}

static Err drop(void *context, Tx *tx)
{
    const Change *change = context;

    TRY(find(change, tx));
    return notify_sql_drop_notice(tx, change->user_id, change->notice_id, NULL);
}

static Err apply(Call *call, SqlWorkFn work, Str user_id, Str notice_id, InboxState *out)
{
    const Notify *notify = call->service;
    Change change = {call->arena, user_id, notice_id, notify_now_us(notify)};

    TRY(sql_transact(notify->sql, work, &change));
    return inbox_look(notify->sql, call->arena, user_id, out);
}

Err notify_read(Call *call, const NotifyReadInput *in, InboxState *out)
{
    return apply(call, mark_read, in->user_id, in->notice_id, out);
}

Err notify_delete(Call *call, const NotifyDeleteInput *in, InboxState *out)
{
    return apply(call, drop, in->user_id, in->notice_id, out);
}

/* Whoever comes back is told how it is now, too, whichever node's events they had before. */
Err notify_follow(Call *call, const NotifyFollowInput *in)
{
    const Notify *notify = call->service;
    EventLog *log;

    FollowedInbox followed = followed_inbox(notify->sql, in->user_id);
    TRY(followers_add(notify->followers, call->arena, &followed, sizeof followed, &log));
    call->last_event_id = 0;
    call_stream(call, log);
    event_log_release(log);
    return OK;
}
