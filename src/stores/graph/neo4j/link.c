#include "stores/graph/neo4j/link.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/base64.h"
#include "base/breaker.h"
#include "base/clock.h"
#include "base/memory.h"
#include "http/client.h"
#include "stores/graph/neo4j/address.h"
#include "stores/graph/neo4j/status.h"
#include "stores/watch/watch.h"

enum {
    CONNECT_MS = 2000,
    TAKE_BACK_MS = 2000,
    LONGEST_MS = 3600000, /* a question */
    ANSWER_MS = 6000,     /* what a question's answer may take beyond its time */
    MAX_CONNECTIONS = 32,
    MAX_ANSWER_BYTES = 256 << 20,
    DECIMAL = 10,
    MS_PER_S = 1000,
    US_PER_MS = 1000,
    NS_PER_MS = 1000000,
};

/* What the server is told, and how long this side waits: longer, to learn what became of the transaction. Neo4j looks
 * for transactions that are over their time every two seconds. What a program that was killed has begun to record keeps
 * others from writing for as long. */
typedef struct Patience {
    const char *server_ms; /* a header */
    int wait_ms;
    bool is_long; /* silence says nothing about the server */
} Patience;

static const Patience PATIENCE[LINK_PATIENCE_COUNT] = {
    [LINK_QUICK] = {"max-execution-time: 5000", 8000},
    [LINK_RECORD] = {"max-execution-time: 2000", 6000},
    [LINK_LONG] = {"max-execution-time: 120000", 125000, true},
};

static const BreakerLimits BREAKER_LIMITS = {.pause_ms = 1000, .silent_calls = 2};

static const char READ_ONLY[] = "access-mode: READ";
static const char JOLT[] = "application/vnd.neo4j.jolt-v2;strict=true"; /* JSON that tells types */

struct Link {
    HttpClient *client;
    StoreWatch *watch;
    Breaker breaker;
    char *path; /* "/db/neo4j/tx" */
    char *auth; /* NULL when there is no password */
};

/* --- what it is made of --- */

static char *auth_of(const GraphAccess *access)
{
    AUTO_ARENA Arena scratch = {0};

    if (access->user == NULL || access->password == NULL)
        return NULL;
    Str pair = str_format(&scratch, "%s:%s", access->user, access->password);
    Str coded = base64_encode(&scratch, pair);
    char *header = memory_copy_text(str_format(&scratch, "Basic %.*s", STR_ARG(coded)).data);
    explicit_bzero((char *)pair.data, pair.len);
    return header;
}

static void use_of(void *context, StoreUse *out)
{
    HttpClientLoad load = http_client_load(context);

    *out = (StoreUse){(int64_t)load.open, MAX_CONNECTIONS, (int64_t)load.waiting};
}

Err link_create(const GraphAccess *access, Link **out)
{
    AUTO_ARENA Arena scratch = {0};
    Neo4jAddress address;
    HttpClient *client;

    TRY(neo4j_address_read(&scratch, access->url, &address));
    HttpClientConfig config = {
        .name = "neo4j",
        .base_url = address.base_url,
        .connect_timeout_ms = CONNECT_MS,
        .total_timeout_ms = PATIENCE[LINK_LONG].wait_ms,
        .max_body = MAX_ANSWER_BYTES,
        .max_idle = MAX_CONNECTIONS,
        .max_open = MAX_CONNECTIONS,
    };
    TRY(http_client_create(&config, &client));
    Link *link = memory_new(Link);
    link->client = client;
    link->watch = store_watch_create("world", "neo4j", use_of, client);
    link->path = memory_copy_text(str_format(&scratch, "/db/%.*s/tx", STR_ARG(address.database)).data);
    link->auth = auth_of(access);
    breaker_init(&link->breaker, clock_system(), BREAKER_LIMITS);
    *out = link;
    return OK;
}

void link_destroy(Link *link)
{
    if (link == NULL)
        return;
    store_watch_destroy(link->watch); /* it asks the client */
    http_client_destroy(link->client);
    breaker_finish(&link->breaker);
    if (link->auth != NULL)
        explicit_bzero(link->auth, strlen(link->auth));
    memory_free(link->auth);
    memory_free(link->path);
    memory_free(link);
}

