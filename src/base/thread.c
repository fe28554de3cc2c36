#include "base/thread.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What pthread calls return is a fault of ours (or of a system without threads left): said, then abort. */
static void must(int error, const char *what)
{
    if (error) {
        (void)fprintf(stderr, "nerdx: %s: %s\n", what, strerror(error));
        abort();
    }
}

pthread_t thread_start(const char *name, void *(*run)(void *context), void *context)
{
    pthread_t thread;
    sigset_t all;
    sigset_t before;

    (void)sigfillset(&all);
    must(pthread_sigmask(SIG_SETMASK, &all, &before), "blocking signals");
    must(pthread_create(&thread, NULL, run, context), "starting a thread");
    must(pthread_sigmask(SIG_SETMASK, &before, NULL), "restoring signals");
    (void)pthread_setname_np(thread, name);
    return thread;
}

void thread_join(pthread_t thread)
{
    must(pthread_join(thread, NULL), "joining a thread");
}

pthread_mutex_t *mutex_lock(pthread_mutex_t *mutex)
{
    must(pthread_mutex_lock(mutex), "locking a mutex");
    return mutex;
}

void mutex_unlock(pthread_mutex_t *mutex)
{
    must(pthread_mutex_unlock(mutex), "unlocking a mutex");
}

void mutex_release(pthread_mutex_t **held)
{
    mutex_unlock(*held);
}

void cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t monotonic;

    must(pthread_condattr_init(&monotonic), "preparing a condition");
    must(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC), "preparing a condition");
    must(pthread_cond_init(cond, &monotonic), "preparing a condition");
    (void)pthread_condattr_destroy(&monotonic);
}

bool cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t monotonic_us)
{
    assert(monotonic_us >= 0);
    const struct timespec until = {monotonic_us / 1000000, monotonic_us % 1000000 * 1000};

    return pthread_cond_timedwait(cond, mutex, &until) == 0;
}
