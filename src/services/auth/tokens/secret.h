/* The shared secret of a node that nobody gave one. */
#ifndef NERDX_SERVICES_AUTH_TOKENS_SECRET_H
#define NERDX_SERVICES_AUTH_TOKENS_SECRET_H

#include "base/err.h"
#include "base/str.h"

/* What is in the file, which is made when it isn't there, with 256 random bits that nobody else may read. Processes that start
 * at once agree on one. Errors: of file_read_private and file_make_private. */
Err secret_from_file(Arena *arena, const char *path, Str *out);

#endif
