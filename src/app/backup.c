/* nerdx backup: a copy of every embedded store in a folder, while they are in use; looked at before it is called whole. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/command.h"
#include "app/stores.h"

enum { FOLDER_MODE = 0700 }; /* conversations are nobody else's business */

/* "skipped": there is none yet, or it lies on a server. */
static Err skip(const AppStore *store, const char *why)
{
    printf("%s: not in this backup: %s\n", store->service, why);
    return OK;
}

static Err backup_store(const Options *options, const AppStore *store, const char *folder)
{
    AUTO_ARENA Arena arena = {0};
    const char *file = str_format(&arena, "%s/%s.db", folder, store->service).data;
    const char *url = options_chars(options, store->setting);
    SqlMigrations tables;
    Str report;

    if (!store->tables(url, &tables))
        return skip(store, "it lies on a server, which has tools of its own");
    Err e = sql_backup(url, file);
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
    TRY(make_folder(folder));
    for (size_t i = 0; i < APP_STORE_COUNT; i++)
        TRY(backup_store(options, &APP_STORES[i], folder));
    return OK;
}

ExitCode backup_run(const Options *options)
{
    size_t count;
    const char *const *words = options_arguments(options, &count);

    if (count != 1) {
        (void)fputs("nerdx backup: expected a folder, such as: nerdx backup /var/backups/nerdx\n", stderr);
        return EXIT_USAGE_WRONG;
    }
    Err e = backup_all(options, words[0]);
    return failed(&e) ? command_fail("backup", &e) : EXIT_DONE;
}
