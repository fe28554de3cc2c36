/* What a test takes away of a SQLite file in a folder of its own. */
#ifndef NERDX_TESTS_DROP_STORE_H
#define NERDX_TESTS_DROP_STORE_H

#include "check.h"

#include <unistd.h>

/* The file of that name, once it is closed, its log, and the folder. */
static inline void drop_store(const char *folder, const char *name)
{
    static const char *const SUFFIXES[] = {"", "-wal", "-shm"};
    char path[256];

    for (size_t i = 0; i < COUNT(SUFFIXES); i++) {
        (void)snprintf(path, sizeof path, "%s/%s%s", folder, name, SUFFIXES[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

#endif
