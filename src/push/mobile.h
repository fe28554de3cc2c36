/* Messages to apps on phones, by whoever brings them there. One interface, a file a provider (fcm.c), so that another is a file and a row.
 *
 *     TRY(mobile_open(&(MobileConfig){.url = "fcm:/etc/nerdx/firebase.json", …}, &provider));
 *     TRY(provider->send(provider, arena, &(MobileMessage){.token = token, …}));
 *
 * Thread-safe. Tokens are secrets of their devices: none comes into a log or an error. */
#ifndef NERDX_PUSH_MOBILE_H
#define NERDX_PUSH_MOBILE_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

enum { MOBILE_TOKEN_MAX = 2048 }; /* an index of PostgreSQL takes 2704 bytes */

typedef struct MobileMessage {
    Str token; /* the device's, as its provider gave it to the app */
    Str id;    /* one of the same id replaces it on the device */
    Str title;
    Str text;
    Str link; /* absent: nowhere */
    Str language;
    int ttl_s;
    bool is_urgent; /* wakes a device that sleeps */
} MobileMessage;

typedef struct MobileProvider MobileProvider;

struct MobileProvider {
    /* Errors: GONE: the app isn't there any more, and so for good; UNAVAILABLE, TIMED_OUT: later, after what it asks for;
     * UNPROCESSABLE: this one never. */
    Err (*send)(MobileProvider *provider, Arena *arena, const MobileMessage *message);
    void (*close)(MobileProvider *provider);
};

/* All of it must outlive the provider. */
typedef struct MobileConfig {
    const char *url;     /* "none", "fcm:FILE" (the JSON of a service account's key, 0600) */
    const char *fcm_url; /* "https://fcm.googleapis.com" */
    const Clock *clock;
} MobileConfig;

/* *out is NULL for "none". Errors: INVALID, and those of reading the file. */
Err mobile_open(const MobileConfig *config, MobileProvider **out);
void mobile_close(MobileProvider *provider); /* accepts NULL */

/* The providers. rest: the URL behind its scheme. */
Err fcm_open(const MobileConfig *config, const char *rest, MobileProvider **out);

#endif
