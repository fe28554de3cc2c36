/* Letters that came back: whose they were is told by their Message-ID, which is the notice's id. */
#include "mail/bounce.h"
#include "services/notify/core.h"
#include "services/notify/notify_sql.h"
#include "services/notify/preferences.h"
#include "services/notify/refuse.h"
#include "services/notify/rules.h"

typedef struct Taking {
    const Notify *notify;
    Arena *arena;
    Bounce bounce;
    BounceTaken *out;
} Taking;

/* Letters of before don't say it, their notices do. */
static bool category_of(const Taking *of, const NotifySqlFindLetter *letter, NoticeCategory *out)
{
    return rules_find(letter->category, out) ||
           templates_category(of->notify->templates, letter->template, out);
}

/* What one must know comes all the same: a complaint about it is none of advertising. */
static Err complain(const Taking *of, Tx *tx, const NotifySqlFindLetter *letter)
{
    NoticeCategory category;

    if (!category_of(of, letter, &category) || !RULES[category].may_be_refused)
        return OK;
    of->out->effect = BOUNCE_TAKEN_EFFECT_REFUSED;
    return refuse_within(of->notify, tx, of->arena, letter->user_id, category, STR("complaint"));
}

static Err note_failure(const Taking *of, Tx *tx, const NotifySqlFindLetter *letter)
{
    bool is_hard = of->bounce.kind == BOUNCE_HARD;

    of->out->effect = is_hard ? BOUNCE_TAKEN_EFFECT_STOPPED : BOUNCE_TAKEN_EFFECT_COUNTED;
    return notify_sql_note_bounce(tx, letter->user_id, letter->address, is_hard, !is_hard, of->bounce.status,
                                  notify_now_us(of->notify), NULL);
}

/* Its row is marked, so that the same report again finds none. */
static Err take(void *context, Tx *tx)
{
    const Taking *of = context;
    Str channel = NOTICE_CHANNEL_TEXT[NOTICE_CHANNEL_EMAIL];
    NotifySqlFindLetter letter;
    bool found;

    of->out->effect = BOUNCE_TAKEN_EFFECT_NONE;
    TRY(notify_sql_find_letter(NULL, tx, of->arena, of->bounce.letter_id, channel, &letter, &found));
    if (!found)
        return OK;
    TRY(notify_sql_come_back(tx, of->bounce.letter_id, channel, NULL));
    return of->bounce.kind == BOUNCE_COMPLAINT ? complain(of, tx, &letter) : note_failure(of, tx, &letter);
}

Err notify_take_bounce(Call *call, const BouncedLetter *in, BounceTaken *out)
{
    const Notify *notify = call->service;
    Taking of = {notify, call->arena, bounce_read(call->arena, in->message), out};

    out->effect = BOUNCE_TAKEN_EFFECT_NONE;
    return of.bounce.kind != BOUNCE_NONE ? sql_transact(notify->sql, take, &of) : OK;
}

static Err trust(void *context, Tx *tx)
{
    return notify_sql_drop_mailboxes_of(tx, *(const Str *)context, NULL);
}

Err notify_trust_mailbox(Call *call, const NotifyTrustMailboxInput *in, Preferences *out)
{
    const Notify *notify = call->service;
    Str user_id = in->user_id;

    TRY(sql_transact(notify->sql, trust, &user_id));
    return preferences_show(notify, call->arena, user_id, out);
}
