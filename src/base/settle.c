#include "base/settle.h"

#include <assert.h>
#include <stddef.h>

enum { MAX_PUT_OFF = 16 }; /* stores that one thread writes to */

typedef struct PutOff {
    void (*finish)(void *context);
    void *context;
} PutOff;

static _Thread_local Settlement *of_thread;
static _Thread_local PutOff put_off[MAX_PUT_OFF];
static _Thread_local size_t put_off_count;

void settlement_open(Settlement *settlement, SettledFn settled, void *context)
{
    assert(!of_thread);
    atomic_init(&settlement->owed, 1);
    atomic_init(&settlement->broken, false);
    settlement->failure = OK;
    settlement->settled = settled;
    settlement->context = context;
    of_thread = settlement;
}

void settlement_close(Settlement *settlement, Err result)
{
    assert(of_thread == settlement);
    of_thread = NULL;
    settlement_pay(settlement, result);
}

Settlement *settlement_of_thread(void)
{
    return of_thread;
}

void settlement_owe(Settlement *settlement)
{
    assert(of_thread == settlement);
    atomic_fetch_add_explicit(&settlement->owed, 1, memory_order_relaxed);
}

void settlement_pay(Settlement *settlement, Err result)
{
    if (failed(&result) && !atomic_exchange(&settlement->broken, true))
        settlement->failure = result;
    if (atomic_fetch_sub_explicit(&settlement->owed, 1, memory_order_acq_rel) == 1)
        settlement->settled(settlement->context, settlement->failure);
}

Settlement *settlement_suspend(void)
{
    Settlement *suspended = of_thread;

    of_thread = NULL;
    return suspended;
}

void settlement_resume(Settlement **suspended)
{
    of_thread = *suspended;
}

void settle_later(void (*finish)(void *context), void *context)
{
    for (size_t i = 0; i < put_off_count; i++)
        if (put_off[i].finish == finish && put_off[i].context == context)
            return;
    assert(put_off_count < MAX_PUT_OFF);
    put_off[put_off_count++] = (PutOff){finish, context};
}

void settle_all(void)
{
    assert(!of_thread);
    while (put_off_count > 0) {
        PutOff next = put_off[--put_off_count];
        next.finish(next.context);
    }
}
