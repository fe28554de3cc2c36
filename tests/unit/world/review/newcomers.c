#include "check.h"
#include "services/world/review/newcomers.h"

static void add(Newcomers *newcomers, const char *text)
{
    AUTO_JSON json_t *object = NULL;
    Fact fact;

    check_ok(json_read(str_from(text), &object));
    check_ok(fact_from_json(newcomers->arena, object, &fact));
    newcomers_add(newcomers, &fact);
}

static void somebody_new_is_found_by_every_name_but_by_none_that_two_share(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Newcomers newcomers = {.arena = &arena};

    (void)state;
    add(&newcomers, "{\"label\":\"Dish\",\"id\":\"a\",\"properties\":{\"name\":\"Gold "
                    "Cake\",\"name_ko\":\"금꽃떡\",\"aliases\":"
                    "[\"cake\",\"golden\",7]}}");
    add(&newcomers, "{\"label\":\"Lore\",\"id\":\"b\",\"properties\":{\"title\":\"The "
                    "Cake\",\"aliases\":[\"Cake\"],\"name\":\" "
                    "\"}}");
    add(&newcomers, "{\"label\":\"Dish\",\"id\":\"a\",\"properties\":{\"name\":\"gold cake\"}}");
    check_text(newcomers_find(&newcomers, STR("gold CAKE ")), "a");
    check_text(newcomers_find(&newcomers, STR("금꽃떡")), "a");
    check_text(newcomers_find(&newcomers, STR("golden")), "a");
    check_text(newcomers_find(&newcomers, STR("the cake")), "b");
    assert_null(newcomers_find(&newcomers, STR("cake")).data);
    assert_null(newcomers_find(&newcomers, STR("")).data);
    assert_null(newcomers_find(&newcomers, STR("silver")).data);
}

static void there_may_be_many(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Newcomers newcomers = {.arena = &arena};

    (void)state;
    for (int i = 0; i < 100; i++)
        add(&newcomers,
            str_format(&arena, "{\"label\":\"Dish\",\"id\":\"d%d\",\"properties\":{\"name\":\"Dish %d\"}}", i,
                       i)
                .data);
    check_text(newcomers_find(&newcomers, STR("Dish 0")), "d0");
    check_text(newcomers_find(&newcomers, STR("Dish 99")), "d99");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(somebody_new_is_found_by_every_name_but_by_none_that_two_share),
        cmocka_unit_test(there_may_be_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
