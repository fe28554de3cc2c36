/* nerdx worker: does the jobs of every service and serves nobody but who watches it; as many of them as one likes on one database. */
#include <stdio.h>

#include "app/app.h"
#include "app/command.h"
#include "app/settings.h"
#include "app/stop.h"
#include "app/watch.h"
#include "base/log.h"
#include "http/server.h"

enum { LOOKERS = 2, WAITING_LOOKS = 64, DRAIN_MS = 1000 };

static void server_release(Server **server)
{
    server_destroy(*server);
}

static Err auth_is_ready(void *auth)
{
    return auth_ready(auth);
}

/* Who watches a program needs little of it. */
static Err show_itself(const Options *options, App *app, Server **out)
{
    AUTO_ARENA Arena scratch = {0};
    ServerConfig config = server_config_default();

    config.listen = options_chars(options, SETTING_METRICS_LISTEN);
    config.loops = 1;
    config.workers = LOOKERS;
    config.queue_limit = WAITING_LOOKS;
    TRY(server_create(&config, out));
    server_add_ready_check(*out, "auth", auth_is_ready, app->auth);
    server_add_metrics(*out, auth_metrics(app->auth));
    TRY(server_start(*out));
    Str message = str_format(&scratch, "See how it is: http://localhost:%d/metrics", server_port(*out));
    watch_say(options, message.data, str_format(&scratch, "%s\n", message.data).data);
    return OK;
}

static Err work(const Options *options)
{
    AUTO_WATCH AppWatch watch = {0};
    AUTO_APP App app = {0};
    __attribute__((cleanup(server_release))) Server *server = NULL;

    stop_begin();
    TRY(watch_begin(&watch, options, "worker"));
    TRY(app_open(options, &app));
    TRY(app_open_auth(options, &app));
    TRY(app_open_jobs(options, &app));
    if (options_chars(options, SETTING_METRICS_LISTEN) != NULL)
        TRY(show_itself(options, &app, &server));
    TRY(app_start_jobs(&app, (size_t)options_int(options, SETTING_JOB_THREADS)));
    watch_say(options, "NERDX does jobs", "NERDX does jobs. See them: nerdx jobs. Stop: Ctrl-C\n");
    log_info("stopping", log_chars("signal", stop_wait()));
    if (server != NULL)
        (void)server_drain(server, DRAIN_MS);
    return OK;
}

ExitCode worker_run(const Options *options)
{
    if (options_int(options, SETTING_JOB_THREADS) == 0) {
        (void)fputs("nerdx worker: --job-threads is 0, it would do nothing\n", stderr);
        return EXIT_USAGE_WRONG;
    }
    log_start();
    Err e = work(options);
    log_stop();
    return failed(&e) ? command_fail("worker", &e) : EXIT_DONE;
}
