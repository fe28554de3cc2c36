/* nerdx migrate: brings the tables of every store up to date, as `serve` does when it starts; --dry-run only prints. */
#include <stdio.h>

#include "app/app.h"
#include "app/command.h"
#include "app/settings.h"
#include "app/stores.h"

typedef struct Printing {
    const char *store;
    bool with_text;
    size_t count;
} Printing;

/* A statement a line. */
static void print_statements(const char *text)
{
    for (; *text; text++)
        (void)putchar(*text == ' ' && text[-1] == ';' ? '\n' : *text);
    puts("\n");
}

static Err print_migration(void *context, const SqlMigration *migration, const char *text)
{
    Printing *printing = context;

    printing->count++;
    printf("-- %s, %04d %s\n", printing->store, migration->version, migration->name);
    if (printing->with_text)
        print_statements(text);
    return OK;
}

static Err migrate_store(const Options *options, const AppStore *store, bool dry_run)
{
    const char *url = options_chars(options, store->setting);
    Printing printing = {.store = store->title, .with_text = dry_run};
    SqlMigrations tables;

    if (store->tables(url, &tables))
        TRY(sql_migrate(url, tables, &(SqlMigrating){dry_run, print_migration, &printing}));
    if (printing.count == 0)
        printf("-- %s: nothing to do\n", store->title);
    return OK;
}

ExitCode migrate_run(const Options *options)
{
    bool dry_run = options_bool(options, SETTING_DRY_RUN);
    Err e = dry_run ? OK : app_make_folder(options);

    for (size_t i = 0; !failed(&e) && i < APP_STORE_COUNT; i++)
        e = migrate_store(options, &APP_STORES[i], dry_run);
    return failed(&e) ? command_fail("migrate", &e) : EXIT_DONE;
}
