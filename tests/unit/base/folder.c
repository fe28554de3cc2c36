#include "base/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static const char *const ENDINGS[] = {".yaml"};

static const char *put(const char *folder, const char *name, const char *text)
{
    static char path[256];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
    return path;
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
    (void)put(within, "agent.yaml", "new");
    (void)put(within, "notes.txt", "not wanted");
    (void)put(within, ".hidden.yaml", "not wanted");
    (void)put(folder, "z.yaml", "last");
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
