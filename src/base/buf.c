#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Of one that wasn't told how much will come. */
enum { SMALLEST = 64 };

void buf_init(Buf *buf, Arena *arena, size_t capacity)
{
    assert(buf && arena);
    *buf =
        (Buf){.arena = arena, .data = capacity ? arena_alloc(arena, capacity) : NULL, .capacity = capacity};
}

char *buf_grow(Buf *buf, size_t more)
{
    size_t capacity = buf->capacity * 2 + SMALLEST;

    if (capacity - buf->len < more)
        capacity = buf->len + more;
    if (buf->capacity > 0 && arena_extend(buf->arena, buf->data, buf->capacity, capacity)) {
        buf->capacity = capacity;
        return buf->data + buf->len;
    }
    char *data = arena_alloc(buf->arena, capacity);
    if (buf->len)
        memcpy(data, buf->data, buf->len);
    buf->data = data;
    buf->capacity = capacity;
    return data + buf->len;
}

void buf_put_int(Buf *buf, int64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        digits[--at] = '-';
    buf_put(buf, (Str){digits + at, sizeof digits - at});
}

void buf_format(Buf *buf, const char *format, ...)
{
    va_list args;
    va_list again;

    va_start(args, format);
    va_copy(again, args);
    int wanted = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (wanted > 0) {
        (void)vsnprintf(buf_reserve(buf, (size_t)wanted + 1), (size_t)wanted + 1, format, again);
        buf->len += (size_t)wanted;
    }
    va_end(again);
}

Str buf_str(Buf *buf)
{
    if (buf->capacity == 0)
        return STR("");
    *buf_reserve(buf, 1) = '\0';
    return (Str){buf->data, buf->len};
}