/* --- requests --- */

/* One POST below /db/…/tx, as often as it is tried. */
typedef struct Post {
    Link *link;
    Patience patience;
    const char *accept; /* NULL = JSON */
    const char *mode;   /* a header, or NULL */
    Arena *arena;
    Str target;
    Json body;
    CypherReply *reply;
    Str *lines; /* for link_ask, in the place of reply */
    int64_t tx; /* filled in by an answer that opened a transaction */
} Post;

static BreakerNews news_of(const Post *post, const Err *e)
{
    if (e->code == TIMED_OUT)
        return post->patience.is_long ? BREAKER_ANSWERED : BREAKER_SILENT;
    return e->code == UNAVAILABLE ? BREAKER_UNREACHED : BREAKER_ANSWERED;
}

static Call call_within(int ms)
{
    return (Call){.trace = trace_new(),
                  .deadline_us = clock_monotonic_us(clock_system()) + (int64_t)ms * US_PER_MS};
}

static Err send(const Post *post, HttpReply *answer)
{
    const char *const headers[] = {post->patience.server_ms, post->mode, NULL};
    HttpRequest request = {
        .method = "POST",
        .target = post->target,
        .body = post->body,
        .auth = post->link->auth,
        .headers = headers,
        .accept = post->accept,
    };
    Call call = call_within(post->patience.wait_ms);
    Err e = err(UNAVAILABLE, "it didn't answer a moment ago");

    if (!breaker_lets_through(&post->link->breaker)) {
        http_client_leave_alone(post->link->client);
        return status_unavailable(&e);
    }
    e = http_client_send(post->link->client, post->arena, &call, &request, answer);
    breaker_note(&post->link->breaker, news_of(post, &e));
    return failed(&e) && e.code != INTERNAL ? status_unavailable(&e) : e;
}

/* The number in ".../tx/17/commit". */
static int64_t tx_of(const CypherReply *reply)
{
    static const char below[] = "/tx/";
    const char *url = json_string_value(json_object_get(reply->root, "commit"));
    const char *found = url != NULL ? strstr(url, below) : NULL;

    return found != NULL ? strtoll(found + strlen(below), NULL, DECIMAL) : 0;
}

static Err send_and_read(Post *post)
{
    HttpReply answer = {0};

    TRY(send(post, &answer));
    return status_read(&answer, post->reply);
}

/* What Neo4j says in its answer is what came of the call, not only whether it came. */
static Err watched(Post *post, Err (*step)(Post *post))
{
    bool is_read = post->mode == READ_ONLY;
    StoreCall call;

    store_begin(&call, post->link->watch, is_read ? STORE_READ : STORE_TRANSACTION,
                is_read ? "read" : "transaction");
    AUTO_DOING const Trace *before = span_enter(call.span.is_recorded ? &call.span.trace : span_current());
    Err e = step(post);
    store_end(&call, &e);
    return e;
}

static Err post_once(void *context)
{
    Post *post = context;

    TRY(watched(post, send_and_read));
    post->tx = tx_of(post->reply);
    return OK;
}

Err link_read(Link *link, LinkPatience patience, Arena *arena, CypherRequest *request, CypherReply *reply)
{
    Post post = {
        .link = link,
        .patience = PATIENCE[patience],
        .mode = READ_ONLY,
        .arena = arena,
        .target = str_format(arena, "%s/commit", link->path),
        .body = cypher_finish(request),
        .reply = reply,
    };

    return link_retry(post_once, &post);
}

Err link_write(Link *link, LinkPatience patience, Arena *arena, CypherRequest *request, CypherReply *reply)
{
    Post post = {
        .link = link,
        .patience = PATIENCE[patience],
        .arena = arena,
        .target = str_format(arena, "%s/commit", link->path),
        .body = cypher_finish(request),
        .reply = reply,
    };

    return link_retry(post_once, &post);
}

static Err send_and_take(Post *post)
{
    HttpReply answer = {0};

    TRY(send(post, &answer));
    if (str_starts(answer.content_type, STR("application/vnd.neo4j.jolt"))) {
        *post->lines = answer.body;
        return OK;
    }
    AUTO_REPLY CypherReply reply = {0};
    TRY(status_read(&answer, &reply)); /* refused before it came to Cypher */
    return err(INTERNAL, "the graph store did not answer as it was asked");
}

