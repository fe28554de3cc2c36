/* A visitor's day as bytes: sorted, each event once, with what is known of it. */
#include "services/analytics/row.h"

#include "check.h"

static RowEvent event(uint8_t number, const char *details)
{
    return (RowEvent){.id = {0, 0, 0, 0, 0, number}, .code = number, .details = str_from(details)};
}

static Row with(Arena *arena, Row old, const RowEvent *events, size_t count, size_t added)
{
    size_t found;
    Row row;

    check_ok(row_merge(arena, old, events, count, &row, &found));
    assert_int_equal(found, added);
    return row;
}

static void events_are_sorted_and_each_is_there_once_with_its_details(void **state)
{
    AUTO_ARENA Arena arena = {0};
    const RowEvent first[] = {event(2, "{\"a\":1}"), event(2, "again"), event(5, "")};
    const RowEvent then[] = {event(1, "x"), event(2, "other"), event(4, "y"), event(9, "")};
    Row row = {STR(""), STR("")};

    (void)state;
    arena_init(&arena);
    row = with(&arena, row, first, COUNT(first), 2);
    row = with(&arena, row, then, COUNT(then), 3);
    check_text(row.details, "x\n{\"a\":1}\ny\n\n\n");
    assert_int_equal(row_count(row.events.len), 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(event_id_ms((const uint8_t *)row.events.data + i * EVENT_BYTES),
                         ((int[]){1, 2, 4, 5, 9})[i]);
    Row same = with(&arena, row, then, COUNT(then), 0);
    assert_true(str_equal(same.events, row.events));
    assert_true(str_equal(same.details, row.details));
}

static void a_damaged_row_is_told(void **state)
{
    AUTO_ARENA Arena arena = {0};
    size_t added;
    Row row;

    (void)state;
    arena_init(&arena);
    check_err(row_merge(&arena, (Row){STR("half"), STR("")}, NULL, 0, &row, &added), INTERNAL, "damaged");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_sorted_and_each_is_there_once_with_its_details),
        cmocka_unit_test(a_damaged_row_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
