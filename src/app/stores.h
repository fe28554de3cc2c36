/* Every store of the program that lies in tables, in one table: what `migrate`, `export`, `import` and `backup` go through. A
 * service that gets a store gets a row here. */
#ifndef NERDX_APP_STORES_H
#define NERDX_APP_STORES_H

#include "app/settings.h"
#include "stores/queue/queue.h"
#include "stores/sql/sql.h"

typedef struct AppStore {
    const char *service;                                 /* as --service names it */
    const char *title;                                   /* for people */
    Setting setting;                                     /* where its URL is */
    bool (*tables)(const char *url, SqlMigrations *out); /* false: there it doesn't lie in tables */
    JobTable (*jobs)(void);                              /* NULL: it has none */
} AppStore;

enum { APP_STORE_COUNT = 7 };
extern const AppStore APP_STORES[APP_STORE_COUNT];

/* The row of that service. Errors: INVALID names those that there are. */
Err app_find_store(Str service, const AppStore **out);

/* Whether the options (--service) ask for this one: all, where they name none. Errors as app_find_store. */
Err app_wants_store(const Options *options, const AppStore *store, bool *wanted);

/* The Unix time until which an archive that is made now may be used: the term `archives` of content/auth/retention.yaml. */
Err app_archive_until(int64_t *until_s);

/* Before any store is opened: the archive that the options name, kept as long as such an archive. Errors: those of the term. */
Err app_use_archive(const Options *options);

/* Its tables. Errors: UNPROCESSABLE where it doesn't lie in tables. */
Err app_store_tables(const Options *options, const AppStore *store, const char **url, SqlMigrations *out);

#endif