Err link_ask(Link *link, Arena *arena, int64_t time_us, CypherRequest *request, Str *lines)
{
    int64_t ms = time_us / US_PER_MS;
    Post post = {
        .link = link,
        .patience = {str_format(arena, "max-execution-time: %lld", (long long)(ms > 0 ? ms : 1)).data,
                     (int)(ms < LONGEST_MS ? ms : LONGEST_MS) + ANSWER_MS, true},
        .mode = READ_ONLY,
        .accept = JOLT,
        .arena = arena,
        .target = str_format(arena, "%s/commit", link->path),
        .body = cypher_finish(request),
        .lines = lines,
    };

    return watched(&post, send_and_take);
}

/* --- transactions over several requests --- */

/* The time of a transaction goes by while it waits for its lock: another try may find it free. */
static Err post_in_tx(Post *post)
{
    Err e = post_once(post);

    if (e.code == TIMED_OUT)
        e.code = CONFLICT;
    return e;
}

Err link_begin(Link *link, LinkPatience patience, Arena *arena, CypherRequest *request, LinkTx *tx,
               CypherReply *reply)
{
    Post post = {
        .link = link,
        .patience = PATIENCE[patience],
        .arena = arena,
        .target = str_from(link->path),
        .body = cypher_finish(request),
        .reply = reply,
    };

    TRY(post_in_tx(&post));
    *tx = (LinkTx){link, patience, post.tx};
    return OK;
}

static Err post_to_tx(LinkTx *tx, Arena *arena, const char *below, CypherRequest *request, CypherReply *reply)
{
    Post post = {
        .link = tx->link,
        .patience = PATIENCE[tx->patience],
        .arena = arena,
        .target = str_format(arena, "%s/%lld%s", tx->link->path, (long long)tx->id, below),
        .body = cypher_finish(request),
        .reply = reply,
    };
    Err e = post_in_tx(&post);

    if (failed(&e)) /* Neo4j has rolled it back, or will when its time is over */
        tx->link = NULL;
    return e;
}

Err link_continue(LinkTx *tx, Arena *arena, CypherRequest *request, CypherReply *reply)
{
    return post_to_tx(tx, arena, "", request, reply);
}

Err link_commit(LinkTx *tx, Arena *arena, CypherRequest *request)
{
    AUTO_REPLY CypherReply reply = {0};
    Err e = post_to_tx(tx, arena, "/commit", request, &reply);

    tx->link = NULL;
    return e;
}

/* Isn't waited for long: without it Neo4j takes it back when its time is over. */
void link_rollback(LinkTx *tx)
{
    AUTO_ARENA Arena scratch = {0};
    HttpReply answer = {0};

    if (tx->link == NULL)
        return;
    Str target = str_format(&scratch, "%s/%lld", tx->link->path, (long long)tx->id);
    HttpRequest request = {.method = "DELETE", .target = target, .auth = tx->link->auth};
    Call call = call_within(TAKE_BACK_MS);
    (void)http_client_send(tx->link->client, &scratch, &call, &request, &answer);
    tx->link = NULL;
}

/* --- conflicts --- */

static void pause_ms(long ms)
{
    struct timespec pause = {ms / MS_PER_S, ms % MS_PER_S * NS_PER_MS};

    (void)nanosleep(&pause, NULL);
}

Err link_retry(LinkWorkFn work, void *context)
{
    int64_t until_us = clock_monotonic_us(clock_system()) + (int64_t)LINK_RETRY_MS * US_PER_MS;
    long pause = LINK_FIRST_PAUSE_MS;
    Err e = work(context);

    while (e.code == CONFLICT && clock_monotonic_us(clock_system()) < until_us) {
        pause_ms(pause);
        pause = 2 * pause < LINK_LONGEST_PAUSE_MS ? 2 * pause : LINK_LONGEST_PAUSE_MS;
        e = work(context);
    }
    return e.code == CONFLICT ? status_unavailable(&e) : e;
}
