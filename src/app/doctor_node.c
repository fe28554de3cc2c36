#include "app/doctor_node.h"

#include <stdio.h>
#include <string.h>

#include "app/scrape.h"
#include "app/settings.h"
#include "base/json.h"
#include "http/client.h"

enum { PATIENCE_MS = 5000 };

/* Of something that is wrong: why it matters and what to do; NULL: its message says that. */
typedef struct Advice {
    const char *matters;
    const char *remedy;
} Advice;

typedef struct NamedAdvice {
    const char *name;
    Advice advice;
} NamedAdvice;

static const char START_IT[] =
    "start the database and see that this machine reaches it; a damaged file is restored from a "
    "backup (docs/operations.md)";

static const NamedAdvice STORES[] = {
    {"data folder", {"the embedded stores, keys and letters lie there: without it nothing starts", NULL}},
    {"world model", {"nobody can ask the world, and the agents know nothing to tell", START_IT}},
    {"facts that wait",
     {"what a model found in prose can't be kept or decided on; all else goes on", START_IT}},
    {"sessions and turns", {"nobody can talk, and conversations can't be read", START_IT}},
    {"accounts", {"nobody can sign in, and tokens aren't renewed", START_IT}},
    {"webhooks", {"those who listen aren't told what happens until it is back; nothing is lost", START_IT}},
    {"events of our pages",
     {"what visitors do on our pages isn't counted meanwhile; all else goes on", START_IT}},
    {"notices",
     {"people aren't told anything, and their inboxes can't be read; what happens meanwhile is told later",
      START_IT}},
    {"language model", {"the narrator answers in its place, in plainer words", NULL}},
};

/* What a check of /readyz means when it fails. */
static const NamedAdvice CHECKS[] = {
    {"world",
     {"nobody can ask the world, and the agents know nothing to tell",
      "see that the store of --world-graph (or the process at --world-url) runs and can be reached; the node "
      "finds it again by itself"}},
    {"agents",
     {"nobody can talk, and conversations can't be read",
      "see that the database of --agents-sql runs, can be reached and has room; the node finds it again by "
      "itself"}},
    {"auth",
     {"nobody can sign in, and tokens aren't renewed: visitors are lost within a quarter of an hour",
      "see that the database of --auth-sql runs, can be reached and has room; the node finds it again by "
      "itself"}},
    {"webhooks",
     {"operators can't see or change webhooks, and those who listen aren't told what happens until it is "
      "back; nothing is lost",
      "see that the database of --webhooks-sql runs, can be reached and has room; the node finds it again by "
      "itself"}},
    {"analytics",
     {"what visitors do on our pages isn't counted meanwhile; all else goes on",
      "see that the database of --analytics-sql runs, can be reached and has room; the node finds it again "
      "by itself"}},
    {"notify",
     {"people aren't told anything, and their inboxes can't be read; what happens meanwhile is told later",
      "see that the database of --notify-sql runs, can be reached and has room; the node finds it again by "
      "itself"}},
    {"limits",
     {"requests aren't counted: everybody passes, and nodes don't tell each other of sign-ins that have "
      "ended",
      "see that the Redis of --kv runs and can be reached; the node finds it again by itself"}},
};

/* What the numbers say: the sum of what is picked, divided by that of `of` where there is one, is above `most`. */
static const struct Finding {
    Pick pick;
    Pick of;
    double most;
    const char *what;
    Advice advice;
} FINDINGS[] = {
    {{"nerdx_jobs", "state", "dead"},
     {0},
     0,
     "jobs have given up",
     {"what they were to do isn't done, and won't be",
      "`nerdx jobs --state dead` says what went wrong; mend that, then `nerdx jobs retry dead`"}},
    {{"nerdx_http_overloaded_total"},
     {0},
     0,
     "requests have been turned away since it was started",
     {"their callers got 503: no worker was free and the queue was full",
      "look for a store or model that answers slowly (`nerdx top`), add a node, or raise --workers"}},
    {{"nerdx_store_waiting"},
     {0},
     8,
     "calls wait for a database",
     {"answers take longer the more of them there are",
      "see in `nerdx top` which store; for PostgreSQL allow more connections, for SQLite look for a slow "
      "disk"}},
    {{"nerdx_client_requests_waiting"},
     {0},
     8,
     "requests wait until another server has answered others",
     {"answers take longer, and those that wait too long fail",
      "see in `nerdx top` which server; for a language model see --llm-concurrency"}},
    {{"nerdx_archive_failing_seconds"},
     {0},
     10,
     "an archive (--archive) can't be written for so many seconds",
     {"what is committed meanwhile isn't kept twice; after ten minutes or 512 MiB of log there is a gap in "
      "what can be restored",
      "see that the archive's disk has room and its folder may be written; it goes on by itself"}},
    {{"process_open_fds"},
     {"process_max_fds"},
     0.8,
     "nearly all files and connections that it may open are in use",
     {"beyond the limit it accepts nobody", "raise the limit (LimitNOFILE), or lower --max-connections"}},
    {{"nerdx_pool_running", "pool", "http"},
     {"nerdx_pool_workers", "pool", "http"},
     0.9,
     "nearly all workers are busy",
     {"requests begin to wait, then to be turned away",
      "look for a store or model that answers slowly (`nerdx top`), or raise --workers"}},
    {{"nerdx_spans_total", "result", "not_sent"},
     {0},
     0,
     "traces couldn't be sent",
     {"they are lost; nothing else is",
      "see that the collector of --trace-url runs and takes OTLP over HTTP"}},
};

