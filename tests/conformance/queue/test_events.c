/* What telling and hearing events promises, step by step. */
#include "fixture.h"

#include <string.h>

#include "base/json.h"
#include "base/random.h"

static const EventType TOLD = {STR("nerdx.test.thing.told.v1"), STR("urn:nerdx:test"), STR("urn:s"), NULL};
static const EventType OTHER = {STR("nerdx.test.other.v1"), STR("urn:nerdx:test"), STR("urn:s"), NULL};

/* A consumer of these tests: what it hears it leaves behind as "NAME:DATA", once. */
typedef struct Hearer {
    const char *name;
    Sql *sql;
    ErrCode fails_first; /* of what has the data "bad": after its effect, once */
    ErrCode fails;       /* of the same: always, before */
    int heard;
    char last[1024];
} Hearer;

typedef struct Hearing {
    const Hearer *hearer;
    Arena *arena;
    const EventGot *event;
} Hearing;

static Err leave_once(void *context, Tx *tx)
{
    const Hearing *hearing = context;
    const char *name = hearing->hearer->name;
    Str text = str_format(hearing->arena, "%s:%.*s", name, STR_ARG(hearing->event->data));
    bool is_first;

    TRY(event_take_once(tx, name, hearing->event, &is_first));
    return is_first ? effects_sql_add(tx, hearing->event->event_id, str_from(name), text, NULL) : OK;
}

static Err hear(void *context, Arena *arena, const EventGot *event)
{
    Hearer *hearer = context;
    Hearing hearing = {hearer, arena, event};
    bool is_bad = str_equal(event->data, STR("\"bad\""));

    hearer->heard++;
    (void)snprintf(hearer->last, sizeof hearer->last, "%.*s", STR_ARG(event->whole));
    if (is_bad && hearer->fails != NO_ERROR)
        return err(hearer->fails, "it is bad");
    TRY(sql_transact(hearer->sql, leave_once, &hearing));
    return is_bad && hearer->fails_first != NO_ERROR && hearer->heard == 1
               ? err(hearer->fails_first, "too late")
               : OK;
}

static const char *const EVERYTHING[] = {"nerdx.*", NULL};
static const char *const TOLD_ONLY[] = {"nerdx.test.thing.told.v1", NULL};

static void subscribe(Bench *bench, Hearer *hearer, const char *const *types)
{
    if (hearer->sql == NULL)
        hearer->sql = bench->sql;
    check_ok(queue_subscribe(bench->queue, &(EventConsumer){.name = hearer->name,
                                                            .types = types,
                                                            .hear = hear,
                                                            .context = hearer,
                                                            .retry = &JOB_RETRY_THREE}));
}

static void tell_type(Bench *bench, const EventType *type, const char *subject, const char *data)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    check_ok(sql_begin(bench->sql, &tx));
    check_ok(
        event_emit(bench->queue, tx, &bench->arena, &(EventNew){type, str_from(subject), str_from(data)}));
    check_ok(sql_commit(&tx));
}

static void tell(Bench *bench, const char *subject, const char *data)
{
    tell_type(bench, &TOLD, subject, data);
}

static const BenchKinds BENCH_KINDS = {NULL, 0};

/* ---- */

static void an_event_is_heard_exactly_when_its_transaction_was_committed(void **state)
{
    Bench *bench = *state;
    Hearer one = {.name = "one"};
    Tx *tx = NULL;

    subscribe(bench, &one, EVERYTHING);
    check_ok(sql_begin(bench->sql, &tx));
    check_ok(event_emit(bench->queue, tx, &bench->arena, &(EventNew){&TOLD, STR("s"), STR("0")}));
    sql_rollback(&tx);
    tell(bench, "s", "1");
    assert_int_equal(run_all(bench), 1);
    check_text(left_behind(bench), "one:1");
}

static void each_hears_what_it_has_subscribed_to(void **state)
{
    Bench *bench = *state;
    Hearer all = {.name = "all"}, told = {.name = "told"};

    subscribe(bench, &all, EVERYTHING);
    subscribe(bench, &told, TOLD_ONLY);
    tell_type(bench, &OTHER, "s", "1");
    run_all(bench);
    tell(bench, "s", "2");
    run_all(bench);
    assert_int_equal(all.heard, 2);
    assert_int_equal(told.heard, 1);
}

