#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

static void make_file(char path[32], size_t size)
{
    (void)snprintf(path, 32, "/tmp/nerdx-file-XXXXXX");
    AUTO_CLOSE int fd = mkstemp(path);

    assert_true(fd >= 0);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(write(fd, &"0123456789"[i % 10], 1), 1);
}

static void a_file_is_read_whole_and_ends_in_nul(void **state)
{
    AUTO_ARENA Arena arena = {0};
    char path[32];
    Str text;

    (void)state;
    make_file(path, 12345);
    check_ok(file_read(&arena, path, 12345, &text));
    (void)unlink(path);
    assert_int_equal(text.len, 12345);
    assert_int_equal(text.data[12344], '4');
    assert_int_equal(text.data[12345], '\0');
}

static void an_empty_file_is_present_and_empty(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Str text;

    (void)state;
    check_ok(file_read(&arena, "/dev/null", 1, &text));
    assert_non_null(text.data);
    assert_int_equal(text.len, 0);
}

static void what_is_missing_too_large_or_a_folder_is_named(void **state)
{
    AUTO_ARENA Arena arena = {0};
    char path[32];
    Str text;

    (void)state;
    make_file(path, 101);
    check_err(file_read(&arena, path, 100, &text), TOO_LARGE, "larger than 100 bytes");
    (void)unlink(path);
    check_err(file_read(&arena, path, 100, &text), NOT_FOUND, path);
    check_err(file_read(&arena, "/tmp", 100, &text), UNAVAILABLE, "/tmp: Is a directory");
}

static void closing_twice_closes_once(void **state)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)state;
    file_close(&fd);
    assert_int_equal(fd, -1);
    file_close(&fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_whole_and_ends_in_nul),
        cmocka_unit_test(an_empty_file_is_present_and_empty),
        cmocka_unit_test(what_is_missing_too_large_or_a_folder_is_named),
        cmocka_unit_test(closing_twice_closes_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