static void print_advice(const Advice *advice)
{
    if (advice->matters != NULL)
        printf("       why it matters: %s\n", advice->matters);
    if (advice->remedy != NULL)
        printf("       what to do: %s\n", advice->remedy);
}

static Err get(HttpClient *client, Arena *arena, const char *path, HttpReply *out)
{
    const HttpRequest request = {.method = "GET", .target = str_from(path), .accept = "*/*"};

    return http_client_send(client, arena, NULL, &request, out);
}

static void advise(const NamedAdvice *table, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].name, name) == 0)
            print_advice(&table[i].advice);
}

void doctor_advise(const char *check)
{
    advise(STORES, sizeof STORES / sizeof *STORES, check);
}

static size_t print_check(const char *name, const char *said)
{
    if (strcmp(said, "ok") == 0)
        return 0;
    printf("WRONG  the node's %s: %s\n", name, said);
    advise(CHECKS, sizeof CHECKS / sizeof *CHECKS, name);
    return 1;
}

/* What a node says at /readyz. False: what answers there is none. */
static bool read_node(Str body, json_t **root, const char **status, json_t **checks)
{
    Err e = json_read(body, root);

    *checks = json_object_get(*root, "checks");
    *status = json_string_value(json_object_get(*root, "status"));
    return !failed(&e) && *status != NULL && json_is_object(*checks);
}

static bool print_checks(Str body, const char *url, size_t *wrong)
{
    AUTO_JSON json_t *root = NULL;
    const char *status, *name;
    json_t *checks, *said;

    if (!read_node(body, &root, &status, &checks))
        return false;
    json_object_foreach(checks, name, said) *wrong +=
        print_check(name, json_is_string(said) ? json_string_value(said) : "?");
    printf("%s  the node at %s: %s\n", *wrong == 0 ? "ok   " : "note ", url, status);
    return true;
}

static bool is_found(const Scrape *scrape, const struct Finding *finding, double *value)
{
    *value = scrape_sum(scrape, NULL, finding->pick);
    if (finding->of.name == NULL)
        return *value > finding->most;
    double of = scrape_sum(scrape, NULL, finding->of);
    return of > 0 && *value / of > finding->most;
}

static size_t print_findings(Str metrics)
{
    Scrape scrape;
    size_t wrong = 0;
    double value;

    scrape_read(metrics, &scrape);
    for (size_t i = 0; i < sizeof FINDINGS / sizeof *FINDINGS; i++) {
        if (!is_found(&scrape, &FINDINGS[i], &value))
            continue;
        printf("WRONG  the node: %s (%.0f)\n", FINDINGS[i].what, value);
        print_advice(&FINDINGS[i].advice);
        wrong++;
    }
    scrape_finish(&scrape);
    return wrong;
}

/* A client of what is at --listen. */
typedef struct Node {
    Arena arena;
    HttpClient *client;
    Str url;
} Node;

static void node_finish(Node *node)
{
    http_client_destroy(node->client);
    arena_finish(&node->arena);
}

#define AUTO_NODE __attribute__((cleanup(node_finish)))

/* What it answers to /readyz. False: nothing answers. */
static bool call(const Options *options, Node *node, HttpReply *reply)
{
    const char *address = options_chars(options, SETTING_LISTEN);
    HttpClientConfig config = {.total_timeout_ms = PATIENCE_MS, .max_idle = 1};

    if (address == NULL)
        return false;
    node->url = str_format(&node->arena, "http://%s", address);
    config.base_url = node->url.data;
    Err e = http_client_create(&config, &node->client);
    if (!failed(&e))
        e = get(node->client, &node->arena, "/readyz", reply);
    return !failed(&e);
}

bool doctor_finds_node(const Options *options)
{
    AUTO_NODE Node node = {0};
    AUTO_JSON json_t *root = NULL;
    HttpReply reply;
    const char *status;
    json_t *checks;

    arena_init(&node.arena);
    return call(options, &node, &reply) && read_node(reply.body, &root, &status, &checks);
}

size_t doctor_look_at_node(const Options *options)
{
    AUTO_NODE Node node = {0};
    HttpReply reply;
    size_t wrong = 0;

    arena_init(&node.arena);
    if (!call(options, &node, &reply) || !print_checks(reply.body, node.url.data, &wrong))
        return 0;
    Err e = get(node.client, &node.arena, "/metrics", &reply);
    return wrong + (failed(&e) || reply.status != 200 ? 0 : print_findings(reply.body));
}
