#include "stores/queue/queue.h"

#include <assert.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/thread.h"
#include "stores/queue/line.h"
#include "stores/queue/metrics.h"
#include "stores/queue/run.h"

enum {
    US_PER_MS = 1000,
    FIRST_LOOK_MS = 1,
    HEARTBEAT_S = JOB_LEASE_S / 3,
    TELL_MS = 250,
    LONGEST_TROUBLE_MS = 2000,
    STOP_LOOK_MS = 20,
    LAST_WAIT_MS = 1000
};

struct Worker {
    Queue *queue;
    char name[ID_TEXT];
    pthread_t keeper;
    pthread_t *runners;
    size_t runner_count;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t work;  /* there is something to begin, or nothing any more */
    Line ready;           /* to be begun */
    Line running;
    Line ended; /* to be told to the database */
    bool is_stopping;
    bool is_over;   /* nothing begins any more */
    bool is_closed; /* and nothing ends */
    /* the keeper's own */
    size_t window;                        /* jobs to hold */
    int64_t beaten_us, told_us, swept_us; /* monotonic */
    int64_t next_due_us;                  /* wall; 0: none known */
    int look_ms, trouble_ms;
    uint64_t rings; /* that it knows of */
};

static int64_t now_us(const Worker *worker)
{
    return clock_monotonic_us(worker->queue->clock);
}

/* ---- runners */

static void begin(Worker *worker, JobRun *run)
{
    run->begun_us = now_us(worker);
    line_add(&worker->running, run);
    metrics_note_begun(run);
}

static JobRun *next_run(Worker *worker)
{
    MUTEX_HOLD(&worker->lock);
    while (worker->ready.count == 0 && !worker->is_over)
        (void)pthread_cond_wait(&worker->work, &worker->lock);
    JobRun *run = worker->is_over ? NULL : line_take(&worker->ready);
    if (run != NULL)
        begin(worker, run);
    return run;
}

static void end(Worker *worker, JobRun *run)
{
    {
        MUTEX_HOLD(&worker->lock);
        line_remove(&worker->running, run);
        line_add(&worker->ended, run);
    }
    bell_ring(&worker->queue->bell);
}

static void *run_jobs(void *context)
{
    Worker *worker = context;
    JobRun *run;

    while ((run = next_run(worker)) != NULL) {
        run_work(run);
        metrics_note_ended(run);
        if (failed(&run->result))
            log_warn("a job failed", log_text("job_id", run->hold.job_id), log_text("kind", run->hold.kind),
                     log_int("attempt", run->hold.attempt), log_err(&run->result));
        end(worker, run);
    }
    return NULL;
}

/* ---- the keeper: what was done and what is to be done goes into the books, a turn at a time */

typedef struct Books {
    Arena arena;
    DeskTurn turn;
    Line ended;    /* whose ends are told in this turn */
    JobRun **kept; /* whose leases are */
} Books;

static void list_ended(Worker *worker, Books *books)
{
    size_t most = worker->ended.count < DESK_MOST ? worker->ended.count : DESK_MOST;
    JobEnd *ends = arena_array(&books->arena, JobEnd, most);
    JobRun *run;

    while (books->turn.end_count < most && (run = line_take(&worker->ended)) != NULL) {
        ends[books->turn.end_count++] = run_end(run);
        line_add(&books->ended, run);
    }
    books->turn.ends = ends;
}

/* Over its time its lease isn't kept, cancelled or not: it is somebody else's when that is over, whatever it does yet. */
static bool is_held(const Worker *worker, JobRun *run)
{
    int goes_on = JOB_GOES_ON;
    bool is_late =
        run->begun_us != 0 && now_us(worker) - run->begun_us > (int64_t)run->kind->time_limit_s * US_PER_S;

    if (is_late)
        (void)atomic_compare_exchange_strong(&run->stop, &goes_on, JOB_LATE);
    int stop = atomic_load(&run->stop);
    return stop == JOB_GOES_ON || (stop == JOB_CANCELLED && !is_late);
}

static void list_kept_of(Worker *worker, const Line *line, Books *books, bool beats)
{
    for (JobRun *run = line->first; run != NULL; run = run->next) {
        JobKeep keep;
        if (!is_held(worker, run) || !(run_heard(run, &books->arena, &keep) || beats))
            continue;
        books->kept[books->turn.keep_count] = run;
        books->turn.keeps[books->turn.keep_count++] = keep;
    }
}

