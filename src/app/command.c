#include "app/command.h"

#include <stdio.h>

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

ExitCode command_fail(const char *what, const Err *error)
{
    (void)fprintf(stderr, "nerdx %s: %s\n", what, error->message);
    if (error->detail[0] != '\0')
        (void)fprintf(stderr, "  (%s)\n", error->detail);
    return CODES[error->code];
}
