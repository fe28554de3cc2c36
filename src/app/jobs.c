/* nerdx jobs: looks at jobs, cancels them, has dead ones tried again; beside the program that runs, or without it. */
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "app/command.h"
#include "app/job_kinds.h"
#include "app/stores.h"
#include "base/buf.h"
#include "base/time.h"

enum { MOST_SHOWN = 100, RETRIED_AT_ONCE = 100 };

/* A store's jobs, open for the time of the command. */
typedef struct Look {
    Arena *arena;
    const AppStore *store;
    Sql *sql;
    Kv *kv;
    Queue *queue;
} Look;

static Err open_queue(Look *look, const Options *options)
{
    SqlMigrations tables;
    const char *url;

    TRY(app_store_tables(options, look->store, &url, &tables));
    TRY(sql_open(url, tables, &look->sql));
    return queue_open(&(QueueConfig){.jobs = look->store->jobs(), .sql = look->sql}, &look->queue);
}

static Err look_open(Look *look, const Options *options)
{
    TRY(open_queue(look, options));
    TRY(app_open_kv(options, &look->kv));
    queue_call_at_close(look->queue, app_shared_kv(look->kv));
    return OK;
}

static void look_close(Look *look)
{
    queue_close(look->queue);
    kv_close(look->kv);
    sql_close(look->sql);
}
#define AUTO_LOOK __attribute__((cleanup(look_close)))

static const char *moment(int64_t time_us, char text[TIME_TEXT])
{
    if (time_us == 0)
        return "-";
    time_print(text, time_us - time_us % 1000000);
    return text;
}

/* What one wants to know of it in a line: how it went, or how far it is. */
static Str remark(const JobShown *job)
{
    return job->outcome.len > 0 ? job->outcome : job->message;
}

static void print_line(const JobShown *job)
{
    char due[TIME_TEXT];
    Str text = remark(job);

    printf("%.*s  %-20.*s %-9.*s %3d%%  try %-3d %-20s %.*s\n", STR_ARG(job->job_id), STR_ARG(job->kind),
           STR_ARG(job->state), (int)job->progress, (int)job->attempt, moment(job->due_us, due),
           STR_ARG(text));
}

static void print_text(const char *name, Str text)
{
    if (text.data != NULL && text.len > 0)
        printf("%-10s %.*s\n", name, STR_ARG(text));
}

static void print_moment(const char *name, int64_t time_us)
{
    char text[TIME_TEXT];

    printf("%-10s %s\n", name, moment(time_us, text));
}

static void print_whole(const JobShown *job)
{
    print_text("job", job->job_id);
    print_text("kind", job->kind);
    print_text("state", job->state);
    printf("%-10s %d\n%-10s %d%%\n%-10s %d\n", "priority", (int)job->priority, "progress", (int)job->progress,
           "attempt", (int)job->attempt);
    print_text("message", job->message);
    print_text("outcome", job->outcome);
    print_text("input", job->input);
    print_text("unique", job->unique_key);
    print_text("order", job->order_key);
    print_text("parent", job->parent_id);
    print_text("worker", job->worker);
    print_moment("added", job->created_us);
    print_moment("due", job->due_us);
    print_moment("started", job->started_us);
    print_moment("ended", job->ended_us);
}

/* ---- each of these for one store */

static Err list(const Look *look, const Options *options)
{
    JobFilter filter = {.state = options_text(options, SETTING_STATE), .most = MOST_SHOWN};
    JobShown *jobs;
    size_t count;

    TRY(queue_list(look->queue, look->arena, &filter, &jobs, &count));
    for (size_t i = 0; i < count; i++)
        print_line(&jobs[i]);
    if (count == MOST_SHOWN)
        (void)fprintf(stderr, "%s: only the newest %d are shown\n", look->store->service, MOST_SHOWN);
    return OK;
}

/* One that can't doesn't hold up the others: children begin anew with their trees. */
static Err retry_if_possible(const Look *look, Arena *arena, const JobShown *job, size_t *revived)
{
    Err e = queue_retry(look->queue, arena, job->job_id, NULL);

    if (e.code == CONFLICT && job->parent_id.data == NULL)
        printf("%.*s  stays %.*s: %s\n", STR_ARG(job->job_id), STR_ARG(job->state), e.message);
    *revived += failed(&e) ? 0 : 1;
    return e.code == CONFLICT ? OK : e;
}

/* How far it is. */
typedef struct Revival {
    Buf last_id; /* where the next page begins */
    size_t revived;
    bool is_over;
} Revival;