/* Leases now and then, progress as it is told. */
static void list_kept(Worker *worker, Books *books, bool beats)
{
    size_t most = worker->running.count + worker->ready.count + 1;

    books->kept = arena_array(&books->arena, JobRun *, most);
    books->turn.keeps = arena_array(&books->arena, JobKeep, most);
    list_kept_of(worker, &worker->running, books, beats);
    list_kept_of(worker, &worker->ready, books, beats);
}

static size_t room(const Worker *worker)
{
    size_t held = worker->ready.count + worker->running.count;

    return worker->is_stopping || held >= worker->window ? 0 : worker->window - held;
}

/* Whether so long has gone since; if so it begins anew. */
static bool is_time(const Worker *worker, int64_t *since_us, int64_t pause_us)
{
    int64_t at_us = now_us(worker);

    if (*since_us != 0 && at_us - *since_us < pause_us)
        return false;
    *since_us = at_us;
    return true;
}

static void open_books(Worker *worker, Books *books)
{
    bool beats = is_time(worker, &worker->beaten_us, (int64_t)HEARTBEAT_S * US_PER_S);
    bool tells = is_time(worker, &worker->told_us, (int64_t)TELL_MS * US_PER_MS);

    arena_reset(&books->arena);
    books->turn = (DeskTurn){.sweep = is_time(worker, &worker->swept_us, (int64_t)DESK_SWEEP_S * US_PER_S)};
    MUTEX_HOLD(&worker->lock);
    list_ended(worker, books);
    if (beats || tells) {
        list_kept(worker, books, beats);
        books->turn.asks = worker->running.count + worker->ready.count > 0;
    }
    books->turn.most = room(worker);
}

/* A run whose end isn't told yet is only read by the keeper. */
static void hear_of_kept(const Books *books)
{
    for (size_t i = 0; i < books->turn.keep_count; i++)
        if (books->turn.keeps[i].is_lost)
            atomic_store(&books->kept[i]->stop, JOB_LOST);
}

static void cancel_in(const Line *line, const QueueSqlListAsked *asked)
{
    for (JobRun *run = line->first; run != NULL; run = run->next) {
        int goes_on = JOB_GOES_ON;
        if (run->hold.fence == asked->fence && str_equal(run->hold.job_id, asked->job_id))
            (void)atomic_compare_exchange_strong(&run->stop, &goes_on, JOB_CANCELLED);
    }
}

static void hear_of_asked(Worker *worker, const Books *books)
{
    MUTEX_HOLD(&worker->lock);
    for (size_t i = 0; i < books->turn.asked_count; i++) {
        cancel_in(&worker->running, &books->turn.asked[i]);
        cancel_in(&worker->ready, &books->turn.asked[i]);
    }
}

/* What nobody here knows goes back, for a node that does. */
static void take_in(Worker *worker, const Books *books)
{
    MUTEX_HOLD(&worker->lock);
    for (size_t i = 0; i < books->turn.taken_count; i++) {
        JobRun *run = run_create(worker->queue, &books->turn.taken[i]);
        if (run->kind == NULL)
            run->put_back_us = clock_wall_us(worker->queue->clock) + (int64_t)JOB_LEASE_S * US_PER_S;
        line_add(run->kind != NULL ? &worker->ready : &worker->ended, run);
    }
    (void)pthread_cond_broadcast(&worker->work);
}

/* As many as ended within a turn will within the next. */
static void set_window(Worker *worker, size_t ended)
{
    size_t wanted = worker->runner_count + 2 * ended;

    worker->window = wanted < DESK_MOST ? wanted : DESK_MOST;
}

static void close_books(Worker *worker, Books *books)
{
    JobRun *run;

    hear_of_kept(books);
    hear_of_asked(worker, books);
    while ((run = line_take(&books->ended)) != NULL)
        run_destroy(run);
    take_in(worker, books);
    set_window(worker, books->turn.end_count);
    worker->next_due_us = books->turn.next_due_us;
    worker->trouble_ms = 0;
}

