/* Rows of an answer: as CSV, which a spreadsheet may open, and as lines of JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "service.h"

static Str row_text(Arena *arena, RowForm form, const Cells *row)
{
    RowWriter rows = {.form = form};

    buf_init(&rows.out, arena, 64);
    assert_int_equal(torture_list_row(&rows, row).code, NO_ERROR);
    return buf_str(&rows.out);
}

static void a_text_in_csv_is_quoted_where_it_must_be_and_never_a_formula(void **state)
{
    AUTO_ARENA Arena arena = {0};
    static const struct {
        const char *text;
        const char *cell;
    } CASES[] = {
        {"plain", "plain"},       {"a,b", "\"a,b\""},  {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"a\r\nb", "\"a\r\nb\""}, {"", "\"\""},        {"=1+1", "\"'=1+1\""},
        {"+1", "\"'+1\""},        {"-1", "\"'-1\""},   {"@sum", "\"'@sum\""},
        {"\tx", "\"'\tx\""},      {"\rx", "\"'\rx\""}, {"\nx", "\"'\nx\""},
        {"＝1", "\"'＝1\""},      {"1-1=0", "1-1=0"},  {"=a\"b", "\"'=a\"\"b\""},
        {"막걸리", "막걸리"},
    };

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const Cells row = {.text = str_from(CASES[i].text), .number = 7};
        Str line = row_text(&arena, ROWS_CSV, &row);
        assert_string_equal(line.data, str_c(&arena, str_format(&arena, "%s,7,,,,\r\n", CASES[i].cell)));
    }
}

static void a_row_has_what_is_there_in_the_contracts_order(void **state)
{
    AUTO_ARENA Arena arena = {0};
    const Cells row = {.text = STR("=a"),
                       .number = 7,
                       .maybe = STR("b"),
                       .has_ratio = true,
                       .ratio = -0.5,
                       .has_flag = true,
                       .has_size = true,
                       .size = CELLS_SIZE_M};
    const Cells least = {.text = STR("a"), .number = 0};
    RowWriter rows = {.form = ROWS_CSV};

    (void)state;
    arena_init(&arena);
    buf_init(&rows.out, &arena, 64);
    row_writer_begin(&rows, &CELLS_SHAPE);
    assert_string_equal(buf_str(&rows.out).data, "text,number,maybe,ratio,flag,size\r\n");
    assert_string_equal(row_text(&arena, ROWS_CSV, &row).data, "\"'=a\",7,b,-0.5,false,m\r\n");
    assert_string_equal(
        row_text(&arena, ROWS_NDJSON, &row).data,
        "{\"text\":\"=a\",\"number\":7,\"maybe\":\"b\",\"ratio\":-0.5,\"flag\":false,\"size\":\"m\"}\n");
    assert_string_equal(row_text(&arena, ROWS_NDJSON, &least).data, "{\"text\":\"a\",\"number\":0}\n");
}

static void a_row_that_breaks_the_contract_is_not_written(void **state)
{
    AUTO_ARENA Arena arena = {0};
    const Cells row = {.text = STR("a"), .number = -1};
    RowWriter rows = {.form = ROWS_CSV};

    (void)state;
    arena_init(&arena);
    buf_init(&rows.out, &arena, 64);
    assert_int_equal(torture_list_row(&rows, &row).code, INTERNAL);
    assert_int_equal(rows.out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_in_csv_is_quoted_where_it_must_be_and_never_a_formula),
        cmocka_unit_test(a_row_has_what_is_there_in_the_contracts_order),
        cmocka_unit_test(a_row_that_breaks_the_contract_is_not_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
