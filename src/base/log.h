/* Structured log: one JSON object a line, on stderr or stdout.
 *
 *     log_warn("a slow query", log_text("query", name), log_int("duration_us", us), log_trace(&call->trace));
 *
 * gives {"time":"2026-11-23T23:58:44.123456Z","level":"warn","message":"a slow query","query":…}. A line is
 * one write(2) and never torn by another thread. Arguments aren't evaluated when the level is off. Control
 * characters and ill-formed UTF-8 in values are escaped. Text is a constant sentence; what varies goes into
 * fields. */
#ifndef NERDX_BASE_LOG_H
#define NERDX_BASE_LOG_H

#include <stdatomic.h>

#include "base/err.h"
#include "base/str.h"
#include "base/trace.h"

typedef enum LogLevel { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARN, LEVEL_ERROR, LEVEL_OFF } LogLevel;

typedef enum LogKind {
    LOG_FIELD_TEXT,
    LOG_FIELD_INT,
    LOG_FIELD_REAL,
    LOG_FIELD_BOOL,
    LOG_FIELD_ERR,
    LOG_FIELD_TRACE
} LogKind;

typedef struct LogField {
    const char *key;
    LogKind kind;
    union {
        Str text;
        int64_t integer;
        double real;
        bool truth;
        const Err *error;
        const Trace *trace;
    };
} LogField;

LogField log_text(const char *key, Str value);
LogField log_chars(const char *key, const char *value); /* NULL is written as null */
LogField log_int(const char *key, int64_t value);
LogField log_real(const char *key, double value);
LogField log_bool(const char *key, bool value);
LogField log_err(const Err *error); /* "error":{"code","message","detail","pointer"} */
LogField
log_trace(const Trace *trace); /* "trace_id", "span_id"; without it those of what the thread is doing */

#define log_debug(message, ...) log_at(LEVEL_DEBUG, message __VA_OPT__(, ) __VA_ARGS__)
#define log_info(message, ...) log_at(LEVEL_INFO, message __VA_OPT__(, ) __VA_ARGS__)
#define log_warn(message, ...) log_at(LEVEL_WARN, message __VA_OPT__(, ) __VA_ARGS__)
#define log_error(message, ...) log_at(LEVEL_ERROR, message __VA_OPT__(, ) __VA_ARGS__)

#define log_at(level, message, ...)                                                                        \
    (log_enabled(level) ? log_write((level), (message), (const LogField[]){__VA_ARGS__ __VA_OPT__(, ){0}}) \
                        : (void)0)

extern _Atomic int log_threshold; /* read by log_enabled only */

static inline bool log_enabled(LogLevel level)
{
    return (int)level >= atomic_load_explicit(&log_threshold, memory_order_relaxed);
}

/* fields end with one whose key is NULL. */
void log_write(LogLevel level, const char *message, const LogField *fields);

void log_set_level(LogLevel level);           /* LEVEL_INFO until set */
bool log_level_from(Str name, LogLevel *out); /* "debug", "info", "warn", "error", "off" */
const char *log_level_name(LogLevel level);

/* The fast way for the access log: the line (JSON with its '\n') is copied to a buffer, which is written when
 * it is half full, within LOG_FLUSH_MS, by log_flush and by log_stop. Lines of one thread keep their order.
 */
enum { LOG_FLUSH_MS = 200, LOG_LINE_MAX = 16 * 1024 };
void log_buffered(Str line);

/* The thread that flushes by time; without log_start, log_buffered writes each line at once. Not thread-safe.
 */
void log_start(void);
void log_stop(void); /* writes everything out; harmless when not started */
void log_flush(void);

/* Where lines go: STDERR_FILENO until set. */
void log_set_output(int fd);

#endif
