/* A book has the facts of one version of the world, for as long as somebody reads in it. */
#include "check.h"

#include "base/arena.h"
#include "services/agents/narrator/book.h"

static FactPage page_named(const char *name)
{
    return (FactPage){.fact = {.id = STR("takju"), .name = str_from(name)}};
}

static void keep(FactBook *book, const char *key, const char *name)
{
    FactPage page = page_named(name);

    fact_book_keep(book, str_from(key), &page);
}

static void a_page_is_a_copy_of_all_it_was_made_from(void **state)
{
    char name[] = "Takju", cloudy[] = "cloudy", alias[] = "makgeolli";
    Str aliases[] = {str_from(alias)};
    Property properties[] = {{STR("taste"), str_from(cloudy)}};
    const Note note = {.text = str_from(name), .tells = 1};
    const Notes notes = {str_from(name), &note, 1};
    Relation relations[] = {
        {.directed = STR("IS_A>"), .id = STR("drink"), .name = str_from(name), .sample = true}};
    FactPage page = {.fact = {.id = STR("takju"),
                              .name = str_from(name),
                              .text = str_from(name),
                              .notes = &notes,
                              .properties = properties,
                              .property_count = 1,
                              .relations = relations,
                              .relation_count = 1},
                     .aliases = {aliases, 1}};
    FactShelf *shelf = fact_shelf_create();
    FactBook *book = fact_shelf_take(shelf, 1);
    const FactPage *found;

    (void)state;
    fact_book_keep(book, STR("a"), &page);
    name[0] = cloudy[0] = alias[0] = '?';
    relations[0].sample = false;
    found = fact_book_find(book, STR("a"));
    assert_non_null(found);
    check_text(found->fact.name, "Takju");
    check_text(found->fact.properties[0].value, "cloudy");
    check_text(found->fact.relations[0].name, "Takju");
    assert_true(found->fact.relations[0].sample);
    check_text(found->aliases.items[0], "makgeolli");
    assert_ptr_equal(found->fact.notes->items[0].text.data, found->fact.text.data);
    assert_int_equal(found->fact.notes->items[0].tells, 1);
    assert_int_equal(found->name_count, 3);
    check_text(found->names[0].wanted, "takju");
    check_text(found->names[2].name, "makgeolli");
    fact_shelf_give_back(shelf, book);
    fact_shelf_destroy(shelf);
}

static void a_new_version_begins_with_an_empty_book_and_the_old_stays_with_its_readers(void **state)
{
    FactShelf *shelf = fact_shelf_create();
    FactBook *old = fact_shelf_take(shelf, 1);
    FactBook *same, *new;

    (void)state;
    keep(old, "a", "old");
    same = fact_shelf_take(shelf, 1);
    assert_ptr_equal(same, old);
    new = fact_shelf_take(shelf, 2);
    assert_null(fact_book_find(new, STR("a")));
    keep(new, "a", "new");
    check_text(fact_book_find(old, STR("a"))->fact.name, "old");
    check_text(fact_book_find(new, STR("a"))->fact.name, "new");
    fact_shelf_give_back(shelf, old);
    check_text(fact_book_find(same, STR("a"))->fact.name, "old");
    fact_shelf_give_back(shelf, same);
    fact_shelf_give_back(shelf, new);
    fact_shelf_destroy(shelf);
}

static void a_full_book_takes_no_more_and_loses_nothing(void **state)
{
    AUTO_ARENA Arena arena = {0};
    FactShelf *shelf = fact_shelf_create();
    FactBook *book = fact_shelf_take(shelf, 1);

    (void)state;
    arena_init(&arena);
    for (int i = 0; i < BOOK_PAGES_MAX + 10; i++)
        keep(book, str_format(&arena, "%d", i).data, "x");
    keep(book, "0", "another");
    check_text(fact_book_find(book, STR("0"))->fact.name, "x");
    assert_non_null(fact_book_find(book, str_format(&arena, "%d", BOOK_PAGES_MAX - 1)));
    assert_null(fact_book_find(book, str_format(&arena, "%d", BOOK_PAGES_MAX)));
    fact_shelf_give_back(shelf, book);
    fact_shelf_destroy(shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_a_copy_of_all_it_was_made_from),
        cmocka_unit_test(a_new_version_begins_with_an_empty_book_and_the_old_stays_with_its_readers),
        cmocka_unit_test(a_full_book_takes_no_more_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
