#include "services/notify/tell.h"

#include "base/random.h"
#include "services/notify/notify_sql.h"

static Json write_slots(Arena *arena, const StrMap *values)
{
    Buf out = {.arena = arena};

    buf_put_char(&out, '{');
    for (size_t i = 0; i < values->count; i++)
        json_put_member(&out, str_c(arena, values->items[i].key), values->items[i].value);
    buf_put_char(&out, '}');
    return buf_str(&out);
}

Err tell_within(const Notify *notify, Tx *tx, Arena *arena, const Telling *telling, Told *out)
{
    int64_t now_us = notify_now_us(notify), noted;

    out->notice_id = id_new(arena, notify->clock);
    TRY(notify_sql_note_told(tx, telling->user_id, telling->key, out->notice_id, now_us, &noted));
    out->is_new = noted == 1;
    if (!out->is_new)
        return notify_sql_get_told(NULL, tx, arena, telling->user_id, telling->key, &out->notice_id);
    return notify_sql_add_notice(tx, out->notice_id, telling->user_id, telling->template,
                                 write_slots(arena, &telling->values), now_us, NULL);
}

typedef struct Work {
    const Notify *notify;
    Arena *arena;
    const Telling *telling;
    Told *out;
} Work;

static Err tell(void *context, Tx *tx)
{
    const Work *work = context;

    return tell_within(work->notify, tx, work->arena, work->telling, work->out);
}

Err notify_tell(Call *call, const Telling *in, Told *out)
{
    const Notify *notify = call->service;
    Work work = {notify, call->arena, in, out};

    TRY(templates_check(notify->templates, in->template, &in->values));
    return sql_transact(notify->sql, tell, &work);
}
