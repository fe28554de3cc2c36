/* nerdx export: the whole state of the services, or of one, on stdout; what it was on stderr. */
#include <stdio.h>

#include "app/command.h"
#include "app/stores.h"

static void say(const AppStore *store, const SqlMoved *moved)
{
    (void)fprintf(stderr, "%s: %lld rows of %zu tables, sha256 %s\n", store->service, (long long)moved->rows,
                  moved->tables, moved->sha256);
}

/* One that isn't there yet is left out, unless it was asked for. */
static Err export_store(const Options *options, const AppStore *store)
{
    SqlMigrations tables;
    SqlMoved moved;
    const char *url;
    int64_t until_s;

    TRY(app_store_tables(options, store, &url, &tables));
    TRY(app_archive_until(&until_s));
    Err e = sql_export(url, store->service, tables, until_s, stdout, &moved);
    if (e.code == NOT_FOUND && !options_text(options, SETTING_SERVICE).data) {
        (void)fprintf(stderr, "%s: there is none yet\n", store->service);
        return OK;
    }
    if (!failed(&e))
        say(store, &moved);
    return e;
}

static Err export_wanted(const Options *options)
{
    for (size_t i = 0; i < APP_STORE_COUNT; i++) {
        bool wanted;

        TRY(app_wants_store(options, &APP_STORES[i], &wanted));
        if (wanted)
            TRY(export_store(options, &APP_STORES[i]));
    }
    return OK;
}

ExitCode export_run(const Options *options)
{
    Err e = export_wanted(options);

    return failed(&e) ? command_fail("export", &e) : EXIT_DONE;
}
