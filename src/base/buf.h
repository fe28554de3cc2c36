/* Text that grows, in an arena: what encoders and templates write into.
 * buf_init (or Buf b = {.arena = a}), buf_put_* as often as needed, then buf_str for the result. */
#ifndef NERDX_BASE_BUF_H
#define NERDX_BASE_BUF_H

#include "base/arena.h"
#include "base/str.h"

typedef struct Buf {
    Arena *arena;
    char *data;
    size_t len;
    size_t capacity;
} Buf;

void buf_init(Buf *buf, Arena *arena, size_t capacity);

/* Room for `more` bytes at data + len; add what you used to len. */
char *buf_grow(Buf *buf, size_t more); /* buf_reserve's, where there isn't room yet */
static inline char *buf_reserve(Buf *buf, size_t more)
{
    return buf->capacity - buf->len < more ? buf_grow(buf, more) : buf->data + buf->len;
}

static inline void buf_put(Buf *buf, Str text)
{
    if (text.len == 0)
        return;
    memcpy(buf_reserve(buf, text.len), text.data, text.len);
    buf->len += text.len;
}

static inline void buf_put_char(Buf *buf, char c)
{
    *buf_reserve(buf, 1) = c;
    buf->len++;
}

void buf_put_int(Buf *buf, int64_t value);
void buf_format(Buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The text so far, NUL-terminated behind its end; valid until the next buf_put. */
Str buf_str(Buf *buf);

#endif
