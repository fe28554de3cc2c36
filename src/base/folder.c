#include "base/folder.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

typedef struct Reading {
    Arena *arena;
    const char *const *endings;
    size_t ending_count;
    Asset *items;
    size_t count;
} Reading;

static void close_folder(DIR **folder)
{
    if (*folder != NULL)
        (void)closedir(*folder);
}

static bool is_wanted(const Reading *reading, Str name)
{
    for (size_t i = 0; i < reading->ending_count; i++)
        if (str_ends(name, str_from(reading->endings[i])))
            return true;
    return false;
}

static Err read_one(Reading *reading, const char *path, const char *name)
{
    Asset *asset = &reading->items[reading->count];

    if (reading->count == FOLDER_FILES_MAX)
        return err(TOO_LARGE, "%s: more than %d files", path, FOLDER_FILES_MAX);
    *asset = (Asset){.path = name, .mime = "text/plain; charset=utf-8", .etag = ""};
    TRY(file_read(reading->arena, path, FOLDER_FILE_BYTES, &asset->bytes));
    reading->count++;
    return OK;
}

static Err read_all(Reading *reading, const char *folder, Str within, int depth);

static Err read_entry(Reading *reading, const char *folder, Str within, const char *entry, int depth)
{
    const char *path = str_c(reading->arena, str_format(reading->arena, "%s/%s", folder, entry));
    Str name = within.len == 0 ? str_copy(reading->arena, str_from(entry))
                               : str_format(reading->arena, "%.*s/%s", STR_ARG(within), entry);
    struct stat status;

    if (entry[0] == '.' || stat(path, &status) != 0)
        return OK;
    if (S_ISDIR(status.st_mode))
        return depth > 0 ? read_all(reading, path, name, depth - 1) : OK;
    return S_ISREG(status.st_mode) && is_wanted(reading, name)
               ? read_one(reading, path, str_c(reading->arena, name))
               : OK;
}

static Err read_all(Reading *reading, const char *folder, Str within, int depth)
{
    __attribute__((cleanup(close_folder))) DIR *open = opendir(folder);
    const struct dirent *entry;

    if (open == NULL)
        return file_error(folder);
    while ((entry = readdir(open)) != NULL)
        TRY(read_entry(reading, folder, within, entry->d_name, depth));
    return OK;
}

static int by_path(const void *a, const void *b)
{
    const Asset *x = a, *y = b;

    return str_compare(str_from(x->path), str_from(y->path));
}

Err folder_read(Arena *arena, const char *folder, const char *const *endings, size_t ending_count,
                AssetTable under, AssetTable *out)
{
    Reading reading = {arena, endings, ending_count,
                       arena_array(arena, Asset, FOLDER_FILES_MAX + under.count), 0};
    AssetTable own;

    TRY(read_all(&reading, folder, STR(""), FOLDER_DEPTH));
    qsort(reading.items, reading.count, sizeof(Asset), by_path);
    own = (AssetTable){reading.items, reading.count};
    for (size_t i = 0; i < under.count; i++)
        if (asset_find(own, str_from(under.items[i].path)) == NULL)
            reading.items[reading.count++] = under.items[i];
    qsort(reading.items, reading.count, sizeof(Asset), by_path);
    *out = (AssetTable){reading.items, reading.count};
    return OK;
}
