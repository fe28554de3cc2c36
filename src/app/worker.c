/* nerdx worker: does the jobs of every service and serves nobody; as many of them as one likes on one database. */
#include <stdio.h>

#include "app/app.h"
#include "app/command.h"
#include "app/settings.h"
#include "app/stop.h"
#include "base/log.h"

static Err work(const Options *options)
{
    AUTO_APP App app = {0};

    stop_begin();
    TRY(app_open(options, &app));
    TRY(app_open_auth(options, &app));
    TRY(auth_start_jobs(app.auth, (size_t)options_int(options, SETTING_JOB_THREADS)));
    printf("NERDX does jobs. See them: nerdx jobs. Stop: Ctrl-C\n");
    (void)fflush(stdout);
    log_info("stopping", log_chars("signal", stop_wait()));
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
