#include "check.h"
#include "services/world/index.h"

static const char *const TEXTS[] = {"rice wine", "wine of the wine cellar", "a jar", "rice rice rice rice"};

static void add(Index *index, Arena *arena, uint32_t document, IndexField field, const char *text)
{
    IndexText texts[] = {{field, analyse(arena, str_from(text))}};

    index_add(index, document, texts, 1);
}

static Index *make_index(Arena *arena)
{
    Index *index = index_create();

    for (size_t i = 0; i < COUNT(TEXTS); i++)
        add(index, arena, (uint32_t)i, INDEX_TEXT, TEXTS[i]);
    add(index, arena, 4, INDEX_NAME, "jar");
    index_seal(index);
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
    rice = index_find(index, INDEX_WORD, STR("rice"));
    assert_int_equal(rice.count, 2);
    assert_int_equal(rice.items[0].document, 0);
    assert_int_equal(rice.items[1].document, 3);
    assert_true(postings_gain(rice, 2) == 0);
    assert_int_equal(index_find(index, INDEX_WORD, STR("beer")).count, 0);
    assert_int_equal(index_length(index, 1), 5);
    index_destroy(index);
}

static void repeated_words_and_names_weigh_more_and_rare_terms_tell_more(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Index *index;
    Postings jar;
    Postings rice;

    (void)state;
    arena_init(&arena);
    index = make_index(&arena);
    rice = index_find(index, INDEX_WORD, STR("rice"));
    jar = index_find(index, INDEX_WORD, STR("jar"));
    assert_true(rice.items[1].gain > rice.items[0].gain);
    assert_true(postings_gain(jar, 4) > postings_gain(jar, 2));
    assert_true(postings_gain(jar, 4) < 1);
    assert_true(index_idf(1, 5) > index_idf(2, 5));
    index_destroy(index);
}

static void words_and_pairs_of_syllables_are_kept_apart(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Index *index = index_create();

    (void)state;
    arena_init(&arena);
    add(index, &arena, 0, INDEX_TEXT, "전통누룩");
    add(index, &arena, 1, INDEX_TEXT, "누룩");
    index_seal(index);
    assert_int_equal(index_find(index, INDEX_WORD, STR("누룩")).count, 1);
    assert_int_equal(index_find(index, INDEX_PAIR, STR("누룩")).count, 2);
    index_destroy(index);
}

/* The first is made of documents 0 to 2, where 1 goes; the second of 3 and 4. */
static Index *make_merged(Arena *arena)
{
    static const uint32_t first_became[] = {0, INDEX_GONE, 1};
    static const uint32_t second_became[] = {2, 3};
    Index *first = index_create();
    Index *second = index_create();
    Index *merged = index_create();

    for (size_t i = 0; i < 3; i++)
        add(first, arena, (uint32_t)i, INDEX_TEXT, TEXTS[i]);
    add(second, arena, 0, INDEX_TEXT, TEXTS[3]);
    add(second, arena, 1, INDEX_NAME, "jar");
    index_seal(first);
    index_seal(second);
    index_merge(merged, first, first_became);
    index_merge(merged, second, second_became);
    index_seal(merged);
    index_destroy(first);
    index_destroy(second);
    return merged;
}

static void merged_indexes_weigh_as_one_that_was_made_at_once(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Index *whole;
    Index *merged;
    Postings jar;

    (void)state;
    arena_init(&arena);
    whole = make_index(&arena);
    merged = make_merged(&arena);
    jar = index_find(merged, INDEX_WORD, STR("jar"));
    assert_int_equal(jar.count, 2);
    assert_true(postings_gain(jar, 3) == postings_gain(index_find(whole, INDEX_WORD, STR("jar")), 4));
    assert_int_equal(index_find(merged, INDEX_WORD, STR("cellar")).count, 0);
    assert_int_equal(index_length(merged, 2), 4);
    index_destroy(whole);
    index_destroy(merged);
}

static void an_empty_index_finds_nothing(void **state)
{
    Index *index = index_create();

    (void)state;
    index_seal(index);
    assert_int_equal(index_find(index, INDEX_WORD, STR("rice")).count, 0);
    index_destroy(index);
    index_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_term_knows_its_documents_in_order),
        cmocka_unit_test(repeated_words_and_names_weigh_more_and_rare_terms_tell_more),
        cmocka_unit_test(words_and_pairs_of_syllables_are_kept_apart),
        cmocka_unit_test(merged_indexes_weigh_as_one_that_was_made_at_once),
        cmocka_unit_test(an_empty_index_finds_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
