/* What is heard of other services. */
#include "api/events.h"
#include "services/notify/people.h"
#include "services/notify/tell.h"

#define NAME "notify"
#define US_PER_HOUR (INT64_C(60) * 60 * 1000000)

typedef struct Hearing Hearing;

/* look: before the transaction, what other services know of it. act: within. */
typedef struct Act {
    const char *type;
    Err (*look)(Hearing *of);
    Err (*act)(const Hearing *of, Tx *tx);
} Act;

struct Hearing {
    const Notify *notify;
    Arena *arena;
    const EventGot *event;
    const Act *act;
    JobEnded ended;
    Holders operators;
};

/* ---- people who come and go: the subject of both is the person */

static Err welcome(const Hearing *of, Tx *tx)
{
    StrEntry link = {STR("link"), STR("/")};
    NoticeTelling telling = {.user_id = of->event->subject,
                             .template = STR("welcome"),
                             .key = STR("welcome"),
                             .values = {&link, 1}};
    NoticeTold told;

    return tell_within(of->notify, tx, of->arena, &telling, &told);
}

static Err forget(const Hearing *of, Tx *tx)
{
    return people_forget_within(tx, of->event->subject, NULL);
}

/* ---- jobs that nobody does any more */

/* Whoever may have it tried again. */
static Err find_operators(Hearing *of)
{
    AuthListHoldersInput wanted = {.permission = STR("jobs")};
    Call call = {.arena = of->arena};

    TRY(job_ended_read(of->arena, of->event->data, &of->ended));
    return of->ended.state == JOB_ENDED_STATE_DEAD
               ? auth_client_list_holders(of->notify->accounts, &call, &wanted, &of->operators)
               : OK;
}

/* Of a thousand that die of one cause an operator is told once an hour; `nerdx jobs` has them all. */
static Err tell_operators(const Hearing *of, Tx *tx)
{
    const JobEnded *ended = &of->ended;
    StrEntry values[] = {{STR("kind"), ended->kind}, {STR("service"), ended->service}};
    NoticeTelling telling = {.template = STR("job-dead"),
                             .key = str_format(of->arena, "job-dead:%.*s:%.*s:%lld", STR_ARG(ended->service),
                                               STR_ARG(ended->kind),
                                               (long long)(of->event->time_us / US_PER_HOUR)),
                             .values = {values, sizeof values / sizeof *values}};
    NoticeTold told;

    for (size_t i = 0; i < of->operators.user_ids.count; i++) {
        telling.user_id = of->operators.user_ids.items[i];
        TRY(tell_within(of->notify, tx, of->arena, &telling, &told));
    }
    return OK;
}

/* ---- hearing */

static const Act ACTS[] = {
    {"nerdx.auth.user.signed_up.v1", NULL, welcome},
    {"nerdx.auth.user.deleted.v1", NULL, forget},
    {"nerdx.jobs.job.ended.v1", find_operators, tell_operators},
};

static const char *const TYPES[] = {"nerdx.auth.user.signed_up.v1", "nerdx.auth.user.deleted.v1",
                                    "nerdx.jobs.job.ended.v1", NULL};

static Err note(void *context, Tx *tx)
{
    const Hearing *of = context;
    bool is_first;

    TRY(event_take_once(tx, NAME, of->event, &is_first));
    return is_first ? of->act->act(of, tx) : OK;
}

static Err hear(void *context, Arena *arena, const EventGot *event)
{
    Notify *notify = context;
    Hearing of = {.notify = notify, .arena = arena, .event = event};

    for (size_t i = 0; i < sizeof ACTS / sizeof *ACTS; i++)
        if (str_equal(event->type, str_from(ACTS[i].type)))
            of.act = &ACTS[i];
    if (of.act == NULL)
        return OK;
    if (of.act->look != NULL)
        TRY(of.act->look(&of));
    return sql_transact(notify->sql, note, &of);
}

EventConsumer notify_consumer(Notify *notify)
{
    return (EventConsumer){.name = NAME, .types = TYPES, .hear = hear, .context = notify};
}
