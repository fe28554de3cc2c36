/* Lines that somebody types. At a terminal they can be edited, and the arrow keys bring earlier ones back (libedit: wide characters
 * too); otherwise they are read as they come. */
#ifndef NERDX_APP_CHAT_LINE_H
#define NERDX_APP_CHAT_LINE_H

#include "base/err.h"
#include "base/str.h"

typedef struct LineReader LineReader;

typedef enum LineKind { LINE_GIVEN, LINE_END, LINE_INTERRUPTED } LineKind;

enum { LINE_MAX_BYTES = 64 << 10 };

/* Errors: those of lines_open. */
Err line_reader_create(bool at_terminal, LineReader **out);
void line_reader_destroy(LineReader *reader); /* accepts NULL */

/* *line: without its end, valid until the next call. *kind: LINE_END at the end of what is typed, LINE_INTERRUPTED for
 * Ctrl-C. Errors: TOO_LARGE for a line of more than LINE_MAX_BYTES, which is left out; UNAVAILABLE when nothing can be read. */
Err line_read(LineReader *reader, LineKind *kind, Str *line);

/* While an answer is shown: keys that are pressed already wait for the next line instead of standing between its words. */
void line_echo(LineReader *reader, bool shown);

/* What the arrow keys bring back; nothing is written to a file. */
void line_remember(LineReader *reader, Str line);
void line_forget_all(LineReader *reader);

#endif
