/* Messages to browsers that asked for them (Web Push: RFC 8030, 8291, 8292), by the push service that each browser names.
 *
 *     TRY(push_send(arena, &sender, &subscription, &(PushMessage){.text = json, .ttl_s = 86400, …}, &reply));
 *
 * Thread-safe: it keeps nothing. Endpoints are secrets of their browsers: none comes into a log or an error. */
#ifndef NERDX_PUSH_PUSH_H
#define NERDX_PUSH_PUSH_H

#include "base/err.h"
#include "push/encrypt.h"

enum { PUSH_LOOKS_LIKE = 1024, PUSH_TOPIC_MAX = 32 };

typedef struct PushSender {
    const P256Key *key;
    Str contact;        /* "https://nerdx.com" or "mailto:…" */
    bool allows_inside; /* http, this machine and its network: for trying */
    int64_t now_s;
} PushSender;

typedef struct PushSubscription {
    const char *endpoint;
    PushReader reader;
} PushSubscription;

typedef struct PushMessage {
    Str text;            /* at most PUSH_TEXT_MAX bytes */
    int ttl_s;           /* how long the service keeps it for a browser that isn't there; 0: it isn't kept */
    const char *urgency; /* very-low, low, normal, high (RFC 8030, section 5.3) */
    Str topic; /* an undelivered one of the same topic is replaced: up to 32 of base64url's digits; absent: none */
} PushMessage;

/* Errors: GONE: the subscription is over, and so for good (404, 410); UNAVAILABLE, TIMED_OUT: later, after what the service asks
 * for (429, 5xx, no connection); UNPROCESSABLE: this one never (any other status, an address inside, a key that is none). */
Err push_send(Arena *arena, const PushSender *sender, const PushSubscription *to, const PushMessage *message);

/* Texts of a subscription into bytes. Errors: UNPROCESSABLE, at /keys/p256dh and /keys/auth. */
Err push_read_keys(Arena *arena, Str p256dh, Str auth, PushReader *out);

#endif