static void what_is_heard_is_a_cloud_event(void **state)
{
    static const char *const ATTRIBUTES[][2] = {
        {"specversion", "1.0"}, {"type", "nerdx.test.thing.told.v1"}, {"source", "urn:nerdx:test"},
        {"subject", "s"},       {"time", "2027-01-15T08:00:00Z"},     {"datacontenttype", "application/json"},
        {"dataschema", "urn:s"}};
    Bench *bench = *state;
    Hearer one = {.name = "one"};
    AUTO_JSON json_t *whole = NULL;

    subscribe(bench, &one, EVERYTHING);
    tell(bench, "s", "{\"n\":1}");
    run_all(bench);
    check_ok(json_read(str_from(one.last), &whole));
    for (size_t i = 0; i < sizeof ATTRIBUTES / sizeof *ATTRIBUTES; i++)
        check_text(json_str_at(whole, ATTRIBUTES[i][0]), ATTRIBUTES[i][1]);
    assert_int_equal(json_str_at(whole, "id").len, ID_TEXT - 1);
    check_text(json_text(&bench->arena, json_object_get(whole, "data")), "{\"n\":1}");
}

/* Whether somebody behind a consumer wants it now. */
typedef struct Wish {
    Hearer hearer; /* first: what hears is given it */
    ErrCode fails;
    bool is_there;
    int asked;
} Wish;

static Err wants(void *context, Arena *arena, Str type, bool *out)
{
    Wish *wish = context;

    (void)arena;
    check_text(type, "nerdx.test.thing.told.v1");
    wish->asked++;
    *out = wish->is_there;
    return wish->fails != NO_ERROR ? err(wish->fails, "it can't be asked") : OK;
}

static void subscribe_wish(Bench *bench, Wish *wish)
{
    wish->hearer = (Hearer){.name = "wish", .sql = bench->sql};
    check_ok(queue_subscribe(
        bench->queue,
        &(EventConsumer){
            .name = "wish", .types = EVERYTHING, .hear = hear, .wants = wants, .context = &wish->hearer}));
}

static void what_nobody_wants_is_not_delivered_and_each_type_is_asked_after_once(void **state)
{
    Bench *bench = *state;
    Wish wish = {.is_there = false};

    subscribe_wish(bench, &wish);
    tell(bench, "s", "1");
    tell(bench, "s", "2");
    assert_int_equal(run_all(bench), 0);
    assert_int_equal(wish.asked, 1);
    wish.is_there = true;
    tell(bench, "s", "3");
    assert_int_equal(run_all(bench), 1);
    check_text(left_behind(bench), "wish:3");
}

static void who_cannot_be_asked_is_told(void **state)
{
    Bench *bench = *state;
    Wish wish = {.fails = UNAVAILABLE};

    subscribe_wish(bench, &wish);
    tell(bench, "s", "1");
    assert_int_equal(run_all(bench), 1);
    check_text(left_behind(bench), "wish:1");
}

/* A node whose clock is behind tells the next one. */
static void those_of_a_subject_are_heard_in_their_order_whatever_clocks_say(void **state)
{
    Bench *bench = *state;
    Hearer one = {.name = "one"};

    subscribe(bench, &one, EVERYTHING);
    tell(bench, "s", "1");
    manual_clock_set_wall(&bench->clock, START_US - 3600 * (int64_t)US_PER_S);
    tell(bench, "s", "2");
    manual_clock_set_wall(&bench->clock, START_US - 7200 * (int64_t)US_PER_S);
    tell(bench, "s", "3");
    manual_clock_set_wall(&bench->clock, START_US + US_PER_S);
    run_all(bench);
    check_text(left_behind(bench), "one:1 one:2 one:3");
}

static void one_that_fails_holds_up_its_subject_and_no_other(void **state)
{
    Bench *bench = *state;
    Hearer one = {.name = "one", .fails = UNAVAILABLE};

    subscribe(bench, &one, EVERYTHING);
    tell(bench, "s", "\"bad\"");
    tell(bench, "s", "2");
    tell(bench, "t", "3");
    run_all(bench);
    check_text(left_behind(bench), "one:3");
    for (int i = 0; i < 2; i++) { /* its second and third attempt */
        pass(bench, 60);
        run_all(bench);
    }
    check_text(left_behind(bench), "one:3 one:2");
}

