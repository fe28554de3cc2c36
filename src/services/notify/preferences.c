#include "services/notify/preferences.h"

#include "base/time.h"
#include "base/zone.h"
#include "services/notify/address.h"
#include "services/notify/links.h"
#include "services/notify/quiet.h"
#include "services/notify/rules.h"

#define SEOUL STR("Asia/Seoul")

/* ---- as they are */

Err preferences_of(Sql *sql, Tx *tx, Arena *arena, Str user_id, NotifySqlGetPerson *out)
{
    bool found;

    TRY(notify_sql_get_person(sql, tx, arena, user_id, out, &found));
    if (!found)
        *out = (NotifySqlGetPerson){
            .language = LANGUAGE_TEXT[LANGUAGE_KO], .time_zone = SEOUL, .most_a_day = LETTERS_A_DAY};
    return OK;
}

static bool is_usual(NoticeCategory category, NoticeChannel channel)
{
    return channel == NOTICE_CHANNEL_PUSH ? RULES[category].is_pushed : RULES[category].is_mailed;
}

static bool may_refuse(NoticeCategory category, NoticeChannel channel)
{
    return channel == NOTICE_CHANNEL_PUSH || RULES[category].may_be_refused;
}

Err preferences_want(Sql *sql, Tx *tx, Arena *arena, Str user_id, NoticeCategory category,
                     NoticeChannel channel, bool *wanted)
{
    bool found;
    int64_t said;

    (void)arena;
    *wanted = is_usual(category, channel);
    if (!may_refuse(category, channel) || !*wanted)
        return OK;
    TRY(notify_sql_get_preference(sql, tx, user_id, NOTICE_CATEGORY_TEXT[category],
                                  NOTICE_CHANNEL_TEXT[channel], &said, &found));
    if (found)
        *wanted = said != 0;
    return OK;
}

static Err has_agreed(Sql *sql, Tx *tx, Str user_id, ConsentSubject subject, bool *agreed)
{
    NotifySqlGetConsent latest;
    bool found;

    TRY(notify_sql_get_consent(sql, tx, user_id, CONSENT_SUBJECT_TEXT[subject], &latest, &found));
    *agreed = found && latest.is_given != 0;
    return OK;
}

Err preferences_of_advertising(Sql *sql, Tx *tx, Str user_id, int64_t now_us, bool *agreed, int64_t *until_us)
{
    bool at_night;

    TRY(has_agreed(sql, tx, user_id, CONSENT_SUBJECT_MARKETING, agreed));
    TRY(has_agreed(sql, tx, user_id, CONSENT_SUBJECT_MARKETING_NIGHT, &at_night));
    TRY(quiet_until(&(QuietHours){SEOUL, NIGHT_FROM, NIGHT_UNTIL}, now_us, until_us));
    if (at_night)
        *until_us = 0;
    return OK;
}

Err preferences_check_advertising(Tx *tx, Str user_id, int64_t now_us)
{
    int64_t until_us;
    bool agreed;

    TRY(preferences_of_advertising(NULL, tx, user_id, now_us, &agreed, &until_us));
    if (!agreed)
        return err(CONFLICT, "template: it is advertising, and they haven't agreed to any");
    return until_us == 0
               ? OK
               : err(CONFLICT,
                     "template: it is advertising, which they haven't agreed to between 21:00 and 08:00 in "
                     "Korea");
}

/* ---- showing them */

