/* What every unit test includes: cmocka, and checks for our own types that show what they found. */
#ifndef NERDX_TESTS_CHECK_H
#define NERDX_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/str.h"

#define check_text(text, expected) check_text_at((text), (expected), __FILE__, __LINE__)

static inline void check_text_at(Str text, const char *expected, const char *file, int line)
{
    if (str_equal(text, str_from(expected)))
        return;
    print_error("found    %.*s\nexpected %s\n", STR_ARG(text), expected);
    _fail(file, line);
}

#define check_ok(expr)                                            \
    do {                                                          \
        Err check_ok_err = (expr);                                \
        if (failed(&check_ok_err)) {                              \
            print_error("%s: %s\n", #expr, check_ok_err.message); \
            _fail(__FILE__, __LINE__);                            \
        }                                                         \
    } while (0)

/* The error has this code, and its message holds this text. */
#define check_err(expr, wanted, text)                                                                      \
    do {                                                                                                   \
        Err check_err_err = (expr);                                                                        \
        if (check_err_err.code != (wanted) ||                                                              \
            str_find(str_from(check_err_err.message), str_from(text), 0) == SIZE_MAX) {                    \
            print_error("%s: %s: %s\n", #expr, err_kind(check_err_err.code)->name, check_err_err.message); \
            _fail(__FILE__, __LINE__);                                                                     \
        }                                                                                                  \
    } while (0)

/* Makes the file, with these bytes in it. */
static inline void check_put_file(const char *path, Str bytes)
{
    FILE *file = fopen(path, "we");
    bool done = file != NULL && fwrite(bytes.data, 1, bytes.len, file) == bytes.len && fclose(file) == 0;

    if (!done)
        fail_msg("%s can't be written", path);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif
