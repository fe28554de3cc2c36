/* A text file line by line, in bounded memory however large the file is.
 *
 *     TRY(lines_open(path, LIMIT, &lines));
 *     while (lines_next(lines, &line, &e)) … ; lines_close(lines); */
#ifndef NERDX_BASE_LINES_H
#define NERDX_BASE_LINES_H

#include "base/err.h"
#include "base/str.h"

typedef struct Lines Lines;

/* Errors: as file_read. "-" is standard input. */
Err lines_open(const char *path, size_t max_bytes, Lines **out);
void lines_close(Lines *lines); /* accepts NULL */

/* The next line without its end (\n or \r\n), valid until the next call; false at the end of the file. *error is
 * TOO_LARGE for a line that is longer than max_bytes (the next call goes on behind it) and UNAVAILABLE when the file
 * can't be read on (nothing follows). */
bool lines_next(Lines *lines, Str *line, Err *error);

int64_t lines_number(const Lines *lines); /* of the line that was given last, from 1 */
int64_t lines_read(const Lines *lines);   /* bytes behind us */
int64_t lines_size(const Lines *lines);   /* of the whole file; 0 when nobody can know */

#endif
