#include "base/awaited.h"

#include "base/thread.h"

void awaited_init(Awaited *awaited)
{
    *awaited = (Awaited){.result = OK};
    (void)pthread_mutex_init(&awaited->lock, NULL);
    cond_init(&awaited->changed);
}

void awaited_tell(void *context, Err result)
{
    Awaited *awaited = context;
    MUTEX_HOLD(&awaited->lock);

    awaited->result = result;
    awaited->is_told = true;
    (void)pthread_cond_signal(&awaited->changed);
}

Err awaited_wait(Awaited *awaited)
{
    mutex_lock(&awaited->lock);
    while (!awaited->is_told)
        (void)pthread_cond_wait(&awaited->changed, &awaited->lock);
    mutex_unlock(&awaited->lock);
    (void)pthread_cond_destroy(&awaited->changed);
    (void)pthread_mutex_destroy(&awaited->lock);
    return awaited->result;
}
