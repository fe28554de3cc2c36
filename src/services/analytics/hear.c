/* What other services tell is counted, and nobody's: whoever it happened to hasn't agreed to being recognised by it. An event has its id
 * and its place from who told it, so that one which is delivered again changes nothing. */
#include "services/analytics/kinds.h"
#include "services/analytics/record.h"

static const struct {
    const char *type;
    EventKind kind;
} TOLD[] = {
    {"nerdx.agents.turn.ended.v1", EVENT_KIND_TURN_ENDED},
    {"nerdx.auth.user.signed_up.v1", EVENT_KIND_MEMBER_JOINED},
};

static const char *const TYPES[] = {"nerdx.agents.turn.ended.v1", "nerdx.auth.user.signed_up.v1", NULL};

static Err count(const Analytics *analytics, const EventGot *event, EventKind kind)
{
    Taken taken = {.event = {.code = KIND_ROWS[kind].code, .details = STR("")}};
    const Intake intake = {.items = &taken, .count = 1};
    Kept kept;

    uuid_bytes(event->event_id, taken.event.id);
    taken_place_nobody(&taken);
    return record_keep(analytics, &intake, (Str){0}, &kept);
}

static Err hear(void *context, Arena *arena, const EventGot *event)
{
    (void)arena;
    for (size_t i = 0; i < sizeof TOLD / sizeof *TOLD; i++)
        if (str_equal(event->type, str_from(TOLD[i].type)))
            return count(context, event, TOLD[i].kind);
    return OK;
}

EventConsumer analytics_consumer(Analytics *analytics)
{
    return (EventConsumer){.name = "analytics", .types = TYPES, .hear = hear, .context = analytics};
}
