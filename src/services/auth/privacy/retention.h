/* For how long what is kept of people is kept: content/auth/retention.yaml, shown to whoever asks and applied by retention_sweep. */
#ifndef NERDX_SERVICES_AUTH_PRIVACY_RETENTION_H
#define NERDX_SERVICES_AUTH_PRIVACY_RETENTION_H

#include "services/auth/core.h"

/* Errors: INVALID naming a term that says too little, a sweep that there isn't, or one that nothing asks for. */
Err retention_create(AssetTable content, Retention **out);
/* How many days something is kept, by the id of its term. Errors: INVALID. */
Err retention_days(const Retention *retention, Str id, int64_t *days);
void retention_destroy(Retention *retention); /* accepts NULL */

/* Throws away what is over. Several nodes may: the second finds nothing. Errors: those of the stores. */
Err retention_sweep(const Auth *auth);

#endif