static void one_that_is_dead_can_be_seen_and_tried_again(void **state)
{
    Bench *bench = *state;
    Hearer one = {.name = "one", .fails = UNPROCESSABLE};
    JobShown *dead;
    size_t count;

    subscribe(bench, &one, EVERYTHING);
    tell(bench, "s", "\"bad\"");
    run_all(bench);
    check_ok(queue_list(bench->queue, &bench->arena,
                        &(JobFilter){.state = STR("dead"), .kind = STR("event.one"), .most = 9}, &dead,
                        &count));
    assert_int_equal(count, 1);
    check_text(dead[0].outcome, "it is bad");
    one.fails = NO_ERROR;
    check_ok(queue_retry(bench->queue, &bench->arena, dead[0].job_id, NULL));
    run_all(bench);
    check_text(left_behind(bench), "one:\"bad\"");
}

/* In a database of its own, which is of another kind, perhaps: after the effect the delivery falls before it is ended. */
static void an_effect_elsewhere_happens_once_however_often_it_is_delivered(void **state)
{
    Bench *bench = *state;
    Hearer far = {.name = "far", .fails_first = UNAVAILABLE};
    char url[128];
    int64_t effects;

    (void)snprintf(url, sizeof url, "sqlite:%s/far.db", bench->folder);
    check_ok(sql_open(url, EFFECTS_SQL_MIGRATIONS, &far.sql));
    subscribe(bench, &far, EVERYTHING);
    tell(bench, "s", "\"bad\"");
    run_all(bench);
    pass(bench, 60);
    run_all(bench);
    assert_int_equal(far.heard, 2);
    check_ok(effects_sql_count_all(far.sql, NULL, &effects));
    assert_int_equal(effects, 1);
    sql_close(far.sql);
}

static void events_wait_until_somebody_subscribes(void **state)
{
    Bench *bench = *state;
    Hearer one = {.name = "one"};

    tell(bench, "s", "1");
    assert_int_equal(run_all(bench), 0);
    pass(bench, 30 * 86400);
    sweep(bench);
    subscribe(bench, &one, EVERYTHING);
    run_all(bench);
    check_text(left_behind(bench), "one:1");
}

static void what_is_for_a_consumer_of_another_process_waits_for_it(void **state)
{
    Bench *bench = *state;
    JobShown *ready;
    size_t count;

    check_ok(queue_subscribe(bench->queue, &(EventConsumer){.name = "elsewhere", .types = EVERYTHING}));
    tell(bench, "s", "1");
    assert_int_equal(run_all(bench), 0);
    check_ok(queue_list(bench->queue, &bench->arena, &(JobFilter){.kind = STR("event.elsewhere"), .most = 9},
                        &ready, &count));
    assert_int_equal(count, 1);
    check_text(ready[0].state, "ready");
}

static void what_is_old_is_thrown_away_and_told_anew_in_order(void **state)
{
    Bench *bench = *state;
    Hearer one = {.name = "one"};

    subscribe(bench, &one, EVERYTHING);
    tell(bench, "s", "1");
    run_all(bench);
    pass(bench, 60 * 86400);
    sweep(bench);
    tell(bench, "s", "2");
    run_all(bench);
    check_text(left_behind(bench), "one:1 one:2");
}

static void a_subject_that_is_too_long_is_refused(void **state)
{
    Bench *bench = *state;
    char *subject = arena_zalloc(&bench->arena, EVENT_SUBJECT_MAX + 2);
    AUTO_ROLLBACK Tx *tx = NULL;

    memset(subject, 's', EVENT_SUBJECT_MAX + 1);
    check_ok(sql_begin(bench->sql, &tx));
    check_err(event_emit(bench->queue, tx, &bench->arena, &(EventNew){&TOLD, str_from(subject), STR("1")}),
              TOO_LARGE, "129 bytes");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        bench_test(an_event_is_heard_exactly_when_its_transaction_was_committed),
        bench_test(each_hears_what_it_has_subscribed_to),
        bench_test(what_is_heard_is_a_cloud_event),
        bench_test(what_nobody_wants_is_not_delivered_and_each_type_is_asked_after_once),
        bench_test(who_cannot_be_asked_is_told),
        bench_test(those_of_a_subject_are_heard_in_their_order_whatever_clocks_say),
        bench_test(one_that_fails_holds_up_its_subject_and_no_other),
        bench_test(one_that_is_dead_can_be_seen_and_tried_again),
        bench_test(an_effect_elsewhere_happens_once_however_often_it_is_delivered),
        bench_test(events_wait_until_somebody_subscribes),
        bench_test(what_is_for_a_consumer_of_another_process_waits_for_it),
        bench_test(what_is_old_is_thrown_away_and_told_anew_in_order),
        bench_test(a_subject_that_is_too_long_is_refused),
    };

    bench_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
