#include "services/agents/core/errands.h"

#include <assert.h>

#include "base/memory.h"
#include "base/thread.h"

typedef struct Sent {
    Errands *errands;
    Errand errand;
    bool ended;
    bool told;
} Sent;

struct Errands {
    Pool *pool;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t needed_by; /* the sender, and work that goes on */
    size_t count;
    Sent sent[ERRANDS_MAX];
};

Errands *errands_create(Pool *pool)
{
    Errands *errands = memory_new(Errands);

    errands->pool = pool;
    errands->needed_by = 1;
    (void)pthread_mutex_init(&errands->lock, NULL);
    cond_init(&errands->changed);
    return errands;
}

static void destroy(Errands *errands)
{
    for (size_t i = 0; i < errands->count; i++)
        errands->sent[i].errand.free(errands->sent[i].errand.context);
    (void)pthread_cond_destroy(&errands->changed);
    (void)pthread_mutex_destroy(&errands->lock);
    memory_free(errands);
}

/* Whoever is the last puts out the light. */
static void let_go(Errands *errands, Sent *ended)
{
    bool last;

    {
        MUTEX_HOLD(&errands->lock);
        if (ended != NULL)
            ended->ended = true;
        last = --errands->needed_by == 0;
        (void)pthread_cond_signal(&errands->changed);
    }
    if (last)
        destroy(errands);
}

static void run(void *context)
{
    Sent *sent = context;

    sent->errand.run(sent->errand.context);
    let_go(sent->errands, sent);
}

void errands_send(Errands *errands, const Errand *errand)
{
    Sent *sent = &errands->sent[errands->count];

    assert(errands->count < ERRANDS_MAX);
    {
        MUTEX_HOLD(&errands->lock);
        *sent = (Sent){.errands = errands, .errand = *errand};
        errands->count++;
        errands->needed_by++;
    }
    if (errands->pool == NULL || !pool_submit(errands->pool, run, sent))
        run(sent);
}

/* With the lock held. */
static bool find_ended(Errands *errands, size_t *which, size_t *open)
{
    *open = 0;
    for (size_t i = 0; i < errands->count; i++) {
        Sent *sent = &errands->sent[i];
        *open += !sent->told;
        if (!sent->ended || sent->told)
            continue;
        sent->told = true;
        *which = i;
        return true;
    }
    return false;
}

bool errands_next(Errands *errands, int64_t until_us, size_t *which)
{
    size_t open;
    bool in_time = true;

    MUTEX_HOLD(&errands->lock);
    for (;;) {
        if (find_ended(errands, which, &open))
            return true;
        if (open == 0 || !in_time)
            return false;
        in_time = cond_wait_until(&errands->changed, &errands->lock, until_us);
    }
}

void errands_release(Errands *errands)
{
    let_go(errands, NULL);
}
