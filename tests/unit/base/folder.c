#include "base/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static const char *const ENDINGS[] = {".yaml"};

static void put(const char *folder, const char *name, const char *text)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    check_put_file(path, str_from(text));
}

static void its_files_come_before_those_that_lie_under_it(void **state)
{
    static const Asset UNDER[] = {{"a/agent.yaml", "", {"old", 3}, {0}, ""},
                                  {"b/agent.yaml", "", {"kept", 4}, {0}, ""}};
    char folder[] = "/tmp/folder-XXXXXX", within[64];
    Arena arena;
    AssetTable table;

    (void)state;
    arena_init(&arena);
    assert_non_null(mkdtemp(folder));
    (void)snprintf(within, sizeof within, "%s/a", folder);
    assert_int_equal(mkdir(within, 0700), 0);
    put(within, "agent.yaml", "new");
    put(within, "notes.txt", "not wanted");
    put(within, ".hidden.yaml", "not wanted");
    put(folder, "z.yaml", "last");
    Err e = folder_read(&arena, folder, ENDINGS, 1, (AssetTable){UNDER, 2}, &table);
    assert_string_equal(e.message, "");
    assert_int_equal(table.count, 3);
    assert_true(str_equal(asset_find(table, STR("a/agent.yaml"))->bytes, STR("new")));
    assert_true(str_equal(asset_find(table, STR("b/agent.yaml"))->bytes, STR("kept")));
    assert_true(str_equal(asset_find(table, STR("z.yaml"))->bytes, STR("last")));
    arena_finish(&arena);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    Arena arena;
    AssetTable table;

    (void)state;
    arena_init(&arena);
    Err e = folder_read(&arena, "/tmp/no-such-folder", ENDINGS, 1, (AssetTable){NULL, 0}, &table);
    assert_int_equal(e.code, NOT_FOUND);
    assert_non_null(strstr(e.message, "/tmp/no-such-folder"));
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_files_come_before_those_that_lie_under_it),
        cmocka_unit_test(a_folder_that_is_not_there_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
