#include "app/settings.h"

#include <math.h>

#include "api/common.h"
#include "app/roles.h"
#include "base/clock.h"
#include "base/decimal.h"
#include "base/log.h"
#include "base/time.h"

static Err check_address(Str value)
{
    AUTO_ARENA Arena scratch = {0};
    const char *host;
    int port;

    return settings_split_address(value, &scratch, &host, &port);
}

static Err check_log_level(Str value)
{
    LogLevel level;

    return log_level_from(value, &level) ? OK : err(INVALID, "must be debug, info, warn, error or off");
}

static Err check_log_to(Str value)
{
    return str_equal(value, STR("stderr")) || str_equal(value, STR("stdout"))
               ? OK
               : err(INVALID, "must be stderr or stdout");
}

static Err check_language(Str value)
{
    return str_equal(value, STR("ko")) || str_equal(value, STR("en")) ? OK : err(INVALID, "must be ko or en");
}

static Err check_format(Str value)
{
    static const char *const known[] = {"table", "tsv", "json", "dot", "svg"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_equal(value, str_from(known[i])))
            return OK;
    return err(INVALID, "must be table, tsv or json; for graph dot or svg");
}

static Err check_prose(Str value)
{
    static const char *const known[] = {"new", "all", "none"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_equal(value, str_from(known[i])))
            return OK;
    return err(INVALID, "must be new, all or none");
}

static Err check_identity(Str value)
{
    return str_equal(value, STR("open")) || str_equal(value, STR("required"))
               ? OK
               : err(INVALID, "must be open or required");
}

static Err check_state(Str value)
{
    static const char *const known[] = {"later", "ready", "running", "waiting", "done", "dead", "cancelled"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_equal(value, str_from(known[i])))
            return OK;
    return err(INVALID, "must be later, ready, running, waiting, done, dead or cancelled");
}

static Err check_role(Str value)
{
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (str_equal(value, ROLE_TEXT[i]))
            return OK;
    return err(INVALID, "must be guest, member, partner, operator or admin");
}

static Err check_moment(Str value)
{
    int64_t at_us;

    if (!time_parse(value, &at_us))
        return err(INVALID, "must be a moment with its offset, such as 2026-11-27T12:00:00+09:00");
    return at_us <= clock_wall_us(clock_system()) ? OK : err(INVALID, "must be a moment that has been");
}

static Err check_url(Str value)
{
    return str_starts(value, STR("http://")) || str_starts(value, STR("https://"))
               ? OK
               : err(INVALID, "must begin with http:// or https://, and usually ends in /v1");
}

static Err check_service_url(Str value)
{
    return str_starts(value, STR("http://")) || str_starts(value, STR("https://"))
               ? OK
               : err(INVALID, "must begin with http:// or https://, such as http://10.0.0.12:8080");
}

static Err check_roles(Str value)
{
    unsigned roles;

    return roles_read(value, &roles);
}

enum { MILLIONTHS = 1000000 };

static Err check_temperature(Str value)
{
    int64_t millionths;

    return settings_decimal(value, &millionths) && millionths <= 2 * (int64_t)MILLIONTHS
               ? OK
               : err(INVALID, "must be a number from 0 to 2, such as 0.7");
}

static Err check_part(Str value)
{
    int64_t millionths;

    return settings_decimal(value, &millionths) && millionths <= MILLIONTHS
               ? OK
               : err(INVALID, "must be a number from 0 to 1, such as 0.01");
}

static Err check_price(Str value)
{
    int64_t millionths;

    return settings_decimal(value, &millionths) ? OK : err(INVALID, "must be a price such as 2.50");
}

enum { MILLISECOND = 1000, SECOND = 1000 * MILLISECOND, MINUTE = 60 * SECOND };

