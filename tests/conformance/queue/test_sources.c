/* What was told where the queue's database isn't: it is taken over in its order, once, and dropped there. */
#include "fixture.h"

#include "base/random.h"

static const EventType TOLD = {STR("nerdx.test.thing.told.v1"), STR("urn:nerdx:test"), STR("urn:s"), NULL};
static const EventType OTHER = {STR("nerdx.test.other.v1"), STR("urn:nerdx:test"), STR("urn:s"), NULL};

enum { MOST_TOLD = 2000 };

/* A store that isn't the queue's, and a consumer that leaves the data of what it hears behind, once. */
typedef struct Shop {
    Bench *bench;
    EventTold told[MOST_TOLD];
    size_t first, count;
    bool is_away;
    bool fails_to_drop;
    bool is_unwanted;
} Shop;

static Err list(void *context, Arena *arena, size_t most, EventTold **out, size_t *count, int64_t *last)
{
    const Shop *shop = context;
    size_t there = shop->count - shop->first;

    if (shop->is_away)
        return err(UNAVAILABLE, "it is away");
    *count = there < most ? there : most;
    *out = arena_array(arena, EventTold, *count);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] = shop->told[shop->first + i];
    *last = *count > 0 ? (*out)[*count - 1].number : 0;
    return OK;
}

static Err drop(void *context, int64_t number)
{
    Shop *shop = context;

    if (shop->fails_to_drop)
        return err(UNAVAILABLE, "it fell before that");
    while (shop->first < shop->count && shop->told[shop->first].number <= number)
        shop->first++;
    return OK;
}

typedef struct Hearing {
    Arena *arena;
    const EventGot *event;
} Hearing;

static Err leave_data(void *context, Tx *tx)
{
    const Hearing *hearing = context;
    const EventGot *event = hearing->event;
    bool is_first;

    TRY(event_take_once(tx, "shop", event, &is_first));
    return is_first ? effects_sql_add(tx, event->event_id, event->subject, event->data, NULL) : OK;
}

static Err hear(void *context, Arena *arena, const EventGot *event)
{
    const Shop *shop = context;
    Hearing hearing = {arena, event};

    return sql_transact(shop->bench->sql, leave_data, &hearing);
}

static Err wants(void *context, Arena *arena, Str type, bool *out)
{
    const Shop *shop = context;

    (void)arena;
    *out = !shop->is_unwanted && str_equal(type, TOLD.name);
    return OK;
}

static void tell(Shop *shop, const EventType *type, const char *subject, const char *data)
{
    Arena *arena = &shop->bench->arena;
    int64_t number = START_US + (int64_t)shop->count;

    shop->told[shop->count++] =
        (EventTold){.event = {type, str_from(subject), str_copy(arena, str_from(data))},
                    .event_id = id_of_moment(arena, number),
                    .number = number,
                    .traceparent = STR("")};
}

static const BenchKinds BENCH_KINDS = {NULL, 0};

static int open_shop(void **state)
{
    static const char *const EVERYTHING[] = {"nerdx.*", NULL};
    Shop *shop;

    (void)bench_begin(state);
    shop = arena_new(&((Bench *)*state)->arena, Shop);
    shop->bench = *state;
    queue_take_from(shop->bench->queue, &(EventSource){list, drop, shop});
    check_ok(queue_subscribe(
        shop->bench->queue,
        &(EventConsumer){
            .name = "shop", .types = EVERYTHING, .hear = hear, .wants = wants, .context = shop}));
    *state = shop;
    return 0;
}

static int close_shop(void **state)
{
    *state = ((Shop *)*state)->bench;
    return bench_end(state);
}

#define shop_test(f) bench_test_within(f, open_shop, close_shop)

/* ---- */

static void what_was_told_elsewhere_is_heard_in_its_order_and_dropped_there(void **state)
{
    Shop *shop = *state;

    tell(shop, &TOLD, "s", "1");
    tell(shop, &TOLD, "t", "2");
    tell(shop, &TOLD, "s", "3");
    run_all(shop->bench);
    check_text(left_behind(shop->bench), "1 2 3");
    assert_int_equal(shop->first, 3);
}

static void a_crash_before_it_is_dropped_loses_and_doubles_nothing(void **state)
{
    Shop *shop = *state;

    shop->fails_to_drop = true;
    tell(shop, &TOLD, "s", "1");
    run_all(shop->bench);
    tell(shop, &TOLD, "s", "2");
    run_all(shop->bench);
    assert_int_equal(shop->first, 0);
    shop->fails_to_drop = false;
    run_all(shop->bench);
    assert_int_equal(shop->first, 2);
    check_text(left_behind(shop->bench), "1 2");
}

static void while_the_source_is_away_what_is_here_goes_on(void **state)
{
    Shop *shop = *state;
    AUTO_ROLLBACK Tx *tx = NULL;

    tell(shop, &TOLD, "s", "1");
    shop->is_away = true;
    check_ok(sql_begin(shop->bench->sql, &tx));
    check_ok(
        event_emit(shop->bench->queue, tx, &shop->bench->arena, &(EventNew){&TOLD, STR("own"), STR("2")}));
    check_ok(sql_commit(&tx));
    run_all(shop->bench);
    check_text(left_behind(shop->bench), "2");
    shop->is_away = false;
    run_all(shop->bench);
    check_text(left_behind(shop->bench), "2 1");
}

static void what_nobody_wants_is_dropped_and_not_taken_over(void **state)
{
    Shop *shop = *state;

    tell(shop, &OTHER, "s", "1");
    tell(shop, &TOLD, "s", "2");
    assert_int_equal(run_all(shop->bench), 1);
    check_text(left_behind(shop->bench), "2");
    shop->is_unwanted = true;
    tell(shop, &TOLD, "s", "3");
    assert_int_equal(run_all(shop->bench), 0);
    assert_int_equal(shop->first, 3);
}

static void more_than_a_round_takes_is_taken_over_in_rounds(void **state)
{
    Shop *shop = *state;

    for (int i = 0; i < MOST_TOLD; i++)
        tell(shop, i % 500 == 0 ? &TOLD : &OTHER, "s", "1");
    run_all(shop->bench);
    check_text(left_behind(shop->bench), "1 1 1 1");
    assert_int_equal(shop->first, MOST_TOLD);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        shop_test(what_was_told_elsewhere_is_heard_in_its_order_and_dropped_there),
        shop_test(a_crash_before_it_is_dropped_loses_and_doubles_nothing),
        shop_test(while_the_source_is_away_what_is_here_goes_on),
        shop_test(what_nobody_wants_is_dropped_and_not_taken_over),
        shop_test(more_than_a_round_takes_is_taken_over_in_rounds),
    };

    bench_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
