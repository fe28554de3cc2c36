/* What comes of a delivery when something else happens just as it is tried, or given up. */
#include "silent.h"

#include "base/random.h"
#include "base/thread.h"
#include "stores/queue/run.h"

#include "services/webhooks/room.h" /* behind the queue's: both have their US_PER_S */

#define WEBHOOK STR("01a00000-0000-7000-8000-000000000001")
#define EVENT STR("01a00000-0000-7000-8000-000000000002")
#define NOBODY "http://127.0.0.1:1/" /* refuses at once */

enum { RESTED_US = 1 /* long ago */ };

static Str as_it_is(void *context, Arena *arena, Str plain, Str owner)
{
    (void)context;
    (void)owner;
    return str_copy(arena, plain);
}

static Err open_as_it_is(void *context, Arena *arena, Str sealed, Str owner, Str *plain)
{
    *plain = as_it_is(context, arena, sealed, owner);
    return OK;
}

typedef struct Site {
    char url[64]; /* of the one webhook */
    char folder[64];
    char store[96];
    Webhooks *webhooks;
    Arena arena;
} Site;

static void open_site(Site *site)
{
    *site = (Site){.url = NOBODY, .folder = "/dev/shm/nerdx-webhooks-XXXXXX"};
    arena_init(&site->arena);
    assert_non_null(mkdtemp(site->folder));
    (void)snprintf(site->store, sizeof site->store, "sqlite:%s/webhooks.db", site->folder);
    check_ok(webhooks_create(&(WebhooksConfig){.store = site->store,
                                               .seal = {.close = as_it_is, .open = open_as_it_is},
                                               .allows_inside = true},
                             &site->webhooks));
}

static void close_site(Site *site)
{
    char command[128];

    webhooks_destroy(site->webhooks);
    arena_finish(&site->arena);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", site->folder);
    assert_int_equal(system(command), 0);
}

static Err ask_for_it(void *context, Tx *tx)
{
    Site *site = context;

    return webhook_send(site->webhooks, tx, &site->arena, WEBHOOK, EVENT);
}

static Err add_one(void *context, Tx *tx)
{
    Site *site = context;

    TRY(webhooks_sql_add(tx, WEBHOOK, str_from(site->url), STR("nerdx.*"), STR(""), STR("secret"), 1, NULL));
    TRY(webhooks_sql_add_message(tx, EVENT, STR("nerdx.a"), STR("{}"), webhooks_now_us(site->webhooks),
                                 NULL));
    return ask_for_it(site, tx);
}

static Err switch_off(void *context, Tx *tx)
{
    (void)context;
    return webhooks_sql_set_enabled(tx, WEBHOOK, 0, NULL);
}

static JobRun *take_it(Site *site)
{
    DeskTurn turn = {.most = 1};

    check_ok(desk_turn(site->webhooks->queue, STR("tester"), &site->arena, &turn));
    assert_int_equal(turn.taken_count, 1);
    return run_create(site->webhooks->queue, &turn.taken[0]);
}

static void *do_it(void *context)
{
    JobRun *run = context;

    run->result = webhooks_deliver(run);
    return NULL;
}

/* Whoever has the writer's turn lets the other look, and not write. */
static void enable_and_replay_beside(Site *site, JobRun *run)
{
    static const struct timespec WHILE = {.tv_nsec = 300000000};
    AUTO_ROLLBACK Tx *tx = NULL;

    check_ok(sql_begin(site->webhooks->sql, &tx));
    pthread_t doing = thread_start("do", do_it, run);
    (void)nanosleep(&WHILE, NULL);
    check_ok(webhooks_sql_set_enabled(tx, WEBHOOK, 1, NULL));
    check_ok(ask_for_it(site, tx));
    check_ok(sql_commit(&tx));
    thread_join(doing);
}

static WebhooksSqlListDeliveries delivery(Site *site)
{
    WebhooksSqlListDeliveries *rows;
    size_t count;

    check_ok(webhooks_sql_list_deliveries(site->webhooks->sql, NULL, &site->arena, WEBHOOK, STR(""), STR(""),
                                          2, &rows, &count));
    assert_int_equal(count, 1);
    return rows[0];
}

static void what_is_replayed_while_it_is_left_is_tried(void **state)
{
    Site site;

    (void)state;
    open_site(&site);
    check_ok(sql_transact(site.webhooks->sql, add_one, &site));
    check_ok(sql_transact(site.webhooks->sql, switch_off, NULL));
    JobRun *run = take_it(&site);
    enable_and_replay_beside(&site, run);
    check_text(delivery(&site).state, "waiting");
    assert_int_equal(delivery(&site).tries, 1);
    assert_int_equal(run->result.code, UNAVAILABLE);
    run_destroy(run);
    close_site(&site);
}

