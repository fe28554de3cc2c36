/* Whole files, in and out. */
#ifndef NERDX_BASE_FILE_H
#define NERDX_BASE_FILE_H

#include "base/err.h"
#include "base/str.h"

/* Errors: NOT_FOUND, TOO_LARGE (over max_bytes), FORBIDDEN, UNAVAILABLE; the message names the path. The text
 * is NUL-terminated behind its end. */
Err file_read(Arena *arena, const char *path, size_t max_bytes, Str *out);

/* A new file that only its owner may read (0600), there as a whole or not at all, on the disk when this returns. Of many
 * who make the same one, one does. Errors: CONFLICT (there is one already, which is left as it is), FORBIDDEN, UNAVAILABLE. */
Err file_make_private(const char *path, Str text);

/* The same as file_read, of what nobody else may read: FORBIDDEN, with what would be right, when the file's group or others have
 * a right to it. */
Err file_read_private(Arena *arena, const char *path, size_t max_bytes, Str *out);

/* The error that errno stands for, NOT_FOUND, FORBIDDEN or UNAVAILABLE, naming the path. */
Err file_error(const char *path);

/* A file descriptor that closes with its scope: AUTO_CLOSE int fd = open(…); */
void file_close(int *fd);
#define AUTO_CLOSE __attribute__((cleanup(file_close)))

#endif
