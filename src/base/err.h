/* Errors are values: a function that can fail returns an Err, and TRY passes it on.
 * message is for the caller and says what was wrong and what would be right; detail is for the log only.
 * Every text is inline and cut on a whole UTF-8 character, so an Err owns nothing. */
#ifndef NERDX_BASE_ERR_H
#define NERDX_BASE_ERR_H

#include <stdbool.h>

#include "base/arena.h"

typedef enum ErrCode {
    NO_ERROR = 0,
    INVALID,        /* the input breaks the contract: 400 */
    UNAUTHORIZED,   /* who is calling isn't known: 401 */
    FORBIDDEN,      /* known, but not allowed: 403 */
    NOT_FOUND,      /* 404 */
    NOT_ALLOWED,    /* the path exists, not with this method: 405 */
    NOT_ACCEPTABLE, /* 406 */
    CONFLICT,       /* the state has moved on: 409 */
    GONE,           /* 410 */
    TOO_LARGE,      /* 413 */
    UNSUPPORTED,    /* content type or coding: 415 */
    UNPROCESSABLE,  /* well formed, but its meaning is refused: 422 */
    LIMITED,        /* too many requests: 429 */
    INTERNAL,       /* a fault of ours: 500 */
    UNAVAILABLE,    /* for now: 503 */
    TIMED_OUT,      /* 504 */
    ERR_CODE_COUNT
} ErrCode;

enum { ERR_TEXT = 192, ERR_POINTER = 128 };

typedef struct Err {
    ErrCode code;
    int retry_after_s;         /* for LIMITED and UNAVAILABLE: when to come back; 0 says nothing */
    char message[ERR_TEXT];    /* for the caller */
    char detail[ERR_TEXT];     /* for the log: never leaves the process */
    char pointer[ERR_POINTER]; /* RFC 6901 JSON pointer into the input, "" where none applies */
} Err;

/* One row a code: its name in problems and logs, and its HTTP status. */
typedef struct ErrKind {
    const char *name;  /* "not-found" */
    const char *title; /* "Not found" */
    int status;
} ErrKind;

const ErrKind *err_kind(ErrCode code);
ErrCode err_code_of_status(int status); /* the inverse, for clients; INTERNAL when unknown */

static inline Err err_none(void)
{
    Err e;

    e.code = NO_ERROR;
    e.retry_after_s = 0;
    e.message[0] = e.detail[0] = e.pointer[0] = '\0';
    return e;
}

#define OK err_none()

Err err(ErrCode code, const char *message, ...) __attribute__((format(printf, 2, 3)));

/* The same error with a detail for the log, a pointer into the input, or a time to come back. */
Err err_detail(Err e, const char *detail, ...) __attribute__((format(printf, 2, 3)));
Err err_at(Err e, const char *pointer, ...) __attribute__((format(printf, 2, 3)));
Err err_retry_after(Err e, int seconds);

static inline bool failed(const Err *e)
{
    return e->code != NO_ERROR;
}

/* How something ended, kept for longer than a call: an Err takes 520 bytes, and nearly all of them say nothing. NULL is OK. */
const Err *err_keep(Arena *arena, Err e);
static inline Err err_kept(const Err *kept)
{
    return kept ? *kept : OK;
}

/* Returns early with the error of expr, if it has one. */
#define TRY(expr)              \
    do {                       \
        Err try_err_ = (expr); \
        if (failed(&try_err_)) \
            return try_err_;   \
    } while (0)

#endif