/* ---- one that hangs */

/* A site with a delivery to an endpoint that takes connections, and is silent. */
static int open_site_that_hangs(Site *site)
{
    int port, hanging = silent_listen(&port);

    open_site(site);
    (void)snprintf(site->url, sizeof site->url, "http://127.0.0.1:%d/", port);
    check_ok(sql_transact(site->webhooks->sql, add_one, site));
    return hanging;
}

/* Until a post to it is under way. The connection stays open: it is silent, not gone. */
static int wait_for_post(int hanging)
{
    int connection = accept(hanging, NULL, NULL);

    assert_true(connection >= 0);
    return connection;
}

static void what_is_replayed_while_its_last_try_fails_is_tried_again(void **state)
{
    Site site;

    (void)state;
    int hanging = open_site_that_hangs(&site);
    JobRun *last = take_it(&site);
    last->hold.attempt = WEBHOOK_RETRY.most_attempts;
    pthread_t doing = thread_start("do", do_it, last);
    int connection = wait_for_post(hanging);
    check_ok(sql_transact(site.webhooks->sql, ask_for_it, &site));
    (void)close(connection);
    (void)close(hanging);
    thread_join(doing);
    check_text(delivery(&site).state, "waiting");
    assert_int_equal(delivery(&site).tries, 1);
    check_ok(last->result);
    JobRun *next = take_it(&site);
    assert_int_equal(job_attempt(next), 1);
    run_destroy(next);
    run_destroy(last);
    close_site(&site);
}

static Err has_hung(void *context, Tx *tx)
{
    (void)context;
    return webhooks_sql_rest(tx, WEBHOOK, 0, 1, RESTED_US, NULL);
}

static void a_post_is_broken_off_when_its_worker_stops_and_was_none(void **state)
{
    WebhooksSqlEndpoint webhook;
    bool found;
    Site site;

    (void)state;
    int hanging = open_site_that_hangs(&site);
    check_ok(sql_transact(site.webhooks->sql, has_hung, NULL));
    JobRun *run = take_it(&site);
    pthread_t doing = thread_start("do", do_it, run);
    int connection = wait_for_post(hanging);
    atomic_store(&run->stop, JOB_LOST);
    thread_join(doing);
    check_err(run->result, UNAVAILABLE, "broken off"); /* not: it took too long */
    assert_true(run_end(run).put_back_us != 0);
    check_text(delivery(&site).state, "waiting");
    assert_int_equal(delivery(&site).tries, 0);
    check_ok(webhooks_sql_get(site.webhooks->sql, NULL, &site.arena, WEBHOOK, &webhook, &found));
    assert_int_equal(webhook.resting_until_us, RESTED_US); /* the next has its turn after the rest */
    run_destroy(run);
    (void)close(connection);
    (void)close(hanging);
    close_site(&site);
}

static Err add_another(void *context, Tx *tx)
{
    Site *site = context;
    Str event_id = id_new(&site->arena, clock_system());

    TRY(webhooks_sql_add_message(tx, event_id, STR("nerdx.a"), STR("{}"), webhooks_now_us(site->webhooks),
                                 NULL));
    return webhook_send(site->webhooks, tx, &site->arena, WEBHOOK, event_id);
}

static JobRun *add_and_take_another(Site *site)
{
    check_ok(sql_transact(site->webhooks->sql, add_another, site));
    return take_it(site);
}

static void check_was_put_off(Site *site, JobRun *run)
{
    check_ok(run->result);
    assert_true(run->put_back_us > webhooks_now_us(site->webhooks));
    run_destroy(run);
}

static void one_that_hangs_holds_one_thread(void **state)
{
    Site site;

    (void)state;
    int hanging = open_site_that_hangs(&site);
    JobRun *first = take_it(&site), *second = add_and_take_another(&site);
    pthread_t doing = thread_start("do", do_it, first);
    int connection = wait_for_post(hanging);
    (void)do_it(second); /* it begins, and gives way */
    check_was_put_off(&site, second);
    JobRun *third = add_and_take_another(&site);
    (void)do_it(third); /* it doesn't begin */
    check_was_put_off(&site, third);
    atomic_store(&first->stop, JOB_LOST);
    thread_join(doing);
    run_destroy(first);
    (void)close(connection);
    (void)close(hanging);
    close_site(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_replayed_while_it_is_left_is_tried),
        cmocka_unit_test(what_is_replayed_while_its_last_try_fails_is_tried_again),
        cmocka_unit_test(a_post_is_broken_off_when_its_worker_stops_and_was_none),
        cmocka_unit_test(one_that_hangs_holds_one_thread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