/* clang-format off */
static const Option ROWS[SETTING_COUNT] = {
    [SETTING_CONFIG] = {"config", OPTION_KIND_PATH, NULL, "file with `name = value` lines"},
    [SETTING_DATA] = {"data", OPTION_KIND_PATH, "./data", "folder of the embedded stores; made when missing"},
    [SETTING_ARCHIVE] = {"archive", OPTION_KIND_PATH, NULL, "folder that embedded stores ship what they commit to, for `nerdx restore`; the same for every program that has them open; without one nothing is shipped"},
    [SETTING_LISTEN] = {"listen", OPTION_KIND_TEXT, "127.0.0.1:8080", "where to serve; port 0 takes a free one", "HOST:PORT", .check = check_address},
    [SETTING_ROLES] = {"roles", OPTION_KIND_TEXT, "world,agents", "serve, chat: services that live in this process; the others are reached over HTTP", "ROLES", .check = check_roles},
    [SETTING_WORLD_URL] = {"world_url", OPTION_KIND_TEXT, NULL, "where the world model is served, for a process without the role world", "http://HOST:PORT", .check = check_service_url},
    [SETTING_NODE_SECRET] = {"node_secret", OPTION_KIND_SECRET, NULL, "what processes of a fleet know each other by, the same for all: 32 bytes or more"},
    [SETTING_WORLD_GRAPH] = {"world_graph", OPTION_KIND_TEXT, "sqlite:{data}/world.db", "graph store of the world model", "URL"},
    [SETTING_WORLD_GRAPH_USER] = {"world_graph_user", OPTION_KIND_TEXT, NULL, "who is let into the graph store, where it asks (Neo4j)", "NAME"},
    [SETTING_WORLD_GRAPH_PASSWORD] = {"world_graph_password", OPTION_KIND_SECRET, NULL, "and that user's password"},
    [SETTING_WORLD_SQL] = {"world_sql", OPTION_KIND_TEXT, "sqlite:{data}/proposals.db", "store of facts that wait for a person (review), and of the world's events on their way", "URL"},
    [SETTING_AGENTS_SQL] = {"agents_sql", OPTION_KIND_TEXT, "sqlite:{data}/agents.db", "store of sessions and turns", "URL"},
    [SETTING_AUTH_SQL] = {"auth_sql", OPTION_KIND_TEXT, "sqlite:{data}/auth.db", "store of accounts and sign-ins", "URL"},
    [SETTING_WEBHOOKS_SQL] = {"webhooks_sql", OPTION_KIND_TEXT, "sqlite:{data}/webhooks.db", "store of webhooks and what was posted", "URL"},
    [SETTING_WEBHOOKS_INSIDE] = {"webhooks_inside", OPTION_KIND_BOOL, "false", "webhooks may lead to http and to this machine and its network: for trying"},
    [SETTING_ANALYTICS_SQL] = {"analytics_sql", OPTION_KIND_TEXT, "sqlite:{data}/analytics.db", "store of what happens on our pages (analytics)", "URL"},
    [SETTING_NOTIFY_SQL] = {"notify_sql", OPTION_KIND_TEXT, "sqlite:{data}/notify.db", "store of what people were told", "URL"},
    [SETTING_PUSH_INSIDE] = {"push_inside", OPTION_KIND_BOOL, "false", "push services of browsers may be http and of this machine and its network: for trying"},
    [SETTING_MOBILE_PUSH] = {"mobile_push", OPTION_KIND_TEXT, "none", "who brings messages to phones: Firebase Cloud Messaging with the JSON of a service account's key (0600), or none", "fcm:FILE|none"},
    [SETTING_FCM_URL] = {"fcm_url", OPTION_KIND_TEXT, "https://fcm.googleapis.com", "where Firebase Cloud Messaging is: another for trying", "URL"},
    [SETTING_MAIL] = {"mail", OPTION_KIND_TEXT, "file:{data}/mail", "where letters to members go: a relay (smtp with STARTTLS, smtps), a folder, or none (then nobody can sign up)", "smtp://HOST:PORT|smtps://HOST:PORT|file:FOLDER|none"},
    [SETTING_MAIL_FROM] = {"mail_from", OPTION_KIND_TEXT, "NERDX <no-reply@nerdx.com>", "who they are from; its domain is the relay's to sign for (SPF, DKIM)", "NAME <ADDRESS>"},
    [SETTING_MAIL_USER] = {"mail_user", OPTION_KIND_TEXT, NULL, "whom the relay knows us as, where it asks", "NAME"},
    [SETTING_MAIL_PASSWORD] = {"mail_password", OPTION_KIND_SECRET, NULL, "and that user's password"},
    [SETTING_MAIL_CA] = {"mail_ca", OPTION_KIND_PATH, NULL, "who may speak for the relay (PEM), where the system doesn't trust its certificate"},
    [SETTING_ADVERTISER_NAME] = {"advertiser_name", OPTION_KIND_TEXT, NULL, "who advertises, as letters must say in Korea; without all four advertising isn't mailed", "NAME"},
    [SETTING_ADVERTISER_ADDRESS] = {"advertiser_address", OPTION_KIND_TEXT, NULL, "and where they are", "ADDRESS"},
    [SETTING_ADVERTISER_PHONE] = {"advertiser_phone", OPTION_KIND_TEXT, NULL, "and by what number they are called", "NUMBER"},
    [SETTING_ADVERTISER_EMAIL] = {"advertiser_email", OPTION_KIND_TEXT, NULL, "and where they are written to", "ADDRESS"},
    [SETTING_SITE] = {"site", OPTION_KIND_TEXT, "http://localhost:8080", "where the page is, for links in letters; without a slash at its end", "https://HOST"},
    [SETTING_PROVIDERS] = {"providers", OPTION_KIND_PATH, NULL, "whose accounts people may sign in with (Google, Kakao, Naver, Apple …): a YAML file, docs/operations.md"},
    [SETTING_SIGN_IN_LIFE] = {"sign_in_life", OPTION_KIND_DURATION, "90d", "how long a member stays signed in at the most, however often they come; 30 days without a word end a sign-in in any case", .min = MINUTE, .max = 3660LL * 24 * 60 * MINUTE},
    [SETTING_AGE_VERIFIERS] = {"age_verifiers", OPTION_KIND_TEXT, "manual", "who may verify a year of birth: manual (an operator), test (whatever is claimed: never where it counts)", "NAME,…"},
    [SETTING_AUTH_KEY] = {"auth_key", OPTION_KIND_SECRET, NULL, "what secrets in the store of accounts are sealed with, the same for all nodes: 32 bytes or more; without one the node makes its own"},
    [SETTING_AUTH_KEY_PATH] = {"auth_key_path", OPTION_KIND_PATH, "{data}/auth.key", "where the node's own is; made at the first start"},
    [SETTING_AUTH_PREVIOUS_KEY] = {"auth_previous_key", OPTION_KIND_SECRET, NULL, "and what they were sealed with before, or will be next: still read; `nerdx keys reseal` seals them anew"},
    [SETTING_PASSKEY_DOMAIN] = {"passkey_domain", OPTION_KIND_TEXT, "localhost", "whom passkeys are for (WebAuthn's RP id): those of one domain are no good for another, and it can't be changed later", "DOMAIN"},
    [SETTING_PASSKEY_ORIGINS] = {"passkey_origins", OPTION_KIND_TEXT, NULL, "pages that may use them, separated by commas; with the domain localhost those of this machine", "https://HOST"},
    [SETTING_JWT_SECRET] = {"jwt_secret", OPTION_KIND_SECRET, NULL, "what access tokens are signed with (HS256), at least 32 bytes; without one the node makes its own"},
    [SETTING_JWT_PREVIOUS_SECRET] = {"jwt_previous_secret", OPTION_KIND_SECRET, NULL, "and what they were signed with before: still accepted"},
    [SETTING_JWT_SECRET_PATH] = {"jwt_secret_path", OPTION_KIND_PATH, "{data}/jwt.secret", "where the node's own is; made at the first start"},
    [SETTING_JWT_KEYS] = {"jwt_keys", OPTION_KIND_PATH, NULL, "folder of Ed25519 keys that all nodes of a fleet see and sign access tokens with; made with a first key"},
    [SETTING_JWT_KEYS_AHEAD] = {"jwt_keys_ahead", OPTION_KIND_DURATION, "1h", "how long the next key is published before it signs", .min = 30LL * SECOND, .max = 30LL * 24 * 60 * MINUTE},
    [SETTING_AGENTS_RUNS] = {"agents_runs", OPTION_KIND_PATH, "{data}/agents.runs", "file of turns that are going on: one that is cut off goes on at the next start"},
    [SETTING_AGENTS_KEEP] = {"agents_keep", OPTION_KIND_DURATION, "365d", "a conversation that nobody has spoken in for this long is deleted, with what it told; 0s = never", .min = 0, .max = 36500LL * 24 * 60 * MINUTE},
    [SETTING_AGENTS_CONTENT] = {"agents_content", OPTION_KIND_PATH, NULL, "folder with agents (NAME/agent.yaml) beside those of the program, or with other files for these"},
    [SETTING_LLM_URL] = {"llm_url", OPTION_KIND_TEXT, NULL, "language model that Maeju speaks with, by OpenAI's chat completions; without one the narrator speaks", "https://HOST/v1", .check = check_url},
    [SETTING_LLM_MODEL] = {"llm_model", OPTION_KIND_TEXT, NULL, "which model of that server", "NAME"},
    [SETTING_LLM_KEY] = {"llm_key", OPTION_KIND_SECRET, NULL, "and its key, where it wants one"},
    [SETTING_LLM_CONNECT_TIMEOUT] = {"llm_connect_timeout", OPTION_KIND_DURATION, "2s", "its server must be reached within this", .min = 10LL * MILLISECOND, .max = MINUTE},
    [SETTING_LLM_FIRST_TOKEN_TIMEOUT] = {"llm_first_token_timeout", OPTION_KIND_DURATION, "15s", "it must begin to answer within this, retries included; else the narrator does", .min = 10LL * MILLISECOND, .max = 10LL * MINUTE},
    [SETTING_LLM_IDLE_TIMEOUT] = {"llm_idle_timeout", OPTION_KIND_DURATION, "10s", "and go on within this", .min = 10LL * MILLISECOND, .max = 10LL * MINUTE},
    [SETTING_LLM_TIMEOUT] = {"llm_timeout", OPTION_KIND_DURATION, "60s", "and be done within this", .min = 10LL * MILLISECOND, .max = 60LL * MINUTE},
    [SETTING_LLM_RETRIES] = {"llm_retries", OPTION_KIND_INT, "2", "times that a request is sent again before its first token", .min = 0, .max = 10},
    [SETTING_LLM_CONCURRENCY] = {"llm_concurrency", OPTION_KIND_INT, "64", "requests to it at once", .min = 1, .max = 1024},
    [SETTING_LLM_QUEUE] = {"llm_queue", OPTION_KIND_INT, "64", "requests that may wait for their turn; more are the narrator's", .min = 1, .max = 65536},
    [SETTING_LLM_MAX_TOKENS] = {"llm_max_tokens", OPTION_KIND_INT, "800", "tokens of an answer at the most", .min = 16, .max = 65536},
    [SETTING_LLM_TEMPERATURE] = {"llm_temperature", OPTION_KIND_TEXT, "0.7", "how freely it speaks: 0 to 2", "N.N", .check = check_temperature},
    [SETTING_LLM_INPUT_PRICE] = {"llm_input_price", OPTION_KIND_TEXT, "0", "price of a million tokens that it reads, for the metric of cost", "N.NN", .check = check_price},
    [SETTING_LLM_CACHED_PRICE] = {"llm_cached_price", OPTION_KIND_TEXT, "0", "the same for those it had read before", "N.NN", .check = check_price},
    [SETTING_LLM_OUTPUT_PRICE] = {"llm_output_price", OPTION_KIND_TEXT, "0", "and for those it writes", "N.NN", .check = check_price},
    [SETTING_KV] = {"kv", OPTION_KIND_TEXT, "memory:", "where requests are counted; nodes share a Redis", "redis://HOST:PORT"},
    [SETTING_KV_PASSWORD] = {"kv_password", OPTION_KIND_SECRET, NULL, "and that Redis's password, where its URL has none"},
    [SETTING_RATE_LIMITS] = {"rate_limits", OPTION_KIND_TEXT, "default 60/minute 1000/hour", "requests an address may make, for each class of operations; off = as many as it likes", "LIMITS"},
    [SETTING_TRUSTED_PROXIES] = {"trusted_proxies", OPTION_KIND_TEXT, NULL, "addresses whose X-Forwarded-For is believed, separated by commas", "10.0.0.0/8"},
    [SETTING_CORS_ORIGINS] = {"cors_origins", OPTION_KIND_TEXT, "https://nerdx.com,https://apec.nerdx.com", "pages of which origins may call us with credentials, separated by commas; none when empty", "ORIGINS"},
    [SETTING_IDENTITY] = {"identity", OPTION_KIND_TEXT, "required", "required: who calls must show it (a guest at least), and may what their role says; open: who calls is whom they say they are, for trying things on this machine alone", "required|open", .check = check_identity},
    [SETTING_METRICS_LISTEN] = {"metrics_listen", OPTION_KIND_TEXT, NULL, "worker: where it says how it is (/metrics, /healthz, /readyz); without it nowhere", "HOST:PORT", .check = check_address},
    [SETTING_TRACE_URL] = {"trace_url", OPTION_KIND_TEXT, NULL, "collector that traces are sent to, by OTLP over HTTP; without one nothing is traced", "http://HOST:4318", .check = check_service_url},
    [SETTING_TRACE_SAMPLE] = {"trace_sample", OPTION_KIND_TEXT, "0.01", "which part of all traces is sent: 0 to 1; those with an error and slow ones are in any case", "N.NN", .check = check_part},
    [SETTING_TRACE_SLOW] = {"trace_slow", OPTION_KIND_DURATION, "1s", "a request or job that took as long is slow", .min = MILLISECOND, .max = 60LL * MINUTE},
    [SETTING_LOG_TO] = {"log_to", OPTION_KIND_TEXT, "stderr", "where the log goes: stderr, and what is for people to stdout; or stdout, and nothing else there", "stderr|stdout", .check = check_log_to},
    [SETTING_LOG_LEVEL] = {"log_level", OPTION_KIND_TEXT, "info", "least level that is logged: debug, info, warn, error, off", "LEVEL", .check = check_log_level},
    [SETTING_ACCESS_LOG] = {"access_log", OPTION_KIND_BOOL, "true", "a line in the log for each request"},
    [SETTING_LOOP_THREADS] = {"loop_threads", OPTION_KIND_INT, "0", "threads that read and write sockets; 0 = one a core", .min = 0, .max = 256},
    [SETTING_WORKERS] = {"workers", OPTION_KIND_INT, "64", "threads for work that waits (disk, network)", .min = 1, .max = 1024},
    [SETTING_WORKER_QUEUE] = {"worker_queue", OPTION_KIND_INT, "1024", "requests that may wait for a worker; more get 503", .min = 1, .max = 65536},
    [SETTING_JOB_THREADS] = {"job_threads", OPTION_KIND_INT, "2", "threads of this process that do jobs; 0 = others do them (nerdx worker)", .min = 0, .max = 256},
    [SETTING_JOB_POLL] = {"job_poll", OPTION_KIND_DURATION, "500ms", "how often idle ones look for jobs that other processes added; every 5s at the most while a Redis (--kv) or a PostgreSQL wakes them", .min = 10LL * MILLISECOND, .max = 60LL * MINUTE},
    [SETTING_MAX_CONNECTIONS] = {"max_connections", OPTION_KIND_INT, "16384", "open connections; more are closed at once", .min = 1, .max = 1000000},
    [SETTING_MAX_CONNECTIONS_PER_ADDRESS] = {"max_connections_per_address", OPTION_KIND_INT, "0", "the same for one address; 0 = no limit (behind a proxy)", .min = 0, .max = 1000000},
    [SETTING_HEAD_TIMEOUT] = {"head_timeout", OPTION_KIND_DURATION, "10s", "a request's head must be whole within this", .min = SECOND, .max = 10LL * MINUTE},
    [SETTING_BODY_TIMEOUT] = {"body_timeout", OPTION_KIND_DURATION, "30s", "a request's body must be whole within this", .min = SECOND, .max = 60LL * MINUTE},
    [SETTING_IDLE_TIMEOUT] = {"idle_timeout", OPTION_KIND_DURATION, "60s", "a connection between requests, or whose client stopped reading, is closed after this", .min = SECOND, .max = 60LL * MINUTE},
    [SETTING_REQUEST_TIMEOUT] = {"request_timeout", OPTION_KIND_DURATION, "30s", "a request must be answered within this", .min = SECOND, .max = 60LL * MINUTE},
    [SETTING_DRAIN_NOTICE] = {"drain_notice", OPTION_KIND_DURATION, "0s", "on SIGTERM, how long it says on /readyz that it is going before it does: two checks of the balancer in front", .min = 0, .max = 10LL * MINUTE},
    [SETTING_DRAIN_TIMEOUT] = {"drain_timeout", OPTION_KIND_DURATION, "20s", "on SIGTERM, how long open requests may take", .min = 0, .max = 60LL * MINUTE},
    [SETTING_HEARTBEAT] = {"heartbeat", OPTION_KIND_DURATION, "15s", "comment line in a silent event stream, ping on a WebSocket", .min = SECOND, .max = 10LL * MINUTE},
    [SETTING_ROLE] = {"role", OPTION_KIND_TEXT, NULL, "account: what the member may do from now on; token: what it allows (default there: operator)", "ROLE", .check = check_role},
    [SETTING_LANGUAGE] = {"lang", OPTION_KIND_TEXT, NULL, "chat, query, recommend, graph, review: language of the answer", "ko|en", .check = check_language},
    [SETTING_LIMIT] = {"limit", OPTION_KIND_INT, "5", "query, recommend: results at the most (50; with --batch or --all 1000)", .min = 1, .max = 1000},
    [SETTING_FORMAT] = {"format", OPTION_KIND_TEXT, NULL, "query, recommend, review: table (the default) or json, the first two also tsv; graph: dot (the default) or svg", "FORMAT", .check = check_format},
    [SETTING_BATCH] = {"batch", OPTION_KIND_PATH, NULL, "query: rank for each line of this file, as tsv: number, rank, id, score; cypher: answer each, {\"cypher\": ..., \"parameters\": ...}"},
    [SETTING_DEPTH] = {"depth", OPTION_KIND_INT, "1", "graph: relationships away from the entity at the most", .min = 0, .max = 6},
    [SETTING_ALL] = {"all", OPTION_KIND_BOOL, "false", "recommend: for every user, as tsv: user, id, score; review: with list the decided ones, too; with accept and reject all of --source"},
    [SETTING_CATEGORY] = {"category", OPTION_KIND_TEXT, NULL, "recommend: only of this category", "NAME"},
    [SETTING_ABV_MIN] = {"abv_min", OPTION_KIND_INT, "0", "recommend: alcohol in per cent at least", .min = 0, .max = 100},
    [SETTING_ABV_MAX] = {"abv_max", OPTION_KIND_INT, "100", "recommend: alcohol in per cent at the most", .min = 0, .max = 100},
    [SETTING_SESSION] = {"session", OPTION_KIND_TEXT, NULL, "chat: the conversation to go on with, or to begin", "ID"},
    [SETTING_RESUME] = {"resume", OPTION_KIND_BOOL, "false", "chat: go on with the latest conversation, unless --session names one"},
    [SETTING_USER] = {"user", OPTION_KIND_TEXT, "terminal", "chat: who is talking; token: whom it stands for", "ID"},
    [SETTING_FOR] = {"for", OPTION_KIND_DURATION, "1h", "token: how long; it can't be ended before", .min = SECOND, .max = 24LL * 60 * MINUTE},
    [SETTING_TRACE] = {"trace", OPTION_KIND_BOOL, "false", "chat: show each step of an answer, its time and what it saw"},
    [SETTING_PARAMETERS] = {"parameters", OPTION_KIND_TEXT, NULL, "cypher: what $names stand for, as a JSON object", "JSON"},
    [SETTING_EMPTY] = {"empty", OPTION_KIND_BOOL, "false", "without the built-in world, in this data folder from now on"},
    [SETTING_OPEN_SCHEMA] = {"open_schema", OPTION_KIND_BOOL, "false", "any labels and relationships, in this data folder from now on"},
    [SETTING_DRY_RUN] = {"dry_run", OPTION_KIND_BOOL, "false", "ingest, migrate: change nothing, print what would change"},
    [SETTING_SOURCE] = {"source", OPTION_KIND_TEXT, NULL, "ingest: the origin of what is read (default: file: and its path); review: only what comes from there", "NAME"},
    [SETTING_REJECTS] = {"rejects", OPTION_KIND_PATH, "{data}/rejects.jsonl", "ingest: file for what is refused"},
    [SETTING_PROSE] = {"prose", OPTION_KIND_TEXT, "new", "ingest: which Markdown prose the language model reads for facts to propose: new to it, all or none", "new|all|none", .check = check_prose},
    [SETTING_RETRACT] = {"retract", OPTION_KIND_TEXT, NULL, "ingest: forget what this origin or file said", "SOURCE"},
    [SETTING_AT] = {"at", OPTION_KIND_TEXT, NULL, "restore: the moment; without one the latest that the archive has", "2026-11-27T12:00:00+09:00", .check = check_moment},
    [SETTING_SERVICE] = {"service", OPTION_KIND_TEXT, NULL, "export, import, jobs: only this one: world, proposals, agents, auth, webhooks, analytics, notify", "NAME"},
    [SETTING_STATE] = {"state", OPTION_KIND_TEXT, NULL, "jobs: only those that are later, ready, running, waiting, done, dead or cancelled", "STATE", .check = check_state},
    [SETTING_REPLACE] = {"replace", OPTION_KIND_BOOL, "false", "import: what comes in takes the place of all that is there"},
};
/* clang-format on */

