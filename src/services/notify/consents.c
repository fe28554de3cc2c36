/* What somebody agreed to of advertising, or took back: each act is kept, and its answer told; what was agreed to is said again every two
 * years. 정보통신망 이용촉진 및 정보보호 등에 관한 법률 제50조 제7항, 제8항; 시행령 제62조의2 (within 14 days: who advertises, what was said and on
 * which date, what came of it), 제62조의3 (every two years: who advertises, that they agreed and on which date, how to keep it or take it
 * back). https://www.law.go.kr/법령/정보통신망이용촉진및정보보호등에관한법률시행령 */
#include "services/notify/consents.h"

#include "base/random.h"
#include "base/time.h"
#include "base/zone.h"
#include "services/notify/notify_sql.h"
#include "services/notify/preferences.h"
#include "services/notify/tell.h"

#define SEOUL STR("Asia/Seoul")
#define US_PER_S INT64_C(1000000)
#define US_PER_DAY (24 * 60 * 60 * US_PER_S)

enum {
    YEARS_DAYS = 2 * 365, /* two years at the most */
    AHEAD_DAYS = 14,      /* so long before they are over it is said */
    DATE_BYTES = 10,      /* 2026-11-27 */
    AT_ONCE = 100         /* in one transaction */
};

typedef enum ConsentWord { CONSENT_GIVEN, CONSENT_WITHDRAWN, CONSENT_KEPT, CONSENT_WORDS } ConsentWord;

static const char *const TEMPLATES[CONSENT_WORDS][CONSENT_SUBJECT_COUNT] = {
    [CONSENT_GIVEN] = {[CONSENT_SUBJECT_MARKETING] = "consent-given",
                       [CONSENT_SUBJECT_MARKETING_NIGHT] = "consent-given-night"},
    [CONSENT_WITHDRAWN] = {[CONSENT_SUBJECT_MARKETING] = "consent-withdrawn",
                           [CONSENT_SUBJECT_MARKETING_NIGHT] = "consent-withdrawn-night"},
    [CONSENT_KEPT] = {[CONSENT_SUBJECT_MARKETING] = "consent-kept",
                      [CONSENT_SUBJECT_MARKETING_NIGHT] = "consent-kept-night"},
};

/* ---- telling of it */

static Err date_in_seoul(Arena *arena, int64_t at_us, Str *out)
{
    int offset_s;

    TRY(zone_offset(SEOUL, at_us, &offset_s));
    *out = str_slice(time_format(arena, at_us + offset_s * US_PER_S), 0, DATE_BYTES);
    return OK;
}

/* Where nobody said who advertises it is the site. */
static Str sender_of(const Notify *notify)
{
    return notify->advertiser.name.len > 0 ? notify->advertiser.name : str_from(notify->site);
}

static Err tell_of(const Notify *notify, Tx *tx, Arena *arena, Str user_id, const char *template, Str key,
                   int64_t at_us)
{
    StrEntry values[] = {{STR("sender"), sender_of(notify)}, {STR("date"), {0}}};
    NoticeTelling telling = {.user_id = user_id,
                             .template = str_from(template),
                             .key = key,
                             .values = {values, sizeof values / sizeof *values}};
    NoticeTold told;

    TRY(date_in_seoul(arena, at_us, &values[1].value));
    return tell_within(notify, tx, arena, &telling, &told);
}

/* The same, said within a day: a click too many, or an answer that was lost. Later it begins the two years anew, which is told. */
static Err is_repeated(Tx *tx, const ConsentSaid *said, int64_t now_us, bool *repeated)
{
    NotifySqlGetConsent latest;
    bool found;

    TRY(notify_sql_get_consent(NULL, tx, said->user_id, CONSENT_SUBJECT_TEXT[said->subject], &latest,
                               &found));
    *repeated = found && (latest.is_given != 0) == said->is_given && now_us - latest.at_us < US_PER_DAY;
    return OK;
}

Err consents_note(const Notify *notify, Tx *tx, Arena *arena, const ConsentSaid *said)
{
    Str consent_id = id_new(arena, notify->clock);
    int64_t now_us = notify_now_us(notify);
    bool repeated;

    TRY(is_repeated(tx, said, now_us, &repeated));
    TRY(notify_sql_add_consent(tx, consent_id, said->user_id, CONSENT_SUBJECT_TEXT[said->subject],
                               said->is_given, now_us, said->source, NULL));
    if (repeated)
        return OK;
    return tell_of(notify, tx, arena, said->user_id,
                   TEMPLATES[said->is_given ? CONSENT_GIVEN : CONSENT_WITHDRAWN][said->subject],
                   str_format(arena, "consent:%.*s", STR_ARG(consent_id)), now_us);
}

typedef struct Agreeing {
    const Notify *notify;
    Arena *arena;
    ConsentSaid said;
} Agreeing;

static Err note_consent(void *context, Tx *tx)
{
    const Agreeing *of = context;

    return consents_note(of->notify, tx, of->arena, &of->said);
}

Err notify_give_consent(Call *call, const NotifyGiveConsentInput *in, Preferences *out)
{
    const Notify *notify = call->service;
    Agreeing of = {notify, call->arena, {in->user_id, in->body.subject, in->body.is_given, in->body.source}};

    TRY(sql_transact(notify->sql, note_consent, &of));
    return preferences_show(notify, call->arena, in->user_id, out);
}

/* ---- every two years */

typedef struct Page {
    const Notify *notify;
    Arena *arena;
    ConsentSubject subject;
    int64_t now_us;
    Str after_id;
    Str last_id; /* of this page */
    size_t count;
} Page;

/* Which of the two years that have gone by since it is about: each is told of once, its key stays known as long. */
static Str key_of(const Page *page, const NotifySqlListOldConsents *row)
{
    int64_t days = (page->now_us - row->at_us) / US_PER_DAY + AHEAD_DAYS;

    return str_format(page->arena, "consent:%.*s:%lld", STR_ARG(row->consent_id),
                      (long long)(days / YEARS_DAYS));
}

static Err remind_page(void *context, Tx *tx)
{
    Page *page = context;
    NotifySqlListOldConsents *rows;

    TRY(notify_sql_list_old_consents(NULL, tx, page->arena, CONSENT_SUBJECT_TEXT[page->subject],
                                     page->now_us - (YEARS_DAYS - AHEAD_DAYS) * US_PER_DAY, page->after_id,
                                     AT_ONCE, &rows, &page->count));
    for (size_t i = 0; i < page->count; i++)
        TRY(tell_of(page->notify, tx, page->arena, rows[i].user_id, TEMPLATES[CONSENT_KEPT][page->subject],
                    key_of(page, &rows[i]), rows[i].at_us));
    page->last_id = page->count > 0 ? rows[page->count - 1].consent_id : page->after_id;
    return OK;
}

Err consents_remind_run(JobRun *run)
{
    const Notify *notify = job_context(run);

    for (size_t i = 0; i < CONSENT_SUBJECT_COUNT; i++) {
        Page page = {.notify = notify,
                     .arena = job_arena(run),
                     .subject = (ConsentSubject)i,
                     .now_us = notify_now_us(notify),
                     .last_id = STR("")};
        do {
            page.after_id = page.last_id;
            TRY(sql_transact(notify->sql, remind_page, &page));
        } while (page.count == AT_ONCE && !job_should_stop(run));
    }
    return OK;
}