static Str clock_text(Arena *arena, int64_t minutes)
{
    return str_format(arena, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

static Err show_choices(const Notify *notify, Arena *arena, Str user_id, Preferences *out)
{
    const size_t all = (size_t)NOTICE_CATEGORY_COUNT * NOTICE_CHANNEL_COUNT;

    out->choices.items = arena_array(arena, NoticeChoice, all);
    out->choices.count = 0;
    for (size_t i = 0; i < all; i++) {
        NoticeChoice choice = {.category = (NoticeCategory)(i % NOTICE_CATEGORY_COUNT),
                               .channel = (NoticeChannel)(i / NOTICE_CATEGORY_COUNT)};
        if (!is_usual(choice.category, choice.channel))
            continue;
        TRY(preferences_want(notify->sql, NULL, arena, user_id, choice.category, choice.channel,
                             &choice.is_wanted));
        out->choices.items[out->choices.count++] = choice;
    }
    return OK;
}

static Err show_consents(const Notify *notify, Arena *arena, Str user_id, Preferences *out)
{
    NotifySqlListConsents *rows;
    size_t count;

    TRY(notify_sql_list_consents(notify->sql, NULL, arena, user_id, MOST_CONSENTS, &rows, &count));
    out->consents.items = arena_array(arena, ConsentItem, count + 1);
    out->consents.count = count;
    for (size_t i = 0; i < count; i++)
        out->consents.items[i] = (ConsentItem){
            .subject =
                str_equal(rows[i].subject, CONSENT_SUBJECT_TEXT[0]) ? (ConsentSubject)0 : (ConsentSubject)1,
            .is_given = rows[i].is_given != 0,
            .at = time_format(arena, rows[i].at_us),
            .source = rows[i].source,
        };
    return OK;
}

/* Of the address that they have now: what another of theirs did isn't this one's. Auth is asked for it only where
 * some letter came back. */
static Err find_mailbox(const Notify *notify, Arena *arena, Str user_id, NotifySqlGetMailbox *out,
                        bool *found)
{
    int64_t mailboxes;
    Str address = {0};

    *found = false;
    TRY(notify_sql_count_mailboxes(notify->sql, NULL, user_id, &mailboxes));
    if (mailboxes == 0)
        return OK;
    TRY(address_find(notify, arena, user_id, &address));
    if (address.data == NULL)
        return OK;
    return notify_sql_get_mailbox(notify->sql, NULL, arena, user_id, links_address(notify, arena, address),
                                  out, found);
}

static Err show_mailbox(const Notify *notify, Arena *arena, Str user_id, Preferences *out)
{
    NotifySqlGetMailbox row;
    bool found;

    TRY(find_mailbox(notify, arena, user_id, &row, &found));
    if (!found)
        return OK;
    Mailbox *mailbox = arena_new(arena, Mailbox);
    *mailbox = (Mailbox){
        .is_stopped = row.is_stopped != 0,
        .soft_bounces = row.soft,
        .status = row.status.len > 0 ? row.status : (Str){0},
        .since = time_format(arena, row.at_us),
    };
    out->mailbox = mailbox;
    return OK;
}

Err preferences_show(const Notify *notify, Arena *arena, Str user_id, Preferences *out)
{
    NotifySqlGetPerson person;

    TRY(preferences_of(notify->sql, NULL, arena, user_id, &person));
    out->language = str_equal(person.language, LANGUAGE_TEXT[LANGUAGE_KO]) ? LANGUAGE_KO : LANGUAGE_EN;
    out->time_zone = person.time_zone;
    out->quiet_from = clock_text(arena, person.quiet_from);
    out->quiet_until = clock_text(arena, person.quiet_until);
    out->most_a_day = person.most_a_day;
    TRY(show_choices(notify, arena, user_id, out));
    TRY(show_consents(notify, arena, user_id, out));
    return show_mailbox(notify, arena, user_id, out);
}

Err notify_get_preferences(Call *call, const NotifyGetPreferencesInput *in, Preferences *out)
{
    return preferences_show(call->service, call->arena, in->user_id, out);
}

/* ---- changing them */

typedef struct Putting {
    const Notify *notify;
    Arena *arena;
    Str user_id;
    const PreferencesInput *wish;
} Putting;

static int minutes_of(Str clock)
{
    return ((clock.data[0] - '0') * 10 + clock.data[1] - '0') * 60 + (clock.data[3] - '0') * 10 +
           clock.data[4] - '0';
}

static Err put(void *context, Tx *tx)
{
    const Putting *of = context;
    const PreferencesInput *wish = of->wish;

    TRY(notify_sql_put_person(tx, of->user_id, LANGUAGE_TEXT[wish->language], wish->time_zone,
                              minutes_of(wish->quiet_from), minutes_of(wish->quiet_until), wish->most_a_day,
                              NULL));
    for (size_t i = 0; i < wish->choices.count; i++) {
        const NoticeChoice *choice = &wish->choices.items[i];
        TRY(notify_sql_put_preference(tx, of->user_id, NOTICE_CATEGORY_TEXT[choice->category],
                                      NOTICE_CHANNEL_TEXT[choice->channel], choice->is_wanted, NULL));
    }
    return OK;
}

static Err check_choice(const NoticeChoice *choice, size_t i)
{
    const char *name = NOTICE_CATEGORY_TEXT[choice->category].data;

    if (!is_usual(choice->category, choice->channel))
        return err_at(err(UNPROCESSABLE, "%s never goes that way", name), "/choices/%zu", i);
    if (choice->is_wanted || may_refuse(choice->category, choice->channel))
        return OK;
    return err_at(err(UNPROCESSABLE, "%s can't be refused: one must know it", name), "/choices/%zu", i);
}

Err notify_put_preferences(Call *call, const NotifyPutPreferencesInput *in, Preferences *out)
{
    const Notify *notify = call->service;
    Putting of = {notify, call->arena, in->user_id, &in->body};
    int offset_s;

    Err e = zone_offset(in->body.time_zone, notify_now_us(notify), &offset_s);
    if (failed(&e))
        return err_at(err(UNPROCESSABLE, "time_zone: there is none of that name here, such as Asia/Seoul"),
                      "/time_zone");
    for (size_t i = 0; i < in->body.choices.count; i++)
        TRY(check_choice(&in->body.choices.items[i], i));
    TRY(sql_transact(notify->sql, put, &of));
    return preferences_show(notify, call->arena, in->user_id, out);
}
