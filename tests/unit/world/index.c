#include "check.h"
#include "services/world/index.h"

static const char *const TEXTS[] = {"rice wine", "wine of the wine cellar", "a jar", "rice rice rice rice"};

static Index *make_index(Arena *arena)
{
    Index *index = index_create();

    for (size_t i = 0; i < COUNT(TEXTS); i++)
        index_add(index, (uint32_t)i, INDEX_TEXT, analyse(arena, str_from(TEXTS[i])));
    index_add(index, 4, INDEX_NAME, analyse(arena, STR("jar")));
    index_seal(index, 5);
    return index;
}

static void a_term_knows_its_documents_in_order(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Index *index;
    Postings rice;

    (void)state;
    arena_init(&arena);
    index = make_index(&arena);
    rice = index_find(index, STR("rice"));
    assert_int_equal(rice.count, 2);
    assert_int_equal(rice.items[0].document, 0);
    assert_int_equal(rice.items[1].document, 3);
    assert_null(postings_of(rice, 2));
    assert_int_equal(index_find(index, STR("beer")).count, 0);
    index_destroy(index);
}

static void rare_words_repeated_words_and_names_weigh_more(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Index *index;
    Postings jar;
    Postings rice;

    (void)state;
    arena_init(&arena);
    index = make_index(&arena);
    rice = index_find(index, STR("rice"));
    jar = index_find(index, STR("jar"));
    assert_true(index_rarest(index) > rice.idf);
    assert_true(rice.items[1].score > rice.items[0].score);
    assert_true(postings_of(jar, 4)->score > postings_of(jar, 2)->score);
    assert_true((double)postings_of(jar, 4)->score < jar.idf * INDEX_MAX_GAIN);
    index_destroy(index);
}

static void an_empty_index_finds_nothing(void **state)
{
    Index *index = index_create();

    (void)state;
    index_seal(index, 0);
    assert_int_equal(index_find(index, STR("rice")).count, 0);
    index_destroy(index);
    index_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_term_knows_its_documents_in_order),
        cmocka_unit_test(rare_words_repeated_words_and_names_weigh_more),
        cmocka_unit_test(an_empty_index_finds_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
