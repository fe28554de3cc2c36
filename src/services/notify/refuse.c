/* The way out of letters (RFC 8058): asked by a page, done by one POST. */
#include "services/notify/refuse.h"

#include "services/notify/consents.h"
#include "services/notify/links.h"
#include "services/notify/notify_sql.h"
#include "services/notify/rules.h"

/* The page reads the token in its fragment, which no server between sees, and neither does a Referer. */
Err notify_ask_unsubscribe(Call *call, const NotifyAskUnsubscribeInput *in)
{
    const Notify *notify = call->service;
    NoticeCategory category;
    Str user_id;

    TRY(links_read(notify, call->arena, in->token, &user_id, &category));
    if (call->put_header != NULL)
        call->put_header(
            call, "Location",
            str_format(call->arena, "%s/unsubscribe.html#%.*s", notify->site, STR_ARG(in->token)).data);
    return OK;
}

/* Who hasn't agreed, or has taken it back before, needs no other proof. */
static Err take_back(const Notify *notify, Tx *tx, Arena *arena, const ConsentSaid *said)
{
    NotifySqlGetConsent latest;
    bool found;

    TRY(notify_sql_get_consent(NULL, tx, said->user_id, CONSENT_SUBJECT_TEXT[said->subject], &latest,
                               &found));
    return found && latest.is_given != 0 ? consents_note(notify, tx, arena, said) : OK;
}

Err refuse_within(const Notify *notify, Tx *tx, Arena *arena, Str user_id, NoticeCategory category,
                  Str source)
{
    if (!RULES[category].is_advertising)
        return notify_sql_put_preference(tx, user_id, NOTICE_CATEGORY_TEXT[category],
                                         NOTICE_CHANNEL_TEXT[NOTICE_CHANNEL_EMAIL], false, NULL);
    for (size_t i = 0; i < CONSENT_SUBJECT_COUNT; i++)
        TRY(take_back(notify, tx, arena,
                      &(ConsentSaid){.user_id = user_id, .subject = (ConsentSubject)i, .source = source}));
    return OK;
}

typedef struct Refusal {
    const Notify *notify;
    Arena *arena;
    Str user_id;
    NoticeCategory category;
} Refusal;

static Err refuse(void *context, Tx *tx)
{
    const Refusal *of = context;

    return refuse_within(of->notify, tx, of->arena, of->user_id, of->category, STR("letter"));
}

Err notify_unsubscribe(Call *call, const NotifyUnsubscribeInput *in, Unsubscribed *out)
{
    const Notify *notify = call->service;
    Refusal of = {.notify = notify, .arena = call->arena};

    TRY(links_read(notify, call->arena, in->token, &of.user_id, &of.category));
    out->category = of.category;
    return sql_transact(notify->sql, refuse, &of);
}
