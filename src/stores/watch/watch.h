/* What every server shows of a store, by its name: nerdx_store_calls_total and nerdx_store_call_seconds by kind of call, and of
 * one with connections database_connections_active, nerdx_store_connection_limit and nerdx_store_waiting.
 *
 *     StoreCall call;
 *     store_begin(&call, watch, STORE_READ, "auth_sql_get_role");
 *     Err e = twin->read(…);
 *     store_end(&call, &e); */
#ifndef NERDX_STORES_WATCH_WATCH_H
#define NERDX_STORES_WATCH_WATCH_H

#include "base/err.h"
#include "base/metrics.h"
#include "base/span.h"

typedef enum StoreCallKind {
    STORE_READ,
    STORE_TRANSACTION,
    STORE_COMMIT,
    STORE_OTHER,
    STORE_CALL_KINDS
} StoreCallKind;

/* Its connections now. */
typedef struct StoreUse {
    int64_t active;
    int64_t most; /* 0: any number */
    int64_t waiting;
} StoreUse;

typedef struct StoreWatch StoreWatch;

/* name and system ("sqlite", "redis": OpenTelemetry's db.system.name) are copied. use: may be NULL; it is asked on a thread that may not wait. */
StoreWatch *store_watch_create(const char *name, const char *system,
                               void (*use)(void *context, StoreUse *out), void *context);
void store_watch_destroy(StoreWatch *watch); /* accepts NULL */

/* One call. watch may be NULL: nothing is counted then. what: lives as long as the program. */
typedef struct StoreCall {
    StoreWatch *watch;
    StoreCallKind kind;
    int64_t begun_us;
    Span span; /* of what the thread is doing */
} StoreCall;

void store_begin(StoreCall *call, StoreWatch *watch, StoreCallKind kind, const char *what);
void store_note(StoreCall *call, const Err *result); /* for store_end */

/* An Err is looked at where it is: its 520 bytes would be copied twice else, and more calls are short than not. */
static inline void store_end(StoreCall *call, const Err *result)
{
    if (call->watch != NULL)
        store_note(call, result);
}

#endif
