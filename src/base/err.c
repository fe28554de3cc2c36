#include "base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const ErrKind KINDS[ERR_CODE_COUNT] = {
    [NO_ERROR] = {"ok", "OK", 200},
    [INVALID] = {"invalid", "The request breaks the contract", 400},
    [UNAUTHORIZED] = {"unauthorized", "Who is calling is not known", 401},
    [FORBIDDEN] = {"forbidden", "Not allowed", 403},
    [NOT_FOUND] = {"not-found", "Not found", 404},
    [NOT_ALLOWED] = {"method-not-allowed", "Method not allowed here", 405},
    [NOT_ACCEPTABLE] = {"not-acceptable", "No such representation", 406},
    [CONFLICT] = {"conflict", "The state has moved on", 409},
    [GONE] = {"gone", "No longer there", 410},
    [TOO_LARGE] = {"too-large", "Too large", 413},
    [UNSUPPORTED] = {"unsupported-media-type", "Unsupported content type or coding", 415},
    [UNPROCESSABLE] = {"unprocessable", "Well formed, but refused", 422},
    [LIMITED] = {"limited", "Too many requests", 429},
    [INTERNAL] = {"internal", "A fault on our side", 500},
    [UNAVAILABLE] = {"unavailable", "Not available for now", 503},
    [TIMED_OUT] = {"timed-out", "Took too long", 504},
};

const ErrKind *err_kind(ErrCode code)
{
    assert(code < ERR_CODE_COUNT);
    return &KINDS[code];
}

ErrCode err_code_of_status(int status)
{
    for (ErrCode code = NO_ERROR; code < ERR_CODE_COUNT; code++)
        if (KINDS[code].status == status)
            return code;
    return INTERNAL;
}

/* vsnprintf, with the cut moved back to where a UTF-8 character begins. */
__attribute__((format(printf, 3, 0))) static void print_cut(char *out, size_t size, const char *format,
                                                            va_list args)
{
    int wanted = vsnprintf(out, size, format, args);

    if (wanted < 0 || (size_t)wanted < size)
        return;
    size_t end = size - 1;
    size_t start = end;
    while (start > 0 && ((unsigned char)out[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0 || (unsigned char)out[start - 1] < 0x80)
        return; /* ends in ASCII, or isn't UTF-8 at all */
    unsigned char lead = (unsigned char)out[start - 1];
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (start - 1 + length > end)
        out[start - 1] = '\0';
}

Err err(ErrCode code, const char *message, ...)
{
    Err e = OK;
    va_list args;

    e.code = code;
    va_start(args, message);
    print_cut(e.message, sizeof e.message, message, args);
    va_end(args);
    return e;
}

Err err_detail(Err e, const char *detail, ...)
{
    va_list args;

    va_start(args, detail);
    print_cut(e.detail, sizeof e.detail, detail, args);
    va_end(args);
    return e;
}

Err err_at(Err e, const char *pointer, ...)
{
    va_list args;

    va_start(args, pointer);
    print_cut(e.pointer, sizeof e.pointer, pointer, args);
    va_end(args);
    return e;
}

const Err *err_keep(Arena *arena, Err e)
{
    Err *kept = failed(&e) ? arena_alloc(arena, sizeof *kept) : NULL;

    if (kept)
        *kept = e;
    return kept;
}

Err err_retry_after(Err e, int seconds)
{
    e.retry_after_s = seconds;
    return e;
}
