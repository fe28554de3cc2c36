#include "check.h"
#include "base/buf.h"
#include "services/world/ingest/csv_row.h"

static void cells_are_cut_at_commas_outside_quotes(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CsvRow row;

    (void)state;
    arena_init(&arena);
    check_ok(csv_split(&arena, STR("a,\"b, \"\"c\"\"\nd\",,\"\",막걸리"), &row));
    assert_int_equal(row.count, 5);
    check_text(row.cells[0], "a");
    check_text(row.cells[1], "b, \"c\"\nd");
    check_text(row.cells[2], "");
    check_text(row.cells[3], "");
    check_text(row.cells[4], "막걸리");
}

static void a_comma_at_the_end_makes_an_empty_cell(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CsvRow row;

    (void)state;
    arena_init(&arena);
    check_ok(csv_split(&arena, STR("a,"), &row));
    assert_int_equal(row.count, 2);
    check_text(row.cells[1], "");
}

static void a_record_that_can_not_be_cut_says_why(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf many = {.arena = &arena};
    CsvRow row;

    (void)state;
    arena_init(&arena);
    for (int i = 0; i < CSV_MAX_COLUMNS; i++)
        buf_put_char(&many, ',');
    check_err(csv_split(&arena, STR("a,\"b"), &row), INVALID, "closing quote is missing");
    check_err(csv_split(&arena, STR("\"a\"b,c"), &row), INVALID, "a comma is expected");
    check_err(csv_split(&arena, buf_str(&many), &row), INVALID, "more than 256 columns");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_cut_at_commas_outside_quotes),
        cmocka_unit_test(a_comma_at_the_end_makes_an_empty_cell),
        cmocka_unit_test(a_record_that_can_not_be_cut_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
