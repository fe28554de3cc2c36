/* Telling of an end. */
#include <assert.h>

#include "api/events.h"
#include "stores/queue/inside.h"

static JobEndedState state_of(Str state)
{
    if (str_equal(state, STR("done")))
        return JOB_ENDED_STATE_DONE;
    assert(str_equal(state, STR("dead")) || str_equal(state, STR("cancelled")));
    return str_equal(state, STR("dead")) ? JOB_ENDED_STATE_DEAD : JOB_ENDED_STATE_CANCELLED;
}

/* One that this program doesn't know fails as others do, but for deliveries of events: whom they go to only those who serve know. */
static JobTells tells_of(const JobKind *kind, Str name)
{
    if (kind != NULL)
        return kind->tells;
    return str_starts(name, STR("event.")) ? JOB_TELLS_NOTHING : JOB_TELLS_FAILURE;
}

static bool is_told(JobTells tells, JobEndedState state)
{
    return tells == JOB_TELLS_END || (tells == JOB_TELLS_FAILURE && state != JOB_ENDED_STATE_DONE);
}

static Err emit(const Ending *ending, const EndTold *end, JobEndedState state)
{
    const JobEnded data = {
        .job_id = end->job_id,
        .service = str_from(queue_service(ending->queue)),
        .kind = end->kind,
        .state = state,
        .attempts = end->attempt,
        .parent_id = end->parent_id,
    };
    EventNew event;

    TRY(job_ended_event(ending->arena, end->job_id, &data, &event));
    return event_emit(ending->queue, ending->tx, ending->arena, &event);
}

Err end_tell(const Ending *ending, const EndTold *end)
{
    const JobKind *kind = queue_find_kind(ending->queue, end->kind);
    JobEndedState state = state_of(end->state);

    if (state != JOB_ENDED_STATE_DONE && kind != NULL && kind->given_up != NULL)
        TRY(kind->given_up(ending->tx, ending->arena,
                           &(JobGivenUp){end->input, end->reason, ending->now_us}));
    return is_told(tells_of(kind, end->kind), state) ? emit(ending, end, state) : OK;
}
