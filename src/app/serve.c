#include <arpa/inet.h>
#include <string.h>

#include "app/app.h"
#include "app/assets.h"
#include "app/command.h"
#include "app/settings.h"
#include "app/stop.h"
#include "app/watch.h"
#include "base/log.h"
#include "gateway/gateway.h"
#include "http/server.h"

enum { US_PER_MS = 1000, ASSET_MAX_AGE_S = 0 };

static int setting_ms(const Options *options, Setting setting)
{
    return (int)(options_int(options, setting) / US_PER_MS);
}

static ServerConfig server_config(const Options *options)
{
    ServerConfig config = server_config_default();

    config.listen = options_chars(options, SETTING_LISTEN);
    config.loops = (unsigned)options_int(options, SETTING_LOOP_THREADS);
    config.workers = (unsigned)options_int(options, SETTING_WORKERS);
    config.queue_limit = (unsigned)options_int(options, SETTING_WORKER_QUEUE);
    config.connection_limit = (unsigned)options_int(options, SETTING_MAX_CONNECTIONS);
    config.connections_per_address = (unsigned)options_int(options, SETTING_MAX_CONNECTIONS_PER_ADDRESS);
    config.head_timeout_ms = setting_ms(options, SETTING_HEAD_TIMEOUT);
    config.body_timeout_ms = setting_ms(options, SETTING_BODY_TIMEOUT);
    config.idle_timeout_ms = setting_ms(options, SETTING_IDLE_TIMEOUT);
    config.request_timeout_ms = setting_ms(options, SETTING_REQUEST_TIMEOUT);
    config.heartbeat_ms = setting_ms(options, SETTING_HEARTBEAT);
    return config;
}

static Err world_is_ready(void *world)
{
    return world_ready(world);
}

static Err agents_are_ready(void *agents)
{
    return agents_ready(agents);
}

static Err analytics_is_ready(void *analytics)
{
    return analytics_ready(analytics);
}

static Err auth_is_ready(void *auth)
{
    return auth_ready(auth);
}

static Err webhooks_are_ready(void *webhooks)
{
    return webhooks_ready(webhooks);
}

static Err notify_is_ready(void *notify)
{
    return notify_ready(notify);
}

/* The contract for programs, where they look for it. */
static Err show_openapi(void *context, Exchange *exchange)
{
    const Asset *asset = asset_find(DOCS_ASSETS, STR("openapi.json"));

    (void)context;
    exchange_reply(exchange, 200, asset->mime, asset->bytes);
    return OK;
}

static bool is_open(const Options *options)
{
    return str_equal(options_text(options, SETTING_IDENTITY), STR("open"));
}

