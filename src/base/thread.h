/* The few things every use of POSIX threads needs. A mutex is held until its scope ends:
 *
 *     MUTEX_HOLD(&pool->lock);
 *     while (!pool->work)
 *         pthread_cond_wait(&pool->changed, &pool->lock);
 */
#ifndef NERDX_BASE_THREAD_H
#define NERDX_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Starts a thread with all signals blocked (signals belong to the main thread). Aborts when the system gives
 * no thread. name: up to 15 bytes, for top and debuggers. */
pthread_t thread_start(const char *name, void *(*run)(void *context), void *context);
void thread_join(pthread_t thread);

pthread_mutex_t *mutex_lock(pthread_mutex_t *mutex);
void mutex_unlock(pthread_mutex_t *mutex);
void mutex_release(pthread_mutex_t **held); /* for MUTEX_HOLD */

#define THREAD_PASTE_(a, b) a##b
#define THREAD_NAME_(line) THREAD_PASTE_(held_, line)
#define MUTEX_HOLD(mutex)                                                                     \
    pthread_mutex_t *THREAD_NAME_(__LINE__) __attribute__((cleanup(mutex_release), unused)) = \
        mutex_lock(mutex)

/* A condition that counts by the monotonic clock; pthread_cond_signal, _broadcast and _destroy work on it. */
void cond_init(pthread_cond_t *cond);
/* False when the monotonic moment (microseconds) has come first. */
bool cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t monotonic_us);

#endif
