/* nerdx ingest: files into the world, or out of it again (--retract). */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "app/app.h"
#include "app/assets.h"
#include "app/command.h"
#include "app/settings.h"
#include "base/clock.h"
#include "services/world/ingest/ingest.h"

enum { SECOND_US = 1000000, PROGRESS_US = SECOND_US / 5, PLAIN_PROGRESS_US = 2 * SECOND_US, BAR_CELLS = 30 };

/* A bar on a terminal, a line every two seconds elsewhere, nothing for what is done before that. */
typedef struct Progress {
    bool is_terminal;
    int64_t begun_us;
    int64_t shown_us;
} Progress;

static double seconds(int64_t us)
{
    return (double)us / 1e6;
}

static int64_t facts_of(const IngestReport *report)
{
    return report->added + report->changed + report->same + report->rejected;
}

static void show(const Progress *progress, const IngestReport *report, double passed)
{
    double done = report->bytes_in_all > 0 ? (double)report->bytes / (double)report->bytes_in_all : 0;
    double left = done > 0 ? passed / done - passed : 0;
    int cells = (int)(done * (double)BAR_CELLS);

    if (progress->is_terminal)
        (void)fprintf(stderr, "\r[%.*s%*s] ", cells, "==============================", BAR_CELLS - cells, "");
    (void)fprintf(stderr, "%3.0f %%  %" PRId64 " facts, %.0f/s, %.0f s left%s", 100 * done, facts_of(report),
                  (double)facts_of(report) / passed, left, progress->is_terminal ? "\033[K" : "\n");
}

static void on_progress(void *context, const IngestReport *report)
{
    Progress *progress = context;
    int64_t now_us = clock_monotonic_us(clock_system());

    if (now_us - progress->shown_us < (progress->is_terminal ? PROGRESS_US : PLAIN_PROGRESS_US))
        return;
    progress->shown_us = now_us;
    show(progress, report, seconds(now_us - progress->begun_us));
}

static void print_report(const Progress *progress, const IngestConfig *config, const IngestReport *report)
{
    int64_t us = report->took_us;
    bool rehearsed = config->differences != NULL;

    if (progress->is_terminal)
        (void)fputs("\r\033[K", stderr);
    printf("%" PRId64 " %s, %" PRId64 " %s, %" PRId64 " known already, %" PRId64
           " refused (%.1f s, %.0f facts/s)\n",
           report->added, rehearsed ? "to add" : "added", report->changed,
           rehearsed ? "to change" : "changed", report->same, report->rejected, seconds(us),
           us > 0 ? (double)facts_of(report) / seconds(us) : 0);
    if (report->rejected > 0)
        printf("What was refused, and why: %s\n", config->rejects);
}

/* ---- prose, which a language model reads when one is configured */

static void on_passage(void *context, const ProseNews *news)
{
    const Progress *progress = context;

    if (progress->is_terminal)
        (void)fputs("\r\033[K", stderr);
    (void)fprintf(stderr, "%.*s:%" PRId64 " (%.*s): ", STR_ARG(news->source), news->line,
                  STR_ARG(news->part));
    if (news->why.data != NULL)
        (void)fprintf(stderr, "nothing proposed: %.*s\n", STR_ARG(news->why));
    else
        (void)fprintf(stderr, "%" PRId64 " proposed\n", news->came.proposed);
}

static void print_prose(const IngestConfig *config, const ProseReport *report)
{
    if (report->passages == 0)
        return;
    printf("Of %" PRId64 " passages the model read %" PRId64 ": %" PRId64 " facts proposed, %" PRId64
           " known already, %" PRId64 " refused\n",
           report->passages, report->read, report->proposed, report->known, report->refused);
    if (report->unread > 0)
        printf("%" PRId64 " passages wait for the model: ingest again to have them read\n", report->unread);
    if (report->refused > 0)
        printf("What can't be proposed, and why: %s\n", config->rejects);
    if (report->proposed > 0)
        puts("Nobody is told of them before `nerdx review` accepts them.");
}

/* Whether a model reads prose in this run. */
static Err open_prose(const Options *options, App *app, Progress *progress, ProseConfig *prose)
{
    Str which = options_text(options, SETTING_PROSE);

    if (str_equal(which, STR("none")) || options_bool(options, SETTING_DRY_RUN))
        return OK;
    TRY(app_open_reader(options, &app->llm));
    if (app->llm == NULL)
        return OK;
    TRY(app_open_proposals(options, app));
    *prose = (ProseConfig){
        .llm = app->llm,
        .model = options_chars(options, SETTING_LLM_MODEL),
        .proposals = app->proposals,
        .content = WORLD_CONTENT,
        .again = str_equal(which, STR("all")),
        .on_passage = on_passage,
        .context = progress,
    };
    return OK;
}

static Err ingest(const Options *options, IngestConfig *config, Progress *progress, IngestReport *report)
{
    AUTO_APP App app = {0};
    ProseConfig prose = {0};

    TRY(app_open_world(options, &app));
    TRY(open_prose(options, &app, progress, &prose));
    config->prose = prose.llm != NULL ? &prose : NULL;
    TRY(world_ingest(app.world, config, report));
    print_report(progress, config, report);
    print_prose(config, &report->prose);
    return OK;
}

static ExitCode ingest_files(const Options *options, const char *const *files, size_t count)
{
    int64_t now_us = clock_monotonic_us(clock_system());
    Progress progress = {isatty(STDERR_FILENO) != 0, now_us, now_us};
    IngestConfig config = {
        .files = files,
        .file_count = count,
        .origin = options_chars(options, SETTING_SOURCE),
        .rejects = options_chars(options, SETTING_REJECTS),
        .differences = options_bool(options, SETTING_DRY_RUN) ? stdout : NULL,
        .on_progress = on_progress,
        .context = &progress,
    };
    IngestReport report = {0};
    Err e = ingest(options, &config, &progress, &report);

    if (failed(&e))
        return command_fail("ingest", &e);
    return report.rejected > 0 ? EXIT_DATA_WRONG : EXIT_DONE;
}

static Err retract(const Options *options, Str source)
{
    AUTO_APP App app = {0};
    int64_t claims;

    TRY(app_open_world(options, &app));
    TRY(app_open_proposals(options, &app));
    TRY(world_retract(app.world, app.proposals, source, &claims));
    printf("%" PRId64 " claims of %.*s are forgotten\n", claims, STR_ARG(source));
    return OK;
}

ExitCode ingest_run(const Options *options)
{
    Str source = options_text(options, SETTING_RETRACT);
    size_t count;
    const char *const *files = options_arguments(options, &count);

    if ((source.data != NULL) == (count > 0)) {
        (void)fputs("nerdx ingest: name the files to read, or what to --retract\n", stderr);
        return EXIT_USAGE_WRONG;
    }
    if (source.data == NULL)
        return ingest_files(options, files, count);
    Err e = retract(options, source);
    return failed(&e) ? command_fail("ingest", &e) : EXIT_DONE;
}
