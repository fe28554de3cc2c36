#include "check.h"

#include "base/asset.h"

static const Asset FILES[] = {{.path = "app.css"},
                              {.path = "index.html"},
                              {.path = "lore/a.md"},
                              {.path = "lore/b.md"},
                              {.path = "술.md"}};
static const AssetTable TABLE = {FILES, COUNT(FILES)};

static void every_path_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < TABLE.count; i++)
        assert_ptr_equal(asset_find(TABLE, str_from(FILES[i].path)), &FILES[i]);
}

static void what_is_not_there_is_null(void **state)
{
    static const char *const ABSENT[] = {"",     "a",         "index.htm", "index.html/",
                                         "lore", "lore/c.md", "zzz",       "\xff"};

    (void)state;
    for (size_t i = 0; i < COUNT(ABSENT); i++)
        assert_null(asset_find(TABLE, str_from(ABSENT[i])));
    assert_null(asset_find((AssetTable){0}, STR("index.html")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_path_is_found),
        cmocka_unit_test(what_is_not_there_is_null),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
