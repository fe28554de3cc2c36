/* Bytes as the head of a request, cut up as the library does, then checked. What is let through must be a head by
 * RFC 9112 to the last byte, read from the bytes as they came. */
#include <stdlib.h>

#include "http/head.h"
#include "http/library.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_token(char c)
{
    return c > ' ' && c < 0x7F && !strchr("\"(),/:;<=>?@[\\]{}", c);
}

/* "NAME: value" with nothing else in it. */
static void demand_header(Str line)
{
    size_t at = 0;

    while (at < line.len && is_token(line.data[at]))
        at++;
    if (at == 0 || at == line.len || line.data[at] != ':')
        abort();
    for (at++; at < line.len; at++) {
        unsigned char c = (unsigned char)line.data[at];
        if ((c < ' ' && c != '\t') || c == 0x7F)
            abort();
    }
}

static bool ends_lines(char c)
{
    return c == '\r' || c == '\n' || c == '\0';
}

/* Every line ends in two bytes of CR, LF and NUL: that they are CR LF can't always be told (see http/head.h). */
static Str demand_line(Str *bytes)
{
    size_t len = 0;

    while (len < bytes->len && !ends_lines(bytes->data[len]))
        len++;
    if (bytes->len - len < 2 || !ends_lines(bytes->data[len + 1]))
        abort();
    Str line = {bytes->data, len};
    *bytes = str_slice(*bytes, len + 2, bytes->len);
    return line;
}

/* The request line has two blanks and no other byte of its own; what a target may hold is target.h's business. */
static void demand_head(const Head *head, Str bytes)
{
    bytes = str_slice(bytes, head->method.len + 1 + head->target.len + 1 + head->version.len, bytes.len);
    if (demand_line(&bytes).len)
        abort();
    while (bytes.len) {
        Str line = demand_line(&bytes);
        if (line.len)
            demand_header(line);
        else if (bytes.len)
            abort(); /* the head ends at its first empty line */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    LibraryHead library;
    Refusal refusal = {0};
    Head head;
    char *copy = arena_alloc(&arena, size + 1);

    if (size)
        memcpy(copy, data, size);
    copy[size] = '\0';
    if (!library_parse(copy, size, &arena, &library, &head))
        return 0;
    if (!head_check(&head, &refusal)) {
        if (!failed(&refusal.error) || refusal.error.message[0] == '\0')
            abort();
        return 0;
    }
    if (head.chunked && head.content_length >= 0)
        abort();
    demand_head(&head, (Str){(const char *)data, head.bytes.len});
    return 0;
}
