/* nerdx restore: the embedded stores as they were at a moment, in a folder that is there as a whole or not at all, from what --archive
 * has kept. Nothing that is there already is touched. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/command.h"
#include "app/settings.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time.h"
#include "stores/sql/sql.h"

enum { FOLDER_MODE = 0700 /* conversations are nobody else's business */, MOST_STORES = 64 };

static void close_folder(DIR **folder)
{
    if (*folder != NULL)
        (void)closedir(*folder);
}

/* What an archive holds. */
typedef struct Found {
    const char *names[MOST_STORES];
    size_t count;
} Found;

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static Err find_stores(Arena *arena, const char *archive, Found *out)
{
    __attribute__((cleanup(close_folder))) DIR *folder = opendir(archive);
    const struct dirent *entry;

    out->count = 0;
    if (folder == NULL)
        return file_error(archive);
    while ((entry = readdir(folder)) != NULL && out->count < MOST_STORES)
        if (entry->d_name[0] != '.' &&
            sql_archive_is(str_format(arena, "%s/%s", archive, entry->d_name).data))
            out->names[out->count++] = str_c(arena, str_from(entry->d_name));
    qsort(out->names, out->count, sizeof *out->names, by_name);
    return out->count > 0 ? OK
                          : err(NOT_FOUND,
                                "%.100s: no archive of a store is in it: give the folder that "
                                "`nerdx serve --archive` wrote",
                                archive);
}

static Err make_part(const char *data, const char *part)
{
    struct stat found;

    if (lstat(data, &found) == 0)
        return err(CONFLICT, "%.120s is there already: give a new folder with --data", data);
    if (mkdir(part, FOLDER_MODE) == 0)
        return OK;
    return errno == EEXIST
               ? err(CONFLICT, "%.120s is there: another restores, or was ended; then remove it", part)
               : file_error(part);
}

static void say(const char *name, const SqlRestored *restored)
{
    char when[TIME_TEXT];

    time_print(when, restored->commit_us);
    if (restored->commits > 0)
        printf("%s: as its last commit left it, at %s\n", name, when);
    else
        printf("%s: as its base has it, of %s\n", name, when);
}

static Err restore_store(Arena *arena, const char *archive, const char *name, int64_t at_us, const char *part)
{
    SqlRestored restored;
    Err e = sql_restore(str_format(arena, "%s/%s", archive, name).data, at_us,
                        str_format(arena, "%s/%s", part, name).data, &restored);

    if (failed(&e))
        return err_detail(err(e.code, "%s: %s", name, e.message), "%s", e.detail);
    say(name, &restored);
    return OK;
}

static Err restore_all(Arena *arena, const char *archive, int64_t at_us, const char *part)
{
    Found found;

    TRY(find_stores(arena, archive, &found));
    for (size_t i = 0; i < found.count; i++)
        TRY(restore_store(arena, archive, found.names[i], at_us, part));
    return OK;
}

/* Of a restore that failed nothing is left. */
static void remove_part(Arena *arena, const char *part)
{
    __attribute__((cleanup(close_folder))) DIR *folder = opendir(part);
    const struct dirent *entry;

    while (folder != NULL && (entry = readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)unlink(str_format(arena, "%s/%s", part, entry->d_name).data);
    (void)rmdir(part);
}

static int64_t moment_of(const Options *options)
{
    int64_t at_us = clock_wall_us(clock_system());
    Str at = options_text(options, SETTING_AT);

    if (at.data != NULL)
        (void)time_parse(at, &at_us); /* the option's own check has seen to it */
    return at_us;
}

static Err restore(const Options *options)
{
    AUTO_ARENA Arena arena = {0};
    const char *data = options_chars(options, SETTING_DATA);
    const char *part = str_format(&arena, "%s.part", data).data;

    TRY(make_part(data, part));
    Err e = restore_all(&arena, options_chars(options, SETTING_ARCHIVE), moment_of(options), part);
    if (!failed(&e) && rename(part, data) != 0)
        e = file_error(data);
    if (failed(&e))
        remove_part(&arena, part);
    return e;
}

ExitCode restore_run(const Options *options)
{
    if (options_chars(options, SETTING_ARCHIVE) == NULL) {
        (void)fputs("nerdx restore: say from which archive, such as: nerdx restore --archive "
                    "/var/backups/nerdx/archive --at "
                    "2026-11-27T12:00:00+09:00 --data /var/lib/nerdx-restored\n",
                    stderr);
        return EXIT_USAGE_WRONG;
    }
    Err e = restore(options);
    return failed(&e) ? command_fail("restore", &e) : EXIT_DONE;
}