/* A page of them, which is gone when it returns: however many there are, no more are in memory. */
static Err retry_some(const Look *look, Revival *revival)
{
    AUTO_ARENA Arena page = {0};
    JobShown *jobs;
    size_t count;

    TRY(queue_list_dead(look->queue, &page, buf_str(&revival->last_id), RETRIED_AT_ONCE, &jobs, &count));
    for (size_t i = 0; i < count; i++)
        TRY(retry_if_possible(look, &page, &jobs[i], &revival->revived));
    revival->is_over = count < RETRIED_AT_ONCE;
    if (count > 0) {
        revival->last_id.len = 0;
        buf_put(&revival->last_id, jobs[count - 1].job_id);
    }
    return OK;
}

/* The oldest first: those of an order go in it again. */
static Err retry_dead(const Look *look)
{
    Revival revival = {.last_id = {.arena = look->arena}};

    while (!revival.is_over)
        TRY(retry_some(look, &revival));
    printf("%s: %zu dead jobs begin anew\n", look->store->service, revival.revived);
    return OK;
}

static Err show(const Look *look, Str job_id)
{
    JobShown job;

    TRY(queue_get(look->queue, look->arena, job_id, &job));
    print_whole(&job);
    return OK;
}

static Err retry(const Look *look, Str job_id)
{
    TRY(queue_retry(look->queue, look->arena, job_id, NULL));
    puts("it begins anew");
    return OK;
}

static Err cancel(const Look *look, Str job_id)
{
    JobShown job;

    TRY(queue_cancel(look->queue, look->arena, job_id, &job));
    print_whole(&job);
    return OK;
}

/* ---- which, and of what */

typedef struct Act {
    const char *name;
    Err (*of_one)(const Look *look, Str job_id);
} Act;

static const Act ACTS[] = {{"show", show}, {"retry", retry}, {"cancel", cancel}};

typedef struct Asked {
    const Act *act; /* NULL: list, or retry all that are dead */
    bool retries_dead;
    Str job_id;
} Asked;

static Err act_in(const Options *options, const AppStore *store, const Asked *asked)
{
    AUTO_ARENA Arena arena = {0};
    AUTO_LOOK Look look = {.arena = &arena, .store = store};

    arena_init(&arena);
    TRY(look_open(&look, options));
    if (asked->act != NULL)
        return asked->act->of_one(&look, asked->job_id);
    return asked->retries_dead ? retry_dead(&look) : list(&look, options);
}

/* One job is looked for in all stores that have some. */
static Err act(const Options *options, const Asked *asked)
{
    Err e = err(NOT_FOUND, "no service has jobs");

    for (size_t i = 0; i < APP_STORE_COUNT; i++) {
        bool wanted;

        TRY(app_wants_store(options, &APP_STORES[i], &wanted));
        if (!wanted || APP_STORES[i].jobs == NULL)
            continue;
        e = act_in(options, &APP_STORES[i], asked);
        if (asked->act != NULL ? e.code != NOT_FOUND : failed(&e))
            return e;
    }
    return e;
}

static bool read_words(const Options *options, Asked *asked)
{
    size_t count;
    const char *const *words = options_arguments(options, &count);

    *asked = (Asked){0};
    if (count == 0 || (count == 1 && strcmp(words[0], "list") == 0))
        return true;
    if (count != 2)
        return false;
    asked->job_id = str_from(words[1]);
    asked->retries_dead = strcmp(words[0], "retry") == 0 && strcmp(words[1], "dead") == 0;
    for (size_t i = 0; i < sizeof ACTS / sizeof *ACTS && !asked->retries_dead; i++)
        if (strcmp(words[0], ACTS[i].name) == 0)
            asked->act = &ACTS[i];
    return asked->retries_dead || asked->act != NULL;
}

static bool asks_for_kinds(const Options *options)
{
    size_t count;
    const char *const *words = options_arguments(options, &count);

    return count == 1 && strcmp(words[0], "kinds") == 0;
}

ExitCode jobs_run(const Options *options)
{
    Asked asked;

    if (asks_for_kinds(options))
        return job_kinds_print();
    if (!read_words(options, &asked)) {
        (void)fputs(
            "nerdx jobs: say nothing more, or list, kinds, show ID, retry ID, retry dead, cancel ID\n",
            stderr);
        return EXIT_USAGE_WRONG;
    }
    Err e = act(options, &asked);
    return failed(&e) ? command_fail("jobs", &e) : EXIT_DONE;
}
