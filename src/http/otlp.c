#include "http/otlp.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "http/client.h"

enum { US_PER_MS = 1000, MS_PER_S = 1000, ANSWER_MAX = 64 * 1024 };

struct Otlp {
    HttpClient *http;
    OtlpResource resource;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    bool is_over;
    int64_t last_us; /* monotonic: when it must be done, once it is over */
    bool is_well;    /* the last batch arrived: trouble is told once */
};

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_system());
}

static bool is_over(Otlp *otlp)
{
    MUTEX_HOLD(&otlp->lock);
    return otlp->is_over;
}

/* False: the pause was cut short, or the time is up. */
static bool pause_for(Otlp *otlp, int64_t pause_ms)
{
    int64_t until_us = now_us() + pause_ms * US_PER_MS;

    MUTEX_HOLD(&otlp->lock);
    while (!otlp->is_over)
        if (!cond_wait_until(&otlp->changed, &otlp->lock, until_us))
            return true;
    return false;
}

/* ---- one batch */

/* Those that may be sent again (OTLP, "Failures" of OTLP/HTTP). */
static bool is_passing(int status)
{
    enum { TOO_MANY = 429, BAD_GATEWAY = 502, UNREADY = 503, LATE_GATEWAY = 504 };

    return status == TOO_MANY || status == BAD_GATEWAY || status == UNREADY || status == LATE_GATEWAY;
}

static Err send_once(Otlp *otlp, Str body, size_t *refused)
{
    AUTO_ARENA Arena arena = {0};
    const HttpRequest request = {.method = "POST", .target = STR("/v1/traces"), .body = body};
    HttpReply reply;

    arena_init(&arena);
    TRY(http_client_send(otlp->http, &arena, NULL, &request, &reply));
    if (reply.status / 100 != 2)
        return err_retry_after(err(is_passing(reply.status) ? UNAVAILABLE : INVALID,
                                   "the collector answered with status %d", reply.status),
                               reply.retry_after_s);
    *refused = otlp_refused(reply.body);
    return OK;
}

static int64_t pause_ms(const Err *e, int tries)
{
    int64_t said_s = e->retry_after_s < OTLP_LONGEST_PAUSE_S ? e->retry_after_s : OTLP_LONGEST_PAUSE_S;
    int64_t ours_ms = (int64_t)MS_PER_S << tries;

    return said_s * MS_PER_S > ours_ms ? said_s * MS_PER_S : ours_ms;
}

static bool can_pass(const Err *e)
{
    return e->code == UNAVAILABLE || e->code == TIMED_OUT;
}

static Err send_patiently(Otlp *otlp, Str body, size_t *refused)
{
    Err e = send_once(otlp, body, refused);

    for (int tries = 0; failed(&e) && can_pass(&e) && tries + 1 < OTLP_TRIES; tries++) {
        if (!pause_for(otlp, pause_ms(&e, tries)))
            break;
        e = send_once(otlp, body, refused);
    }
    return e;
}

static void note(Otlp *otlp, size_t count, size_t refused, const Err *e)
{
    bool is_well = !failed(e);

    span_count(SPAN_SENT, count - refused);
    span_count(SPAN_REFUSED, refused);
    if (otlp->is_well && !is_well)
        log_warn("traces can't be sent", log_err(e), log_int("spans", (int64_t)refused));
    otlp->is_well = is_well;
}

static void send_batch(Otlp *otlp, Span **spans, size_t count)
{
    AUTO_ARENA Arena arena = {0};
    int64_t offset_us = clock_wall_us(clock_system()) - now_us();

    arena_init(&arena);
    Str body = otlp_write(&arena, &otlp->resource, spans, count, offset_us);
    for (size_t i = 0; i < count; i++)
        span_free(spans[i]);
    size_t refused = 0;
    Err e = send_patiently(otlp, body, &refused);
    if (failed(&e) || refused > count)
        refused = count;
    if (!failed(&e) && refused > 0)
        e = err(INVALID, "the collector took a batch, and refused %zu spans of it", refused);
    note(otlp, count, refused, &e);
}

/* ---- all of them */

static bool has_time(Otlp *otlp)
{
    MUTEX_HOLD(&otlp->lock);
    return !otlp->is_over || now_us() < otlp->last_us;
}

static void *go_on(void *context)
{
    Otlp *otlp = context;
    Span *spans[OTLP_BATCH];
    size_t count;
    bool was_over;

    do {
        was_over = is_over(otlp);
        count = span_take(spans, OTLP_BATCH, now_us() + (int64_t)OTLP_EVERY_MS * US_PER_MS);
        if (count > 0)
            send_batch(otlp, spans, count);
    } while (has_time(otlp) && (!was_over || count > 0));
    return NULL;
}

static OtlpResource resource_of(const OtlpConfig *config)
{
    OtlpResource resource = {.version = config->version, .role = config->role, .pid = getpid()};

    id_print(clock_system(), resource.instance);
    if (gethostname(resource.host, sizeof resource.host - 1) != 0)
        resource.host[0] = '\0';
    return resource;
}

Err otlp_start(const OtlpConfig *config, Otlp **out)
{
    const HttpClientConfig http = {
        .name = "traces",
        .base_url = config->url,
        .connect_timeout_ms = OTLP_LAST_MS,
        .total_timeout_ms = OTLP_TIMEOUT_MS,
        .max_body = ANSWER_MAX,
        .max_idle = 1,
    };
    HttpClient *client;

    *out = NULL;
    TRY(http_client_create(&http, &client));
    Otlp *otlp = memory_new(Otlp);
    otlp->http = client;
    otlp->resource = resource_of(config);
    otlp->is_well = true;
    (void)pthread_mutex_init(&otlp->lock, NULL);
    cond_init(&otlp->changed);
    otlp->thread = thread_start("traces", go_on, otlp);
    *out = otlp;
    return OK;
}

void otlp_stop(Otlp *otlp)
{
    if (otlp == NULL)
        return;
    {
        MUTEX_HOLD(&otlp->lock);
        otlp->is_over = true;
        otlp->last_us = now_us() + (int64_t)OTLP_LAST_MS * US_PER_MS;
        (void)pthread_cond_signal(&otlp->changed);
    }
    span_wake();
    thread_join(otlp->thread);
    http_client_destroy(otlp->http);
    (void)pthread_cond_destroy(&otlp->changed);
    (void)pthread_mutex_destroy(&otlp->lock);
    memory_free(otlp);
}
