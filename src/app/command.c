#include "app/command.h"

#include <stdio.h>

#include "app/settings.h"

static const ExitCode CODES[ERR_CODE_COUNT] = {
    [NO_ERROR] = EXIT_DONE,
    [INVALID] = EXIT_DATA_WRONG,
    [UNAUTHORIZED] = EXIT_NO_RIGHT,
    [FORBIDDEN] = EXIT_NO_RIGHT,
    [NOT_FOUND] = EXIT_NOT_THERE,
    [NOT_ALLOWED] = EXIT_DATA_WRONG,
    [NOT_ACCEPTABLE] = EXIT_DATA_WRONG,
    [CONFLICT] = EXIT_DATA_WRONG,
    [GONE] = EXIT_NOT_THERE,
    [TOO_LARGE] = EXIT_DATA_WRONG,
    [UNSUPPORTED] = EXIT_DATA_WRONG,
    [UNPROCESSABLE] = EXIT_DATA_WRONG,
    [LIMITED] = EXIT_TRY_LATER,
    [INTERNAL] = EXIT_FAULT,
    [UNAVAILABLE] = EXIT_TRY_LATER,
    [TIMED_OUT] = EXIT_TRY_LATER,
};

const void *command_format(const Options *options, const void *rows, size_t count, size_t size)
{
    Str wanted = options_text(options, SETTING_FORMAT);

    for (size_t i = 0; i < count; i++) {
        const void *row = (const char *)rows + i * size;
        const char *const *name = row;
        if (wanted.data == NULL || str_equal(wanted, str_from(*name)))
            return row;
    }
    return NULL;
}

ExitCode command_fail(const char *what, const Err *error)
{
    (void)fprintf(stderr, "nerdx %s: %s\n", what, error->message);
    if (error->detail[0] != '\0')
        (void)fprintf(stderr, "  (%s)\n", error->detail);
    return CODES[error->code];
}
