#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lines.h"

static Lines *open_text(const char *text, size_t length, size_t max_bytes)
{
    char path[] = "/tmp/nerdx-lines-XXXXXX";
    AUTO_CLOSE int fd = mkstemp(path);
    Lines *lines;

    assert_int_equal(write(fd, text, length), length);
    check_ok(lines_open(path, max_bytes, &lines));
    (void)unlink(path);
    return lines;
}

static void check_next(Lines *lines, const char *expected)
{
    Str line;
    Err e;

    assert_true(lines_next(lines, &line, &e));
    check_ok(e);
    check_text(line, expected);
}

static void check_end(Lines *lines)
{
    Str line;
    Err e;

    assert_false(lines_next(lines, &line, &e));
    lines_close(lines);
}

static void lines_come_without_their_ends(void **state)
{
    static const char text[] = "one\ntwo\r\n\nlast";
    Lines *lines = open_text(text, sizeof text - 1, 100);

    (void)state;
    check_next(lines, "one");
    check_next(lines, "two");
    assert_int_equal(lines_read(lines), 9);
    check_next(lines, "");
    check_next(lines, "last");
    assert_int_equal(lines_number(lines), 4);
    assert_int_equal(lines_read(lines), sizeof text - 1);
    assert_int_equal(lines_size(lines), sizeof text - 1);
    check_end(lines);
}

static void a_line_break_at_the_end_makes_no_line(void **state)
{
    Lines *lines = open_text("one\n", 4, 100);

    (void)state;
    check_next(lines, "one");
    check_end(lines);
}

static void a_line_that_is_too_long_is_told_and_the_next_one_is_read(void **state)
{
    enum { LONG = 1000000, MAX = 100 };
    static char text[LONG + 10];
    Lines *lines;
    Str line;
    Err e;

    (void)state;
    memset(text, 'x', LONG);
    (void)snprintf(text + LONG, sizeof text - LONG, "\nnext\nend");
    lines = open_text(text, LONG + 9, MAX);
    assert_true(lines_next(lines, &line, &e));
    check_err(e, TOO_LARGE, "longer than 100 bytes");
    check_next(lines, "next");
    assert_int_equal(lines_number(lines), 2);
    check_next(lines, "end");
    check_end(lines);
}

/* More than fits in memory at once, so that lines are cut by the reads. */
static void many_lines_come_whole_and_in_order(void **state)
{
    enum { COUNT_OF_LINES = 200000 };
    char *text = malloc((size_t)COUNT_OF_LINES * 16);
    char expected[32];
    size_t length = 0;
    Lines *lines;

    (void)state;
    for (int i = 0; i < COUNT_OF_LINES; i++)
        length += (size_t)sprintf(text + length, "line %d\n", i);
    lines = open_text(text, length, 50);
    free(text);
    for (int i = 0; i < COUNT_OF_LINES; i++) {
        (void)snprintf(expected, sizeof expected, "line %d", i);
        check_next(lines, expected);
    }
    check_end(lines);
}

static void a_missing_file_is_named(void **state)
{
    Lines *lines;

    (void)state;
    check_err(lines_open("/nowhere/at.all", 10, &lines), NOT_FOUND, "/nowhere/at.all");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_without_their_ends),
        cmocka_unit_test(a_line_break_at_the_end_makes_no_line),
        cmocka_unit_test(a_line_that_is_too_long_is_told_and_the_next_one_is_read),
        cmocka_unit_test(many_lines_come_whole_and_in_order),
        cmocka_unit_test(a_missing_file_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