/* The database can't be written: nothing is lost, the same is told again. */
static void keep_for_later(Worker *worker, Books *books, const Err *e)
{
    if (worker->trouble_ms == 0)
        log_warn("jobs wait for their database", log_chars("service", queue_service(worker->queue)),
                 log_err(e));
    worker->trouble_ms = worker->trouble_ms == 0 ? FIRST_LOOK_MS : worker->trouble_ms * 2;
    if (worker->trouble_ms > LONGEST_TROUBLE_MS)
        worker->trouble_ms = LONGEST_TROUBLE_MS;
    MUTEX_HOLD(&worker->lock);
    line_move(&books->ended, &worker->ended);
}

static bool is_busy(Worker *worker, const Books *books)
{
    MUTEX_HOLD(&worker->lock);
    return worker->ended.count > 0 || (books->turn.most > 0 && books->turn.taken_count == books->turn.most);
}

/* Rarely where others would wake it; as often as ever while something runs here, for its progress is told by the way. */
static int longest_look_ms(Worker *worker)
{
    const Queue *queue = worker->queue;
    bool is_woken = waker_is_heard(queue->waker);

    MUTEX_HOLD(&worker->lock);
    if (worker->running.count > 0 && queue->poll_ms > WORKER_POLL_MS)
        return WORKER_POLL_MS;
    return is_woken && worker->running.count == 0 && queue->poll_ms < WORKER_WOKEN_POLL_MS
               ? WORKER_WOKEN_POLL_MS
               : queue->poll_ms;
}

/* Until somebody rings, or something comes due. */
static void rest(Worker *worker)
{
    int longest_ms = longest_look_ms(worker);
    bool is_quiet = worker->look_ms >= WORKER_POLL_MS || worker->look_ms > longest_ms;
    int64_t pause_us = (int64_t)(is_quiet ? longest_ms : worker->look_ms) * US_PER_MS;
    int64_t due_us = worker->next_due_us - clock_wall_us(worker->queue->clock);

    if (worker->next_due_us != 0 && due_us < pause_us)
        pause_us = due_us > 0 ? due_us : 0;
    bell_wait(&worker->queue->bell, worker->rings, now_us(worker) + pause_us);
    worker->look_ms = is_quiet ? WORKER_POLL_MS : worker->look_ms * 2;
}

/* After a ring soon again, whenever it came: what it was for may not be committed yet. */
static void note_rings(Worker *worker)
{
    uint64_t rings = bell_rings(&worker->queue->bell);

    if (rings != worker->rings)
        worker->look_ms = FIRST_LOOK_MS;
    worker->rings = rings;
}

/* What hasn't begun is due at once, for others. */
static void take_no_more(Worker *worker)
{
    JobRun *run;

    MUTEX_HOLD(&worker->lock);
    worker->is_stopping = true;
    while ((run = line_take(&worker->ready)) != NULL) {
        run->put_back_us = clock_wall_us(worker->queue->clock);
        line_add(&worker->ended, run);
    }
}

static void ask_to_stop(Worker *worker)
{
    MUTEX_HOLD(&worker->lock);
    for (JobRun *run = worker->running.first; run != NULL; run = run->next) {
        int goes_on = JOB_GOES_ON;
        (void)atomic_compare_exchange_strong(&run->stop, &goes_on, JOB_LOST);
    }
}

static bool is_set(Worker *worker, const bool *flag)
{
    MUTEX_HOLD(&worker->lock);
    return *flag;
}

/* Whether or not somebody waits for it yet. */
static void heed_end(Worker *worker)
{
    int64_t ends_us = atomic_load(&worker->queue->ends_us);

    if (ends_us != 0 || is_set(worker, &worker->is_stopping))
        take_no_more(worker);
    if (ends_us != 0 && now_us(worker) >= ends_us)
        ask_to_stop(worker);
}

static void take_turn(Worker *worker, Books *books)
{
    note_rings(worker);
    heed_end(worker);
    open_books(worker, books);
    Err e = desk_turn(worker->queue, str_from(worker->name), &books->arena, &books->turn);
    if (failed(&e)) {
        keep_for_later(worker, books, &e);
        bell_wait(&worker->queue->bell, bell_rings(&worker->queue->bell),
                  now_us(worker) + (int64_t)worker->trouble_ms * US_PER_MS);
        return;
    }
    close_books(worker, books);
    if (!is_busy(worker, books))
        rest(worker);
}

/* A turn that was under way when all seemed empty may have taken some: they go back. */
static void close_for_good(Worker *worker, Books *books)
{
    take_no_more(worker);
    open_books(worker, books);
    if (books->turn.end_count == 0)
        return;
    Err e = desk_turn(worker->queue, str_from(worker->name), &books->arena, &books->turn);
    if (failed(&e))
        keep_for_later(worker, books, &e);
    else
        close_books(worker, books);
}

