/* A thread that learns what other nodes have ended, and does what goes on by itself. */
#ifndef NERDX_SERVICES_AUTH_SIGN_INS_WATCH_H
#define NERDX_SERVICES_AUTH_SIGN_INS_WATCH_H

#include "services/auth/core.h"

typedef struct Watch Watch;

/* What else goes on by itself: after each look. Errors are logged. */
typedef struct WatchWork {
    Err (*go_on)(const Auth *auth);
} WatchWork;

/* All that has ended while tokens of it may be good is known when this returns. Errors: those of reading. */
Err watch_start(Auth *auth, const WatchWork *work, Watch **out);
void watch_stop(Watch *watch); /* accepts NULL */

/* A sign-in has ended, durably: this node refuses it from now on, others as soon as they hear of it. */
void watch_tell(const Auth *auth, Str sign_in_id);

#endif
