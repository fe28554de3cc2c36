/* Wakes the workers of other processes by messages of a kv store, or of the jobs' own database. A hint and nothing more: whoever misses one looks by themselves. Each
 * process hears its own messages, too, and so knows whether it would hear another's; while it does its idle workers look rarely. */
#ifndef NERDX_STORES_QUEUE_WAKE_H
#define NERDX_STORES_QUEUE_WAKE_H

#include "stores/kv/kv.h"
#include "stores/queue/bell.h"
#include "stores/sql/sql.h"

typedef struct Waker Waker;

/* What it tells by: one of the two. */
typedef struct WakeBy {
    Kv *kv;
    Sql *sql; /* where kv is NULL */
} WakeBy;

/* bell: rung here when others call. calls: others are called when it rings. Both, and what it tells by, must outlive it. Errors: those of
 * kv_subscribe, of sql_listen. */
Err waker_create(WakeBy by, const char *service, Bell *bell, Bell *calls, Waker **out);
void waker_destroy(Waker *waker); /* accepts NULL */

/* One call, by a program that soon ends and hears nobody. What can't be told isn't: they look by themselves. */
void wake_once(WakeBy by, const char *service);

/* Whether what another process adds is heard of at once; of NULL it isn't. */
bool waker_is_heard(const Waker *waker);

#endif
