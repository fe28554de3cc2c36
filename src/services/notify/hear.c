/* What is heard of other services. */
#include "api/events.h"
#include "services/notify/people.h"
#include "services/notify/tell.h"

#define NAME "notify"

typedef struct Hearing {
    const Notify *notify;
    Arena *arena;
    const EventGot *event;
    Err (*act)(const Notify *notify, Tx *tx, Arena *arena, Str user_id);
} Hearing;

static Err welcome(const Notify *notify, Tx *tx, Arena *arena, Str user_id)
{
    StrEntry link = {STR("link"), STR("/")};
    NoticeTelling telling = {
        .user_id = user_id, .template = STR("welcome"), .key = STR("welcome"), .values = {&link, 1}};
    NoticeTold told;

    return tell_within(notify, tx, arena, &telling, &told);
}

static Err forget(const Notify *notify, Tx *tx, Arena *arena, Str user_id)
{
    (void)notify;
    (void)arena;
    return people_forget_within(tx, user_id, NULL);
}

/* The subject of both is the person. */
static const struct {
    const char *type;
    Err (*act)(const Notify *notify, Tx *tx, Arena *arena, Str user_id);
} ACTS[] = {
    {"nerdx.auth.user.signed_up.v1", welcome},
    {"nerdx.auth.user.deleted.v1", forget},
};

static const char *const TYPES[] = {"nerdx.auth.user.signed_up.v1", "nerdx.auth.user.deleted.v1", NULL};

static Err note(void *context, Tx *tx)
{
    const Hearing *of = context;
    bool is_first;

    TRY(event_take_once(tx, NAME, of->event, &is_first));
    return is_first ? of->act(of->notify, tx, of->arena, of->event->subject) : OK;
}

static Err hear(void *context, Arena *arena, const EventGot *event)
{
    Notify *notify = context;
    Hearing of = {notify, arena, event, NULL};

    for (size_t i = 0; i < sizeof ACTS / sizeof *ACTS; i++)
        if (str_equal(event->type, str_from(ACTS[i].type)))
            of.act = ACTS[i].act;
    return of.act != NULL ? sql_transact(notify->sql, note, &of) : OK;
}

EventConsumer notify_consumer(Notify *notify)
{
    return (EventConsumer){.name = NAME, .types = TYPES, .hear = hear, .context = notify};
}
