/* Does to the bytes of a head what libmicrohttpd 0.9.75 does (connection.c: get_next_header_line,
 * parse_initial_message_line, process_header_line, process_broken_line), so that http/head.h can be tested
 * without a socket: ends of lines and colons become NUL, and names and values end at the first one. */
#ifndef NERDX_TESTS_HTTP_LIBRARY_H
#define NERDX_TESTS_HTTP_LIBRARY_H

#include <stdbool.h>
#include <string.h>

#include "http/head.h"

typedef struct LibraryHead {
    char *at; /* the rest of the bytes */
    char *end;
    Header headers[HEAD_MAX_HEADERS];
    size_t count;
} LibraryHead;

/* The next line, its end overwritten; NULL when there is none. */
static inline char *library_line(LibraryHead *library, size_t *len)
{
    char *line = library->at;

    for (char *c = line; c < library->end; c++) {
        bool crlf = c[0] == '\r' && c + 1 < library->end && c[1] == '\n';
        if (!crlf && c[0] != '\n')
            continue;
        *len = (size_t)(c - line);
        memset(c, 0, crlf ? 2 : 1);
        library->at = c + (crlf ? 2 : 1);
        return line;
    }
    return NULL;
}

/* The request line, cut at its first and last blank; false where the library refuses. */
static inline bool library_request_line(char *line, size_t len, Arena *arena, Head *head)
{
    char *blank = memchr(line, ' ', len);

    if (!blank || blank == line)
        return false;
    char *target = blank + 1;
    while (target < line + len && *target == ' ')
        target++;
    char *last = line + len;
    while (last > target && *last != ' ')
        last--;
    if (last <= target)
        return false;
    *blank = *last = '\0';
    head->method = str_from(line);
    head->target = str_copy(arena, str_from(target));
    head->target_place = target;
    head->version = (Str){last + 1, (size_t)(line + len - last - 1)};
    return head->version.len == 8 && memcmp(last + 1, "HTTP/", 5) == 0;
}

/* A header line; a folded one is glued to nothing here, as the library moves it elsewhere. */
static inline bool library_header(LibraryHead *library, char *line)
{
    char *colon = strchr(line, ':');

    if (!colon)
        return false;
    *colon = '\0';
    char *value = colon + 1;
    while (*value == ' ' || *value == '\t')
        value++;
    if (library->count < HEAD_MAX_HEADERS)
        library->headers[library->count] = (Header){str_from(line), str_from(value)};
    library->count++;
    return true;
}

/* bytes are changed. False: the library refuses this itself, or the head isn't complete. */
static inline bool library_parse(char *bytes, size_t len, Arena *arena, LibraryHead *library, Head *head)
{
    size_t line_len;
    char *line;

    *library = (LibraryHead){.at = bytes, .end = bytes + len};
    *head = (Head){0};
    line = library_line(library, &line_len);
    if (!line || !library_request_line(line, line_len, arena, head))
        return false;
    while ((line = library_line(library, &line_len)) && line[0] != '\0') {
        bool folded = line[0] == ' ' || line[0] == '\t';
        if (!folded && !library_header(library, line))
            return false;
    }
    head->bytes = (Str){bytes, (size_t)(library->at - bytes)};
    head->headers = library->headers;
    head->header_count = library->count;
    return line != NULL;
}

#endif
