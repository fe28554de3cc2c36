#include "app/app.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/assets.h"
#include "app/settings.h"
#include "base/folder.h"
#include "http/client.h"

enum { FOLDER_MODE = 0700 }; /* conversations are nobody else's business */
enum { DRAIN_MS = 5000 };    /* for jobs that run */

static Err make_folder_at(const char *path)
{
    struct stat found;

    if (stat(path, &found) == 0 && S_ISDIR(found.st_mode))
        return OK;
    if (mkdir(path, FOLDER_MODE) == 0)
        return OK;
    return err(FORBIDDEN,
               "%s can't be made the data folder (%s): choose another with --data, or make it writable", path,
               strerror(errno));
}

Err app_make_folder(const Options *options)
{
    return make_folder_at(options_chars(options, SETTING_DATA));
}

GraphAccess app_graph(const Options *options)
{
    return (GraphAccess){
        .url = options_chars(options, SETTING_WORLD_GRAPH),
        .user = options_chars(options, SETTING_WORLD_GRAPH_USER),
        .password = options_chars(options, SETTING_WORLD_GRAPH_PASSWORD),
    };
}

static Err open_world(const Options *options, bool follows, App *app)
{
    WorldConfig config = {
        .graph = app_graph(options),
        .content = WORLD_CONTENT,
        .clock = clock_system(),
        .empty = options_bool(options, SETTING_EMPTY),
        .open_schema = options_bool(options, SETTING_OPEN_SCHEMA),
        .store = follows ? options_chars(options, SETTING_WORLD_SQL) : NULL,
        .follows = follows,
    };

    TRY(world_create(&config, &app->world));
    app->world_client = (WorldClient){.service = app->world};
    return OK;
}

static const char *show_pass(void *context, const Call *call, Str method, Str target)
{
    return node_pass(context, call->arena, &call->identity, method, target);
}

/* The world is another process's. */
static Err reach_world(const Options *options, App *app)
{
    HttpClientConfig config = {
        .name = "world",
        .base_url = options_chars(options, SETTING_WORLD_URL),
        .max_idle = (size_t)options_int(options, SETTING_WORKERS),
        .show = show_pass,
        .show_context = &app->nodes,
    };

    app->nodes = (NodePolicy){options_text(options, SETTING_NODE_SECRET), clock_system()};
    if (config.base_url == NULL || app->nodes.secret.data == NULL)
        return err(INVALID,
                   "without the role world this needs --world-url, and a node_secret that both know");
    TRY(node_policy_check(&app->nodes));
    TRY(http_client_create(&config, &app->world_http));
    app->world_client = (WorldClient){.remote = app->world_http};
    return OK;
}

Err app_world_is_ready(void *context)
{
    AUTO_ARENA Arena arena = {0};
    const App *app = context;
    const HttpRequest request = {.method = "GET", .target = STR("/readyz")};
    HttpReply reply;

    arena_init(&arena);
    TRY(http_client_send(app->world_http, &arena, NULL, &request, &reply));
    return reply.status == 200 ? OK : err(UNAVAILABLE, "the world's process isn't ready");
}

static int setting_ms(const Options *options, Setting setting)
{
    enum { US_PER_MS = 1000 };

    return (int)(options_int(options, setting) / US_PER_MS);
}

static int64_t setting_millionths(const Options *options, Setting setting)
{
    int64_t millionths = 0;
    bool is_decimal = settings_decimal(options_text(options, setting), &millionths);

    assert(is_decimal); /* the option's own check has seen to it */
    (void)is_decimal;
    return millionths;
}

static LlmConfig llm_config(const Options *options)
{
    return (LlmConfig){
        .base_url = options_chars(options, SETTING_LLM_URL),
        .model = options_chars(options, SETTING_LLM_MODEL),
        .key = options_chars(options, SETTING_LLM_KEY),
        .connect_ms = setting_ms(options, SETTING_LLM_CONNECT_TIMEOUT),
        .first_token_ms = setting_ms(options, SETTING_LLM_FIRST_TOKEN_TIMEOUT),
        .idle_ms = setting_ms(options, SETTING_LLM_IDLE_TIMEOUT),
        .total_ms = setting_ms(options, SETTING_LLM_TIMEOUT),
        .retries = (int)options_int(options, SETTING_LLM_RETRIES),
        .concurrency = (int)options_int(options, SETTING_LLM_CONCURRENCY),
        .queue = (int)options_int(options, SETTING_LLM_QUEUE),
        .max_tokens = (int)options_int(options, SETTING_LLM_MAX_TOKENS),
        .temperature = (double)setting_millionths(options, SETTING_LLM_TEMPERATURE) / 1e6,
        .prices = {setting_millionths(options, SETTING_LLM_INPUT_PRICE),
                   setting_millionths(options, SETTING_LLM_CACHED_PRICE),
                   setting_millionths(options, SETTING_LLM_OUTPUT_PRICE)},
        .clock = clock_system(),
    };
}