/* Names other than localhost may lead anywhere tomorrow. */
static bool is_this_machine(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;

    if (inet_pton(AF_INET, host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
    return inet_pton(AF_INET6, host, &v6) == 1 ? IN6_IS_ADDR_LOOPBACK(&v6) : strcmp(host, "localhost") == 0;
}

/* Whoever reaches an open server may everything: that must be nobody but this machine. */
static Err check_identity(const Options *options)
{
    AUTO_ARENA Arena scratch = {0};
    Str address = options_text(options, SETTING_LISTEN);
    const char *host;
    int port;

    TRY(settings_split_address(address, &scratch, &host, &port));
    if (!is_open(options) || is_this_machine(host))
        return OK;
    return err(INVALID,
               "with identity = open everybody who reaches %.*s could do everything: "
               "leave --identity required, or listen on 127.0.0.1",
               STR_ARG(address));
}

static Err open_gateway(const Options *options, Gateway **out)
{
    static const OperationTable *const TABLES[] = {
        &WORLD_OPERATIONS, &AGENTS_OPERATIONS,   &TOOLS_OPERATIONS,     &AUTH_OPERATIONS,
        &JOBS_OPERATIONS,  &WEBHOOKS_OPERATIONS, &ANALYTICS_OPERATIONS, &NOTIFY_OPERATIONS};

    return gateway_create(
        &(GatewayConfig){
            .tables = TABLES,
            .table_count = sizeof TABLES / sizeof *TABLES,
            .access_log = options_bool(options, SETTING_ACCESS_LOG),
            .kv = options_chars(options, SETTING_KV),
            .kv_password = options_chars(options, SETTING_KV_PASSWORD),
            .rate_limits = options_text(options, SETTING_RATE_LIMITS),
            .proxies = options_text(options, SETTING_TRUSTED_PROXIES),
            .identity_is_open = is_open(options),
            .origins = options_text(options, SETTING_CORS_ORIGINS),
            .node_secret = options_text(options, SETTING_NODE_SECRET),
            .clock = clock_system(),
        },
        out);
}

static Err mount_world(Server *server, App *app)
{
    TRY(server_mount(server, &WORLD_OPERATIONS, app->world, world_blocks(app->world)));
    server_add_ready_check(server, "world", world_is_ready, app->world);
    server_add_metrics(server, world_metrics(app->world));
    return OK;
}

static Err mount_agents(Server *server, App *app)
{
    bool blocks = agents_block(app->agents) || auth_blocks(app->auth);

    TRY(server_mount(server, &AGENTS_OPERATIONS, app->agents, blocks));
    TRY(server_mount(server, &TOOLS_OPERATIONS, app->agents, blocks));
    server_add_ready_check(server, "agents", agents_are_ready, app->agents);
    if (app->llm != NULL)
        server_add_metrics(server, llm_metrics(app->llm));
    server_add_metrics(server, agents_outcomes(app->agents));
    if (agents_llm_metrics(app->agents) != NULL)
        server_add_metrics(server, agents_llm_metrics(app->agents));
    return OK;
}

/* In every process, whatever its roles: each must know who calls. */
static Err mount_auth(Server *server, App *app)
{
    TRY(server_mount(server, &AUTH_OPERATIONS, app->auth, auth_blocks(app->auth)));
    server_add_ready_check(server, "auth", auth_is_ready, app->auth);
    server_add_metrics(server, auth_metrics(app->auth));
    return OK;
}

/* Beside them: whoever does the jobs of a service posts what it tells. */
static Err mount_webhooks(Server *server, App *app)
{
    TRY(server_mount(server, &WEBHOOKS_OPERATIONS, app->webhooks, webhooks_block(app->webhooks)));
    server_add_ready_check(server, "webhooks", webhooks_are_ready, app->webhooks);
    return OK;
}

/* In every process, for auth deletes what is somebody's. */
static Err mount_analytics(Server *server, App *app)
{
    TRY(server_mount(server, &ANALYTICS_OPERATIONS, app->analytics, analytics_blocks(app->analytics)));
    server_add_ready_check(server, "analytics", analytics_is_ready, app->analytics);
    return OK;
}

/* Beside it, as it tells people what becomes of their account. */
static Err mount_notify(Server *server, App *app)
{
    TRY(server_mount(server, &NOTIFY_OPERATIONS, app->notify, notify_blocks(app->notify)));
    server_add_ready_check(server, "notify", notify_is_ready, app->notify);
    return OK;
}

/* In every process that has the queue of a service. */
static Err mount_jobs(Server *server, App *app)
{
    return server_mount(server, &JOBS_OPERATIONS, app->jobs, true);
}

static Err mount_documents(Server *server)
{
    TRY(server_route(server, &(Route){.method = "GET", .path = "/openapi.json", .handle = show_openapi}));
    TRY(server_mount_assets(server, "/docs", DOCS_ASSETS, ASSET_MAX_AGE_S));
    return server_mount_assets(server, "/", PAGE_ASSETS, ASSET_MAX_AGE_S);
}

static Err mount(Server *server, App *app)
{
    if (app->roles & SERVES_WORLD)
        TRY(mount_world(server, app));
    else
        server_add_soft_check(server, "world", app_world_is_ready, app);
    if (app->roles & SERVES_AGENTS)
        TRY(mount_agents(server, app));
    TRY(mount_auth(server, app));
    TRY(mount_webhooks(server, app));
    TRY(mount_notify(server, app));
    TRY(mount_jobs(server, app));
    TRY(mount_analytics(server, app));
    return mount_documents(server);
}

static void say_ready(const Options *options, int port)
{
    AUTO_ARENA Arena scratch = {0};
    Str message = str_format(&scratch, "NERDX is ready: http://localhost:%d", port);
    Str text = str_format(&scratch,
                          "%s\n"
                          "  talk with Maeju     open http://localhost:%d in a browser, or run `nerdx chat`\n"
                          "  ask the world       nerdx query \"이천 쌀로 빚은 술\"\n"
                          "  read the contract   http://localhost:%d/docs\n"
                          "  stop                Ctrl-C\n",
                          message.data, port, port);

    watch_say(options, message.data, text.data);
}

/* A second signal ends it. */
static void give_notice(Server *server, int notice_ms)
{
    server_give_notice(server);
    stop_wait_for(notice_ms);
}

static void wait_and_drain(Server *server, int notice_ms, int drain_ms)
{
    const char *signal_name = stop_wait();

    if (notice_ms > 0)
        give_notice(server, notice_ms);
    log_info("stopping", log_chars("signal", signal_name));
    if (!server_drain(server, drain_ms))
        log_warn("cut off what was still open after the drain time-out",
                 log_int("drain_timeout_ms", drain_ms));
}

static void server_release(Server **server)
{
    server_destroy(*server);
}

static void gateway_release(Gateway **gateway)
{
    gateway_destroy(*gateway);
}

static Err open_services(const Options *options, App *app)
{
    TRY(app_open(options, app));
    TRY(app_open_auth(options, app));
    return app_open_jobs(options, app);
}

static Err start(Server *server, const App *app, const Options *options)
{
    TRY(app_start_jobs(app, (size_t)options_int(options, SETTING_JOB_THREADS)));
    return server_start(server);
}

static Err build(const Options *options, App *app, Gateway **gateway, Server **server)
{
    ServerConfig config = server_config(options);

    TRY(check_identity(options));
    TRY(open_gateway(options, gateway));
    TRY(open_services(options, app));
    TRY(server_create(&config, server));
    gateway_identify_by(*gateway, auth_identify, app->auth);
    gateway_guard(*gateway, *server);
    return mount(*server, app);
}

static Err serve(const Options *options)
{
    AUTO_WATCH AppWatch watch = {0};
    AUTO_APP App app = {0};
    __attribute__((cleanup(gateway_release))) Gateway *gateway = NULL;
    __attribute__((cleanup(server_release))) Server *server = NULL;

    stop_begin();
    TRY(watch_begin(&watch, options, "serve"));
    TRY(build(options, &app, &gateway, &server));
    TRY(start(server, &app, options));
    say_ready(options, server_port(server));
    wait_and_drain(server, setting_ms(options, SETTING_DRAIN_NOTICE),
                   setting_ms(options, SETTING_DRAIN_TIMEOUT));
    return OK;
}

ExitCode serve_run(const Options *options)
{
    log_start();
    Err e = serve(options);
    log_stop();
    return failed(&e) ? command_fail("serve", &e) : EXIT_DONE;
}
