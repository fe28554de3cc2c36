#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
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

static mode_t mode_of(const char *path)
{
    struct stat about;

    assert_int_equal(stat(path, &about), 0);
    return about.st_mode & 07777U;
}

static void a_private_file_is_its_owners_alone_and_is_never_written_over(void **state)
{
    AUTO_ARENA Arena arena = {0};
    char path[32];
    Str text;

    (void)state;
    make_file(path, 0);
    (void)unlink(path);
    check_ok(file_make_private(path, STR("first")));
    assert_int_equal(mode_of(path), 0600);
    check_err(file_make_private(path, STR("second")), CONFLICT, path);
    check_ok(file_read_private(&arena, path, 100, &text));
    check_text(text, "first");
    (void)unlink(path);
    check_err(file_make_private("/nowhere/at/all", STR("x")), NOT_FOUND, "/nowhere/at/all");
}

static void a_private_file_that_others_may_read_is_refused(void **state)
{
    AUTO_ARENA Arena arena = {0};
    char path[32];
    Str text;

    (void)state;
    make_file(path, 5);
    for (mode_t mode = 0001; mode <= 0040; mode <<= 1) {
        assert_int_equal(chmod(path, 0600 | mode), 0);
        check_err(file_read_private(&arena, path, 100, &text), FORBIDDEN, "chmod 600");
    }
    (void)unlink(path);
    check_err(file_read_private(&arena, path, 100, &text), NOT_FOUND, path);
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
        cmocka_unit_test(a_private_file_is_its_owners_alone_and_is_never_written_over),
        cmocka_unit_test(a_private_file_that_others_may_read_is_refused),
        cmocka_unit_test(closing_twice_closes_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
