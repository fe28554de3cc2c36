/* nerdx backup: a copy of every embedded store in a folder, while they are in use; looked at before it is called whole. Each says until
 * when it may be used (the term `archives`); prune throws away those whose time is over, and exports, too. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/command.h"
#include "app/stores.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time.h"

enum { FOLDER_MODE = 0700 /* conversations are nobody else's business */, US_IN_S = 1000000 };

static int64_t now_s(void)
{
    return clock_wall_us(clock_system()) / US_IN_S;
}

/* "skipped": there is none yet, or it lies on a server. */
static Err skip(const AppStore *store, const char *why)
{
    printf("%s: not in this backup: %s\n", store->service, why);
    return OK;
}

static Err backup_store(const Options *options, const AppStore *store, const char *folder, int64_t until_s)
{
    AUTO_ARENA Arena arena = {0};
    const char *file = str_format(&arena, "%s/%s.db", folder, store->service).data;
    const char *url = options_chars(options, store->setting);
    SqlMigrations tables;
    Str report;

    if (!store->tables(url, &tables))
        return skip(store, "it lies on a server, which has tools of its own");
    Err e = sql_backup(url, file, until_s);
    if (e.code == NOT_FOUND || e.code == UNSUPPORTED)
        return skip(store, e.message);
    TRY(e);
    TRY(sql_check(str_format(&arena, "sqlite:%s", file).data, tables, &arena, &report));
    printf("%s: %s, %.*s\n", store->service, file, STR_ARG(report));
    return OK;
}

static Err make_folder(const char *path)
{
    if (mkdir(path, FOLDER_MODE) == 0 || errno == EEXIST)
        return OK;
    return err(FORBIDDEN, "%.80s can't be made (%s): choose a folder that this user may make", path,
               strerror(errno));
}

static Err backup_all(const Options *options, const char *folder)
{
    char until[TIME_TEXT];
    int64_t until_s;

    TRY(app_archive_until(&until_s));
    TRY(make_folder(folder));
    for (size_t i = 0; i < APP_STORE_COUNT; i++)
        TRY(backup_store(options, &APP_STORES[i], folder, until_s));
    time_print(until, until_s * US_IN_S);
    printf("they may be used until %s\n", until);
    return OK;
}

/* ---- into the archive */

static bool lies_in_file(const char *url)
{
    return str_starts(str_from(url), STR("sqlite:"));
}

static Err take_base(const Options *options, const AppStore *store)
{
    const char *url = options_chars(options, store->setting);
    SqlMigrations tables;

    if (!lies_in_file(url) || !store->tables(url, &tables))
        return skip(store, "it lies on a server, which has tools of its own");
    Err e = sql_archive_base(url, tables);
    if (e.code == NOT_FOUND)
        return skip(store, e.message);
    TRY(e);
    printf("%s: the archive has a new base\n", store->service);
    return OK;
}

static Err take_bases(const Options *options)
{
    for (size_t i = 0; i < APP_STORE_COUNT; i++)
        TRY(take_base(options, &APP_STORES[i]));
    return OK;
}

/* ---- prune */

typedef struct Pruned {
    size_t gone;
    size_t left;
} Pruned;

static bool is_named_as_export(const char *file)
{
    static const char END[] = ".jsonl";
    size_t len = strlen(file);

    return len >= sizeof END && strcmp(file + len - (sizeof END - 1), END) == 0;
}

/* A living store has no term, and is never touched. */
static Err prune_file(const char *file, Pruned *pruned)
{
    int64_t until_s;

    TRY(is_named_as_export(file) ? sql_export_until(file, &until_s) : sql_backup_until(file, &until_s));
    pruned->left += until_s > now_s();
    if (until_s == 0 || until_s > now_s())
        return OK;
    if (unlink(file) != 0)
        return file_error(file);
    pruned->gone++;
    printf("%s: thrown away\n", file);
    return OK;
}

static void close_folder(DIR **folder)
{
    if (*folder != NULL)
        (void)closedir(*folder);
}

static Err prune_exports(const char *path, Pruned *pruned)
{
    __attribute__((cleanup(close_folder))) DIR *folder = opendir(path);
    const struct dirent *entry;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        AUTO_ARENA Arena arena = {0};
        if (is_named_as_export(entry->d_name))
            TRY(prune_file(str_format(&arena, "%s/%s", path, entry->d_name).data, pruned));
    }
    return OK;
}

/* Stores by their names: another program's file may have a number where ours has its term. */
static Err prune_folder(const char *folder, Pruned *pruned)
{
    for (size_t i = 0; i < APP_STORE_COUNT; i++) {
        AUTO_ARENA Arena arena = {0};
        TRY(prune_file(str_format(&arena, "%s/%s.db", folder, APP_STORES[i].service).data, pruned));
    }
    return prune_exports(folder, pruned);
}

static Err prune_archive(const char *archive, size_t *left)
{
    SqlArchivePruned pruned = {0};

    TRY(sql_archive_prune(archive, now_s(), &pruned));
    if (pruned.gone > 0)
        printf("%s: %zu bases thrown away, with the log behind them\n", archive, pruned.gone);
    *left += pruned.left;
    return OK;
}

/* One that is empty then goes, too. */
static Err prune_day(const char *folder, size_t *left)
{
    Pruned pruned = {0};

    if (sql_archive_is(folder))
        return prune_archive(folder, left);
    TRY(prune_folder(folder, &pruned));
    if (pruned.gone > 0)
        (void)rmdir(folder); /* refused where something is left */
    *left += pruned.left;
    return OK;
}

/* The folder itself, and those in it: a folder a day. */
static Err prune_all(const char *path)
{
    __attribute__((cleanup(close_folder))) DIR *folder = opendir(path);
    const struct dirent *entry;
    Pruned here = {0};
    size_t left = 0;

    if (folder == NULL)
        return file_error(path);
    TRY(prune_folder(path, &here));
    while ((entry = readdir(folder)) != NULL) {
        AUTO_ARENA Arena arena = {0};
        if (entry->d_name[0] != '.')
            TRY(prune_day(str_format(&arena, "%s/%s", path, entry->d_name).data, &left));
    }
    printf("%zu may still be used\n", here.left + left);
    return OK;
}

static ExitCode refuse_words(void)
{
    (void)fputs("nerdx backup: expected a folder, such as: nerdx backup /var/backups/nerdx/monday, or nerdx "
                "backup prune /var/backups/nerdx, or with --archive none\n",
                stderr);
    return EXIT_USAGE_WRONG;
}

ExitCode backup_run(const Options *options)
{
    size_t count;
    const char *const *words = options_arguments(options, &count);
    bool prunes = count == 2 && str_equal(str_from(words[0]), STR("prune"));
    bool archives = count == 0 && options_chars(options, SETTING_ARCHIVE) != NULL;

    if (count != 1 && !prunes && !archives)
        return refuse_words();
    Err e = prunes ? prune_all(words[1]) : archives ? take_bases(options) : backup_all(options, words[0]);
    return failed(&e) ? command_fail("backup", &e) : EXIT_DONE;
}
