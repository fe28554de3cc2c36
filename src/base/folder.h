/* Content in a folder instead of the program: the same table as tools/embed makes, with another laid under it. */
#ifndef NERDX_BASE_FOLDER_H
#define NERDX_BASE_FOLDER_H

#include "base/asset.h"
#include "base/err.h"

enum { FOLDER_FILES_MAX = 1024, FOLDER_FILE_BYTES = 1 << 20, FOLDER_DEPTH = 4 };

/* Reads all files of a folder and those in it whose names end as one of `endings`; those of `under` with another path come
 * after. Names that begin with '.' are left out. All of it is the arena's. Errors: of file_read; TOO_LARGE; NOT_FOUND. */
Err folder_read(Arena *arena, const char *folder, const char *const *endings, size_t ending_count,
                AssetTable under, AssetTable *out);

#endif
