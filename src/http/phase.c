#include "http/phase.h"

#include <sched.h>

#include "http/inside.h"

/* Wakes the connection, if it sleeps. While `waking` is above zero the library isn't stopped, which it must
 * not be between the change of phase and the call. */
static bool wake(Request *request, int to)
{
    Server *server = request->server;
    int asleep = PHASE_ASLEEP;

    atomic_fetch_add(&server->waking, 1);
    bool woken = atomic_compare_exchange_strong(&request->phase, &asleep, to);
    if (woken)
        MHD_resume_connection(request->link);
    atomic_fetch_sub(&server->waking, 1);
    return woken;
}

static void give_up(Request *request)
{
    if (wake(request, PHASE_GIVEN_UP))
        metrics_add(request->server->metrics, METRIC_DEADLINES, 0, 1);
}

static void look(Watched *watched, int64_t now_us)
{
    Request *request = (Request *)((char *)watched - offsetof(Request, sleeper));

    if (now_us > request->deadline_us || atomic_load(&request->server->stopping))
        give_up(request);
}

void phase_wait_for_wakers(Server *server)
{
    while (atomic_load(&server->waking) > 0)
        (void)sched_yield();
}

void phase_fall_asleep(Request *request)
{
    Server *server = request->server;
    int running = PHASE_RUNNING;

    MHD_suspend_connection(request->link);
    request->sleeper.look = look;
    keeper_watch(&server->keeper, &request->sleeper);
    if (!atomic_compare_exchange_strong(&request->phase, &running, PHASE_ASLEEP)) {
        MHD_resume_connection(request->link);
    } else if (atomic_load(&server->stopping)) {
        /* The server has looked for sleepers already, and may stop the library as soon as this loop returns. */
        give_up(request);
        phase_wait_for_wakers(server);
    }
}

void phase_answered(Request *request)
{
    int running = PHASE_RUNNING;

    if (atomic_compare_exchange_strong(&request->phase, &running, PHASE_ANSWERED))
        return;
    (void)wake(request, PHASE_ANSWERED);
}

bool phase_is_over(const Request *request)
{
    return atomic_load(&request->phase) >= PHASE_ANSWERED;
}

bool phase_was_given_up(const Request *request)
{
    return atomic_load(&request->phase) == PHASE_GIVEN_UP;
}
