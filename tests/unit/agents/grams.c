/* Letters in a row weigh what the table says, wherever they stand and however often; a table that isn't one is refused. */
#include "services/agents/guards/grams.h"

#include <math.h>

#include "check.h"

enum { BUCKETS = 1 << 16, OUTCOMES = 2, PARTS = 10, HEAD = 20, LEN = HEAD + BUCKETS * OUTCOMES };

typedef struct Table {
    Arena arena;
    char *bytes;
} Table;

static void put_number(char *at, uint32_t number)
{
    for (size_t i = 0; i < 4; i++)
        at[i] = (char)(number >> 8 * i & 0xFF);
}

/* Of weights that are all the same for the first outcome, and nothing for the other. */
static void fill(char *bytes, int8_t weight)
{
    memcpy(bytes, "NXGRAMS1", 8);
    put_number(bytes + 8, BUCKETS);
    put_number(bytes + 12, OUTCOMES);
    put_number(bytes + 16, PARTS);
    for (size_t i = 0; i < BUCKETS; i++) {
        bytes[HEAD + OUTCOMES * i] = (char)weight;
        bytes[HEAD + OUTCOMES * i + 1] = 0;
    }
}

static int make(void **state)
{
    Table *table = test_calloc(1, sizeof *table);

    arena_init(&table->arena);
    table->bytes = arena_alloc(&table->arena, LEN);
    fill(table->bytes, 0);
    *state = table;
    return 0;
}

static int unmake(void **state)
{
    Table *table = *state;

    arena_finish(&table->arena);
    test_free(table);
    return 0;
}

static double odds_of(Table *table, GramsOf of, const char *const *texts, size_t count)
{
    Wording wordings[2];
    double odds[OUTCOMES] = {0};
    Grams grams;

    check_ok(grams_read((Str){table->bytes, LEN}, OUTCOMES, &grams));
    for (size_t i = 0; i < count; i++)
        wording_of(&table->arena, str_from(texts[i]), &wordings[i]);
    grams_add(&grams, &table->arena, of, wordings, count, 6, odds);
    assert_true(odds[1] == 0);
    return odds[0];
}

static double odds_of_one(Table *table, GramsOf of, const char *text)
{
    return odds_of(table, of, &text, 1);
}

/* How many grams a text has: where all weigh 1 (of PARTS), they weigh 6 / PARTS * n / sqrt(n + 1) together. */
static void check_count(double odds, size_t count)
{
    const double n = (double)count;

    assert_true(fabs(odds - 6.0 / (double)PARTS * n / sqrt(n + 1)) < 1e-9);
}

static void letters_in_a_row_count_once_with_words_and_what_is_before_them(void **state)
{
    static const char *const SAID[] = {"쌀술", "쌀술"};
    Table *table = *state;

    fill(table->bytes, 1);
    check_count(odds_of_one(table, GRAMS_OF_MESSAGE, "술"), 3);
    check_count(odds_of_one(table, GRAMS_OF_MESSAGE, "쌀술 한 잔"), 24);
    check_count(odds_of_one(table, GRAMS_OF_EARLIER, "rice, wine!"), 36);
    check_count(odds_of(table, GRAMS_OF_EARLIER, SAID, 2), 6);
    check_count(odds_of_one(table, GRAMS_OF_MESSAGE, "술 술"), 8);
    check_count(odds_of_one(table, GRAMS_OF_MESSAGE, " ?!"), 0);
    check_count(odds_of_one(table, GRAMS_OF_MESSAGE, ""), 0);
}

/* The buckets are those of tools/signs/learn.py (tests/tools/test_signs.py). */
static void what_was_said_before_weighs_on_its_own(void **state)
{
    static const uint32_t OF_WORD[] = {62150, 29457, 38040}; /* " 술", "술 ", " 술 " */
    Table *table = *state;

    for (size_t i = 0; i < 3; i++)
        table->bytes[HEAD + OUTCOMES * OF_WORD[i]] = -4;
    assert_true(fabs(odds_of_one(table, GRAMS_OF_MESSAGE, "술") - 6.0 / (double)PARTS * -4 * 3 / sqrt(4)) <
                1e-9);
    assert_true(odds_of_one(table, GRAMS_OF_EARLIER, "술") == 0);
}

static void a_long_text_is_looked_at_to_its_end(void **state)
{
    enum { LENGTH = 60000 };
    Table *table = *state;
    char *text = arena_alloc(&table->arena, LENGTH + 4);

    for (size_t i = 0; i < LENGTH; i++)
        text[i] = (char)(i % 7 == 6 ? ' ' : 'a' + (i * i / 5 + i / 31) % 26);
    memcpy(text + LENGTH, "술", 4);
    table->bytes[HEAD + OUTCOMES * 29457] = 1; /* "술 " */
    assert_true(odds_of_one(table, GRAMS_OF_MESSAGE, text) > 0);
}

static void a_table_that_is_none_is_refused(void **state)
{
    Table *table = *state;
    Grams grams;

    check_err(grams_read(STR(""), OUTCOMES, &grams), INVALID, "NXGRAMS1");
    check_err(grams_read((Str){table->bytes, HEAD - 1}, OUTCOMES, &grams), INVALID, "NXGRAMS1");
    check_err(grams_read((Str){table->bytes, LEN - 1}, OUTCOMES, &grams), INVALID, "bytes of weights");
    check_err(grams_read((Str){table->bytes, LEN}, OUTCOMES + 1, &grams), INVALID,
              "2 outcomes, weights.tsv for 3");
    table->bytes[8] = 3;
    check_err(grams_read((Str){table->bytes, LEN}, OUTCOMES, &grams), INVALID, "power of two");
    put_number(table->bytes + 8, (uint32_t)1 << 31);
    check_err(grams_read((Str){table->bytes, LEN}, OUTCOMES, &grams), INVALID, "power of two");
    put_number(table->bytes + 8, BUCKETS);
    put_number(table->bytes + 16, 0);
    check_err(grams_read((Str){table->bytes, LEN}, OUTCOMES, &grams), INVALID, "0 parts");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(letters_in_a_row_count_once_with_words_and_what_is_before_them, make,
                                        unmake),
        cmocka_unit_test_setup_teardown(what_was_said_before_weighs_on_its_own, make, unmake),
        cmocka_unit_test_setup_teardown(a_long_text_is_looked_at_to_its_end, make, unmake),
        cmocka_unit_test_setup_teardown(a_table_that_is_none_is_refused, make, unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
