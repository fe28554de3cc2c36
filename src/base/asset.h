/* A file that was put into the program when it was built (tools/embed): pages, content, migrations,
 * documentation. A table of assets is sorted by path. */
#ifndef NERDX_BASE_ASSET_H
#define NERDX_BASE_ASSET_H

#include "base/str.h"

typedef struct Asset {
    const char *path; /* "index.html", relative to the folder that was embedded, with '/' */
    const char *mime; /* "text/html; charset=utf-8" */
    Str bytes;
    Str gzip;         /* absent when compressing doesn't pay */
    const char *etag; /* strong validator without quotes: a digest of bytes */
} Asset;

typedef struct AssetTable {
    const Asset *items;
    size_t count;
} AssetTable;

/* NULL when there is none. */
const Asset *asset_find(AssetTable table, Str path);

#endif
