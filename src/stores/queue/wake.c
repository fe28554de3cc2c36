#include "stores/queue/wake.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"

enum { BEAT_MS = 2000, DEAF_MS = 3 * BEAT_MS, US_PER_MS = 1000, CHANNEL_MAX = 80 };

static const struct timespec BREATH = {.tv_nsec = 4000000};

/* The first letter of a message; its sender's name follows. */
enum { CALL = '+', BEAT = '=' };

struct Waker {
    WakeBy by;
    Bell *bell, *calls;
    KvSubscription *subscription;
    SqlListener *listener;
    pthread_t thread;
    char name[ID_TEXT];
    char channel[CHANNEL_MAX];
    _Atomic int64_t heard_us; /* monotonic; its own voice; 0: never */
    atomic_bool is_over;
};

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_system());
}

static void hear(void *context, Str message)
{
    Waker *waker = context;

    if (message.len < 2) /* it may have missed something */
        bell_ring(waker->bell);
    else if (str_equal(str_slice(message, 1, message.len), str_from(waker->name)))
        atomic_store(&waker->heard_us, now_us());
    else if (message.data[0] == CALL)
        bell_ring(waker->bell);
}

static void say(const Waker *waker, char what)
{
    char message[ID_TEXT + 1];

    (void)snprintf(message, sizeof message, "%c%s", what, waker->name);
    Err e = waker->by.kv != NULL ? kv_publish(waker->by.kv, str_from(waker->channel), str_from(message))
                                 : sql_say(waker->by.sql, str_from(message));
    if (failed(&e))
        log_debug("workers elsewhere can't be woken: they look by themselves", log_err(&e));
}

/* However often it was rung meanwhile, one message tells it; and there are not more of them than woken ones would look anyway. */
static void *call_others(void *context)
{
    Waker *waker = context;
    Bell *calls = waker->calls;
    uint64_t seen = bell_rings(calls);

    say(waker, BEAT);
    while (!atomic_load(&waker->is_over)) {
        bell_wait(calls, seen, now_us() + (int64_t)BEAT_MS * US_PER_MS);
        uint64_t rings = bell_rings(calls);
        say(waker, rings != seen ? CALL : BEAT);
        seen = rings;
        (void)nanosleep(&BREATH, NULL);
    }
    if (bell_rings(calls) != seen) /* what was put back last */
        say(waker, CALL);
    return NULL;
}

static Err begin_to_hear(Waker *waker)
{
    return waker->by.kv != NULL
               ? kv_subscribe(waker->by.kv, str_from(waker->channel), hear, waker, &waker->subscription)
               : sql_listen(waker->by.sql, hear, waker, &waker->listener);
}

static void end_hearing(Waker *waker)
{
    if (waker->by.kv != NULL)
        kv_unsubscribe(waker->subscription);
    else
        sql_unlisten(waker->by.sql, waker->listener);
}

static void introduce(Waker *waker, WakeBy by, const char *service)
{
    waker->by = by;
    id_print(clock_system(), waker->name);
    (void)snprintf(waker->channel, sizeof waker->channel, "jobs:%s", service);
}

Err waker_create(WakeBy by, const char *service, Bell *bell, Bell *calls, Waker **out)
{
    Waker *waker = memory_new(Waker);

    introduce(waker, by, service);
    waker->bell = bell;
    waker->calls = calls;
    Err e = begin_to_hear(waker);
    if (failed(&e)) {
        memory_free(waker);
        return e;
    }
    waker->thread = thread_start("job-wake", call_others, waker);
    *out = waker;
    return OK;
}

void waker_destroy(Waker *waker)
{
    if (waker == NULL)
        return;
    atomic_store(&waker->is_over, true);
    bell_ring(waker->calls);
    thread_join(waker->thread);
    end_hearing(waker);
    memory_free(waker);
}

void wake_once(WakeBy by, const char *service)
{
    Waker caller = {0};

    introduce(&caller, by, service);
    say(&caller, CALL);
}

bool waker_is_heard(const Waker *waker)
{
    int64_t heard_us = waker != NULL ? atomic_load(&waker->heard_us) : 0;

    return heard_us != 0 && now_us() - heard_us < (int64_t)DEAF_MS * US_PER_MS;
}
