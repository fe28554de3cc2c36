/* A letter goes once: before it is given to the relay its row says so, and one whose program or relay ended meanwhile isn't sent again, for nobody is
 * told twice, and the inbox has it. Whether it may go is asked when it is due: quiet hours move it, the day's cap and what was refused end it. */
#include "services/notify/deliver.h"

#include "services/notify/address.h"
#include "services/notify/digest.h"
#include "services/notify/letter.h"
#include "services/notify/links.h"
#include "services/notify/outgoing.h"
#include "services/notify/rules.h"

const char *deliver_why_not(const Notify *notify, NoticeCategory category)
{
    if (notify->mailer == NULL)
        return "no relay";
    return RULES[category].is_advertising && notify->advertiser.name.len == 0 ? "no advertiser" : NULL;
}

static bool may_get_better(const Err *e)
{
    return e->code == UNAVAILABLE || e->code == TIMED_OUT || e->code == LIMITED || e->code == INTERNAL;
}

static const char *what_became(const Err *e)
{
    if (!failed(e))
        return "sent";
    return e->code == CONFLICT ? "unsure" : "refused";
}

static Err send_to(Outgoing *of, Str address)
{
    const Rule *rule = &RULES[of->wording.category];
    Mail mail = {.to = address, .subject = of->wording.title, .id = of->notice.notice_id};
    LetterEnd closing = {.advertiser = rule->is_advertising ? &of->notify->advertiser : NULL,
                         .is_of_consent =
                             templates_is_of_consent(of->notify->templates, of->notice.template)};

    if (rule->may_be_refused || closing.is_of_consent)
        closing.unsubscribe =
            links_unsubscribe(of->notify, of->arena, of->notice.user_id,
                              closing.is_of_consent ? NOTICE_CATEGORY_MARKETING : of->wording.category);
    if (str_starts(closing.unsubscribe, STR("https://"))) /* RFC 8058, section 3.1 */
        mail.unsubscribe = closing.unsubscribe;
    letter_write(of->notify->letter, of->arena, &of->wording, of->language, &closing, &mail);
    TRY(outgoing_note(of, "sending"));
    if (!of->is_ours)
        return outgoing_end(of, of->is_over ? OUTGOING_OVER : "unsure");
    Err e = of->notify->mailer->send(of->notify->mailer, of->arena, &mail);
    if (failed(&e) && may_get_better(&e)) {
        TRY(outgoing_take_back(of));
        return e;
    }
    return outgoing_end(of, what_became(&e));
}

/* One that isn't there, as was told before; another of the same person is. */
static Err check_mailbox(const Outgoing *of, bool *is_stopped)
{
    NotifySqlGetMailbox mailbox;
    bool found;

    TRY(notify_sql_get_mailbox(of->notify->sql, NULL, of->arena, of->notice.user_id, of->address, &mailbox,
                               &found));
    *is_stopped = found && mailbox.is_stopped != 0;
    return OK;
}

static Err read_others(Outgoing *of)
{
    const json_t *input;

    TRY(json_read_into(of->arena, job_input(of->run), &input));
    return digest_word(of, input);
}

/* Asked again here: since they were told, the program may have been started without its relay, or without who
 * advertises. */
static Err check(Outgoing *of, const char **state)
{
    TRY(outgoing_check(of, state));
    if (*state == NULL && of->due_us == 0)
        *state = deliver_why_not(of->notify, of->wording.category);
    return OK;
}

Err deliver_run(JobRun *run)
{
    const char *state;
    Outgoing of;
    Str address = {0};
    bool found, is_stopped;

    TRY(outgoing_load(run, NOTICE_CHANNEL_EMAIL, &of, &found));
    if (!found)
        return digest_hand_on(run); /* they have deleted it */
    TRY(check(&of, &state));
    if (state != NULL || of.due_us != 0)
        return outgoing_end(&of, state);
    TRY(address_find(of.notify, of.arena, of.notice.user_id, &address));
    if (address.data == NULL)
        return outgoing_end(&of, "no address");
    of.address = links_address(of.notify, of.arena, address);
    TRY(check_mailbox(&of, &is_stopped));
    TRY(read_others(&of));
    return is_stopped ? outgoing_end(&of, "mailbox gone") : send_to(&of, address);
}
