/* One request to a provider, and what comes back as JSON. */
#ifndef NERDX_SERVICES_AUTH_OIDC_FETCH_H
#define NERDX_SERVICES_AUTH_OIDC_FETCH_H

#include "http/client.h"
#include "services/auth/oidc/provider.h"

enum { FETCH_CONNECT_MS = 2000, FETCH_TOTAL_MS = 6000, FETCH_ANSWER_MAX = 128 * 1024 };

typedef struct Fetch {
    const Provider *provider;
    Str address; /* was checked */
    Str form;    /* absent: GET; else POSTed */
    Str bearer;  /* absent: none */
} Fetch;

/* Any status is an answer, redirects too: none is followed. Errors: UNAVAILABLE names the provider. */
Err oidc_fetch(const Call *call, const Fetch *fetch, HttpReply *out);

/* "… can't be reached for now", with why for the log. */
Err oidc_unavailable(const Provider *provider, const char *why);

#endif