Err app_open_llm(const Options *options, Llm **out)
{
    *out = NULL;
    if (options_chars(options, SETTING_LLM_URL) == NULL)
        return OK;
    LlmConfig config = llm_config(options);
    return llm_create(&config, out);
}

Err app_open_reader(const Options *options, Llm **out)
{
    enum { TOKENS = 4096 /* what fifty facts take */ };

    *out = NULL;
    if (options_chars(options, SETTING_LLM_URL) == NULL)
        return OK;
    LlmConfig config = llm_config(options);
    config.temperature = 0;
    if (options_source(options, SETTING_LLM_MAX_TOKENS) == FROM_DEFAULT)
        config.max_tokens = TOKENS;
    return llm_create(&config, out);
}

Err app_open_proposals(const Options *options, App *app)
{
    return proposals_open(options_chars(options, SETTING_WORLD_SQL), &app->proposals);
}

Err app_agents_content(const Options *options, Arena *arena, AssetTable *out)
{
    static const char *const ENDINGS[] = {".yaml", ".md", ".tsv"};
    const char *folder = options_chars(options, SETTING_AGENTS_CONTENT);

    *out = AGENTS_CONTENT;
    return folder == NULL
               ? OK
               : folder_read(arena, folder, ENDINGS, sizeof ENDINGS / sizeof *ENDINGS, AGENTS_CONTENT, out);
}

Err app_open_kv(const Options *options, Kv **out)
{
    return kv_open(options_chars(options, SETTING_KV), options_chars(options, SETTING_KV_PASSWORD), out);
}

Kv *app_shared_kv(Kv *kv)
{
    return kv_blocks(kv) ? kv : NULL;
}

/* Once: what nodes share. */
static Err open_kv(const Options *options, App *app)
{
    if (app->kv != NULL)
        return OK;
    TRY(app_open_kv(options, &app->kv));
    kv_watch(app->kv, "accounts");
    return OK;
}

static Err open_agents(const Options *options, App *app)
{
    AgentsConfig config = {
        .store = options_chars(options, SETTING_AGENTS_SQL),
        .keep_us = options_int(options, SETTING_AGENTS_KEEP),
        .checkpoints = options_chars(options, SETTING_AGENTS_RUNS),
        .world = &app->world_client,
        .accounts = &app->auth_client,
        .clock = clock_system(),
    };

    arena_init(&app->content);
    TRY(app_agents_content(options, &app->content, &config.content));
    TRY(app_open_llm(options, &app->llm));
    config.llm = app->llm;
    TRY(open_kv(options, app));
    config.kv = app_shared_kv(app->kv);
    return agents_create(&config, &app->agents);
}

static Err close_on_error(App *app, Err e)
{
    if (failed(&e))
        app_close(app);
    return e;
}

Err app_open_world(const Options *options, App *app)
{
    *app = (App){.roles = SERVES_WORLD};
    TRY(app_make_folder(options));
    return close_on_error(app, open_world(options, false, app));
}

static Err open_services(const Options *options, App *app)
{
    TRY(app->roles & SERVES_WORLD ? open_world(options, true, app) : reach_world(options, app));
    return app->roles & SERVES_AGENTS ? open_agents(options, app) : OK;
}

Err app_open(const Options *options, App *app)
{
    *app = (App){0};
    TRY(roles_read(options_text(options, SETTING_ROLES), &app->roles));
    TRY(app_make_folder(options));
    return close_on_error(app, open_services(options, app));
}

/* JWT_SECRET is what the specification calls it. */
static Str jwt_secret(const Options *options)
{
    Str ours = options_text(options, SETTING_JWT_SECRET);

    return ours.data != NULL ? ours : str_from(getenv("JWT_SECRET"));
}

Err app_open_tokens(const Options *options, Tokens **out)
{
    return tokens_create(
        &(TokensConfig){
            .secret = jwt_secret(options),
            .previous_secret = options_text(options, SETTING_JWT_PREVIOUS_SECRET),
            .secret_file = options_chars(options, SETTING_JWT_SECRET_PATH),
            .keys_folder = options_chars(options, SETTING_JWT_KEYS),
            .clock = clock_system(),
        },
        out);
}

static Err open_analytics(const Options *options, App *app)
{
    AnalyticsConfig config = {
        .store = options_chars(options, SETTING_ANALYTICS_SQL),
        .content = ANALYTICS_CONTENT,
        .clock = clock_system(),
    };

    TRY(auth_kept_days(AUTH_CONTENT, STR("visits"), &config.keep_days));
    TRY(analytics_create(&config, &app->analytics));
    app->analytics_client = (AnalyticsClient){.service = app->analytics};
    return OK;
}

