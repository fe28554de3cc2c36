/* The limiter: two fixed windows a consumer and class, a minute and an hour of UTC as Kong counts them, decided at once
 * (one operation of stores/kv), exact under concurrency and, on a shared store, over all nodes. What is refused isn't
 * counted. Announced as RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10); a refusal is 429 with
 * Retry-After. When the store can't be reached, everybody passes (fault tolerant, as specified), and a metric counts it. */
#ifndef NERDX_GATEWAY_RATE_LIMIT_H
#define NERDX_GATEWAY_RATE_LIMIT_H

#include "gateway/consumer.h"
#include "gateway/limits.h"
#include "http/server.h"
#include "stores/kv/kv.h"

typedef struct RateLimiter RateLimiter;

/* kv must outlive it. */
RateLimiter *rate_limiter_create(Kv *kv, const Limits *limits, const Proxies *proxies);
void rate_limiter_destroy(RateLimiter *limiter); /* accepts NULL; the server must be gone */

Filter rate_limiter_filter(RateLimiter *limiter);
const Metrics *rate_limiter_metrics(const RateLimiter *limiter);

/* ---- What a decision is, for tests ---- */

typedef struct RateVerdict {
    bool is_allowed;
    int64_t minute_left; /* requests */
    int64_t hour_left;
    int64_t minute_ends_ms; /* from now */
    int64_t hour_ends_ms;
} RateVerdict;

Err rate_limit_ask(Kv *kv, const LimitClass *class, Str consumer, RateVerdict *out);

#endif