OptionTable settings_table(void)
{
    return (OptionTable){ROWS, SETTING_COUNT, "NERDX_"};
}

Options *settings_read(int count, char *const *arguments, char *const *environment)
{
    AUTO_ARENA Arena scratch = {0};
    Options *options = options_create(settings_table());

    options_read_flags(options, count, arguments);
    options_read_environment(options, environment);
    Str file = options_peek(options, SETTING_CONFIG);
    if (file.data)
        options_read_file(options, str_c(&scratch, file), true);
    options_resolve(options);
    return options;
}

bool settings_decimal(Str text, int64_t *millionths)
{
    double value;

    if (!decimal_read(text, &value) || value < 0 || value > 1e6)
        return false;
    *millionths = llround(value * 1e6);
    return true;
}

Err settings_split_address(Str address, Arena *arena, const char **host, int *port)
{
    enum { LARGEST_PORT = 65535 };
    size_t colon = address.len;
    int64_t number;

    while (colon > 0 && address.data[colon - 1] != ':')
        colon--;
    if (colon < 2 || !str_to_int(str_slice(address, colon, address.len), &number) || number < 0 ||
        number > LARGEST_PORT)
        return err(INVALID, "%.*s is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080", STR_ARG(address));

    Str name = str_slice(address, 0, colon - 1);
    if (str_starts(name, STR("[")) && str_ends(name, STR("]")))
        name = str_slice(name, 1, name.len - 1);
    *host = str_c(arena, name);
    *port = (int)number;
    return OK;
}