static Err open_mailer(const Options *options, App *app)
{
    MailerConfig config = {
        .url = options_chars(options, SETTING_MAIL),
        .from = options_text(options, SETTING_MAIL_FROM),
        .user = options_chars(options, SETTING_MAIL_USER),
        .password = options_chars(options, SETTING_MAIL_PASSWORD),
        .ca_file = options_chars(options, SETTING_MAIL_CA),
        .clock = clock_system(),
    };

    return mailer_open(&config, &app->mailer);
}

static Err open_auth(const Options *options, App *app)
{
    TRY(open_analytics(options, app));
    TRY(open_kv(options, app));
    TRY(app_open_tokens(options, &app->tokens));
    TRY(open_mailer(options, app));
    TRY(app_open_notify(options, app));
    app->agents_client = (AgentsClient){.service = app->agents};
    AuthConfig auth = {
        .store = options_chars(options, SETTING_AUTH_SQL),
        .tokens = app->tokens,
        .kv = app->kv,
        .world = &app->world_client,
        .agents = app->agents != NULL ? &app->agents_client : NULL,
        .analytics = &app->analytics_client,
        .notify = &app->notify_client,
        .content = AUTH_CONTENT,
        .mailer = app->mailer,
        .site = options_chars(options, SETTING_SITE),
        .providers = options_chars(options, SETTING_PROVIDERS),
        .sign_in_life_us = options_int(options, SETTING_SIGN_IN_LIFE),
        .age_verifiers = options_text(options, SETTING_AGE_VERIFIERS),
        .key = options_text(options, SETTING_AUTH_KEY),
        .key_file = options_chars(options, SETTING_AUTH_KEY_PATH),
        .previous_key = options_text(options, SETTING_AUTH_PREVIOUS_KEY),
        .passkey_domain = options_text(options, SETTING_PASSKEY_DOMAIN),
        .passkey_origins = options_text(options, SETTING_PASSKEY_ORIGINS),
        .clock = clock_system(),
    };
    TRY(auth_create(&auth, &app->auth));
    app->auth_client = (AuthClient){.service = app->auth};
    return OK;
}

Err app_open_auth(const Options *options, App *app)
{
    Err e = open_auth(options, app);

    return close_on_error(app, failed(&e) ? e : app_open_webhooks(options, app));
}

/* By the Redis that processes share; where there is none, by the databases themselves. */
static Err wake_workers(const Options *options, App *app)
{
    for (size_t i = 0; i < app->queue_count; i++) {
        queue_poll_every(app->queues[i], setting_ms(options, SETTING_JOB_POLL));
        TRY(queue_wake_by(app->queues[i], app_shared_kv(app->kv)));
    }
    return OK;
}

Err app_open_jobs(const Options *options, App *app)
{
    TRY(app_subscribe(app));
    TRY(wake_workers(options, app));
    app->job_metrics = queue_metrics_create(app->queues, app->queue_count);
    app->jobs = jobs_create(&(JobsConfig){.queues = app->queues, .count = app->queue_count});
    return OK;
}

Err app_start_jobs(const App *app, size_t threads)
{
    TRY(webhooks_start_jobs(app->webhooks, threads));
    TRY(notify_start_jobs(app->notify, threads));
    if (app->agents != NULL)
        agents_start_jobs(app->agents, threads);
    if (app->world != NULL)
        world_start_jobs(app->world, threads);
    return auth_start_jobs(app->auth, threads);
}

/* All at once, so that it takes as long as the longest. */
static void take_no_more_jobs(const App *app)
{
    for (size_t i = 0; i < app->queue_count; i++)
        queue_take_no_more(app->queues[i], DRAIN_MS);
}

/* Who tells stops before who listens is gone. */
void app_close(App *app)
{
    take_no_more_jobs(app);
    auth_stop_jobs(app->auth); /* first: each may reach the other */
    notify_stop_jobs(app->notify);
    jobs_destroy(app->jobs);
    queue_metrics_end_counting(app->job_metrics);
    if (app->agents != NULL)
        agents_stop_jobs(app->agents);
    world_stop_jobs(app->world);
    webhooks_destroy(app->webhooks);
    auth_destroy(app->auth);
    analytics_destroy(app->analytics);
    notify_destroy(app->notify);
    mailer_close(app->mailer);
    mobile_close(app->mobile);
    queue_metrics_destroy(app->job_metrics);
    tokens_destroy(app->tokens);
    agents_destroy(app->agents);
    world_end_telling(app->world);
    kv_close(app->kv); /* it wakes their workers */
    llm_destroy(app->llm);
    proposals_close(app->proposals);
    http_client_destroy(app->world_http);
    world_destroy(app->world);
    arena_finish(&app->content);
    *app = (App){0};
}
