/* nerdx import: takes in what `export` wrote, from stdin; each service whole or not at all. */
#include <stdio.h>

#include "app/app.h"
#include "app/command.h"
#include "app/stores.h"

static void release_stream(SqlStream **stream)
{
    sql_stream_close(*stream);
}

static Err import_service(const Options *options, SqlStream *stream, Str service)
{
    const AppStore *store;
    SqlMigrations tables;
    SqlMoved moved;
    const char *url;
    bool wanted;

    TRY(app_find_store(service, &store));
    TRY(app_wants_store(options, store, &wanted));
    if (!wanted)
        return err(INVALID, "this is an export of %s, and --service names another", store->service);
    TRY(app_store_tables(options, store, &url, &tables));
    TRY(sql_import(stream, url, tables, options_bool(options, SETTING_REPLACE), &moved));
    printf("%s: %lld rows of %zu tables, sha256 %s\n", store->service, (long long)moved.rows, moved.tables,
           moved.sha256);
    return OK;
}

static Err import_all(const Options *options)
{
    __attribute__((cleanup(release_stream))) SqlStream *stream = NULL;
    size_t services = 0;
    bool found = true;
    Str service;

    TRY(app_make_folder(options));
    TRY(sql_stream_open("-", &stream));
    for (;; services++) {
        TRY(sql_stream_next(stream, &service, &found));
        if (!found)
            break;
        TRY(import_service(options, stream, service));
    }
    return services > 0 ? OK : err(INVALID, "nothing came in: nerdx export | nerdx import");
}

ExitCode import_run(const Options *options)
{
    Err e = import_all(options);

    return failed(&e) ? command_fail("import", &e) : EXIT_DONE;
}
