#include "check.h"
#include "services/world/rows.h"

enum { TALKS = 3, TURNS = 8, DOCUMENTS = TALKS * TURNS };

static const char *const ABOUT[TALKS] = {"rice wine from the old village", "boats sailing around islands",
                                         "painting portraits of horses"};

typedef struct Fixture {
    Arena arena;
    RowPlace places[DOCUMENTS];
} Fixture;

/* Turns of talks, each about its own; or, mixed, each about another thing than its neighbours. */
static Index *make_index(Fixture *f, bool mixed)
{
    Index *index = index_create();

    for (size_t i = 0; i < DOCUMENTS; i++) {
        size_t about = mixed ? (i * 7 + i / 3) % TALKS : i / TURNS;
        IndexText text = {INDEX_TEXT, analyse(&f->arena, str_from(ABOUT[about]))};

        f->places[i] = row_place_of_id(str_format(&f->arena, "talk-%zu/%zu", i / TURNS, i % TURNS));
        index_add(index, (uint32_t)i, &text, 1);
    }
    index_seal(index);
    return index;
}

static void an_id_that_ends_in_a_number_says_where_it_stands(void **state)
{
    RowPlace place = row_place_of_id(STR("talk-7/D1:012"));

    (void)state;
    check_text(place.group, "talk-7/D1:");
    assert_int_equal(place.number, 12);
    check_text(row_place_of_id(STR("17")).group, "");
    assert_null(row_place_of_id(STR("icheon-rice")).group.data);
    assert_null(row_place_of_id(STR("order-20261123120000")).group.data);
}

static void neighbours_lend_their_words_and_less_the_farther_they_are(void **state)
{
    Fixture f = {.arena = {0}};
    RowNeighbour around[2 * ROW_REACH];
    Index *index;
    Rows rows;

    (void)state;
    arena_init(&f.arena);
    index = make_index(&f, false);
    rows = rows_make(f.places, DOCUMENTS, index);
    assert_non_null(rows.at);
    assert_int_equal(rows_around(&rows, index, 4, around), 6);
    assert_int_equal(around[0].document, 3);
    assert_true(around[0].takes > around[1].takes && around[1].takes > around[2].takes);
    assert_int_equal(around[3].document, 5);
    assert_true(around[3].gives == around[0].takes);
    assert_int_equal(rows_around(&rows, index, TURNS, around), ROW_REACH);
    rows_finish(&rows);
    index_destroy(index);
    arena_finish(&f.arena);
}

static void numbers_of_things_that_have_nothing_in_common_make_no_row(void **state)
{
    Fixture f = {.arena = {0}};
    RowNeighbour around[2 * ROW_REACH];
    Index *index;
    Rows rows;

    (void)state;
    arena_init(&f.arena);
    index = make_index(&f, true);
    rows = rows_make(f.places, DOCUMENTS, index);
    assert_int_equal(rows_around(&rows, index, 4, around), 0);
    rows_finish(&rows);
    index_destroy(index);
    arena_finish(&f.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_that_ends_in_a_number_says_where_it_stands),
        cmocka_unit_test(neighbours_lend_their_words_and_less_the_farther_they_are),
        cmocka_unit_test(numbers_of_things_that_have_nothing_in_common_make_no_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
