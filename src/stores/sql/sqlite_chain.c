#include "stores/sql/sqlite_chain.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { DIGITS = 16, MOST_CHAINS = 4096 };

static const char GAP[] = ".gap";

static void close_folder(DIR **folder)
{
    if (*folder != NULL)
        (void)closedir(*folder);
}

#define AUTO_FOLDER __attribute__((cleanup(close_folder)))

const char *chain_path(Arena *arena, const char *folder, int64_t begin_us, bool is_gap)
{
    return str_format(arena, "%s/%0*lld%s", folder, DIGITS, (long long)begin_us, is_gap ? GAP : "").data;
}

const char *chain_base(Arena *arena, const char *chain)
{
    return str_format(arena, "%s/base.db", chain).data;
}

const char *chain_segment(Arena *arena, const char *chain, int64_t number)
{
    return str_format(arena, "%s/%08lld.wal", chain, (long long)number).data;
}

const char *chain_part(Arena *arena, const char *folder)
{
    return str_format(arena, "%s/new.part", folder).data;
}

static bool read_name(Str name, Chain *out)
{
    Str rest = str_slice(name, DIGITS, name.len);

    out->is_gap = str_equal(rest, str_from(GAP));
    return name.len >= DIGITS && (rest.len == 0 || out->is_gap) &&
           str_to_int(str_slice(name, 0, DIGITS), &out->begin_us) && out->begin_us > 0;
}

static int by_begin(const void *a, const void *b)
{
    int64_t left = ((const Chain *)a)->begin_us, right = ((const Chain *)b)->begin_us;

    return (left > right) - (left < right);
}

Err chain_list(Arena *arena, const char *folder, Chain **out, size_t *count)
{
    AUTO_FOLDER DIR *open = opendir(folder);
    const struct dirent *entry;

    *count = 0;
    *out = arena_alloc(arena, MOST_CHAINS * sizeof **out);
    if (open == NULL)
        return file_error(folder);
    while ((entry = readdir(open)) != NULL && *count < MOST_CHAINS)
        if (read_name(str_from(entry->d_name), &(*out)[*count])) {
            (*out)[*count].path = str_format(arena, "%s/%s", folder, entry->d_name).data;
            (*count)++;
        }
    qsort(*out, *count, sizeof **out, by_begin);
    return OK;
}

Err chain_count_segments(const char *chain, size_t *count)
{
    AUTO_FOLDER DIR *open = opendir(chain);
    const struct dirent *entry;
    int64_t number;

    *count = 0;
    if (open == NULL)
        return file_error(chain);
    while ((entry = readdir(open)) != NULL) {
        Str name = str_from(entry->d_name);
        if (str_ends(name, STR(".wal")) &&
            str_to_int(str_slice(name, 0, name.len - STR(".wal").len), &number) && number > (int64_t)*count)
            *count = (size_t)number;
    }
    return OK;
}

Err chain_remove(const char *path)
{
    AUTO_FOLDER DIR *open = opendir(path);
    const struct dirent *entry;

    if (open == NULL)
        return errno == ENOENT ? OK : file_error(path);
    while ((entry = readdir(open)) != NULL) {
        AUTO_ARENA Arena arena = {0};
        const char *file = str_format(&arena, "%s/%s", path, entry->d_name).data;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && unlink(file) != 0)
            return file_error(file);
    }
    return rmdir(path) == 0 ? OK : file_error(path);
}