static void *keep_books(void *context)
{
    Worker *worker = context;
    Books books = {0};

    arena_init(&books.arena);
    while (!is_set(worker, &worker->is_closed))
        take_turn(worker, &books);
    close_for_good(worker, &books);
    arena_finish(&books.arena);
    return NULL;
}

/* ---- */

Worker *worker_start(Queue *queue, size_t threads)
{
    Worker *worker = memory_new(Worker);

    assert(threads > 0 && threads <= WORKER_MOST_THREADS);
    worker->queue = queue;
    id_print(queue->clock, worker->name);
    worker->runner_count = worker->window = threads;
    worker->look_ms = FIRST_LOOK_MS;
    (void)pthread_mutex_init(&worker->lock, NULL);
    (void)pthread_cond_init(&worker->work, NULL);
    worker->runners = memory_zalloc(threads * sizeof *worker->runners);
    worker->keeper = thread_start("jobs", keep_books, worker);
    for (size_t i = 0; i < threads; i++)
        worker->runners[i] = thread_start("job", run_jobs, worker);
    return worker;
}

static bool is_empty(Worker *worker)
{
    MUTEX_HOLD(&worker->lock);
    return worker->running.count == 0 && worker->ended.count == 0 && worker->ready.count == 0;
}

static int64_t after_ms(const Worker *worker, int64_t ms)
{
    return now_us(worker) + ms * US_PER_MS;
}

/* The bell rings when one has ended. */
static bool wait_until_empty(Worker *worker, int64_t until_us)
{
    while (!is_empty(worker) && now_us(worker) < until_us) {
        take_no_more(worker); /* a turn that was under way may have taken some */
        bell_ring(&worker->queue->bell);
        bell_wait(&worker->queue->bell, bell_rings(&worker->queue->bell),
                  now_us(worker) + STOP_LOOK_MS * US_PER_MS);
    }
    return is_empty(worker);
}

static bool is_running(Worker *worker)
{
    MUTEX_HOLD(&worker->lock);
    return worker->running.count > 0;
}

/* What came of them couldn't be written: when their leases are over, others do them again. True: there was nothing. */
static bool give_up_ended(Worker *worker)
{
    bool is_clean = worker->ended.count == 0;
    JobRun *run;

    if (!is_clean)
        log_warn("what came of jobs couldn't be written: they are done again",
                 log_chars("service", queue_service(worker->queue)),
                 log_int("jobs", (int64_t)worker->ended.count));
    while ((run = line_take(&worker->ended)) != NULL)
        run_destroy(run);
    return is_clean;
}

static void set(Worker *worker, bool *flag)
{
    MUTEX_HOLD(&worker->lock);
    *flag = true;
    (void)pthread_cond_broadcast(&worker->work);
}

/* What is done late is told yet: else it would be done again. */
static bool finish(Worker *worker)
{
    set(worker, &worker->is_over);
    for (size_t i = 0; i < worker->runner_count; i++)
        thread_join(worker->runners[i]);
    set(worker, &worker->is_closed);
    bell_ring(&worker->queue->bell);
    thread_join(worker->keeper);
    bool is_clean = give_up_ended(worker);
    (void)pthread_cond_destroy(&worker->work);
    (void)pthread_mutex_destroy(&worker->lock);
    memory_free(worker->runners);
    memory_free(worker);
    return is_clean;
}

void queue_take_no_more(Queue *queue, int drain_ms)
{
    atomic_store(&queue->ends_us, clock_monotonic_us(queue->clock) + (int64_t)drain_ms * US_PER_MS);
    bell_ring(&queue->bell);
}

bool worker_stop(Worker *worker, int drain_ms)
{
    if (worker == NULL)
        return true;
    int64_t ends_us = atomic_load(&worker->queue->ends_us);
    take_no_more(worker);
    if (!wait_until_empty(worker, ends_us != 0 ? ends_us : after_ms(worker, drain_ms))) {
        ask_to_stop(worker);
        if (!wait_until_empty(worker, after_ms(worker, LAST_WAIT_MS)) && is_running(worker))
            log_warn("jobs that don't stop are waited for",
                     log_chars("service", queue_service(worker->queue)));
    }
    return finish(worker);
}
