/* nerdx migrate: brings the tables of every store up to date, as `serve` does when it starts; --dry-run only prints. */
#include <stdio.h>

#include "app/app.h"
#include "app/command.h"
#include "app/settings.h"

typedef struct Store {
    const char *name;
    Err (*migrate)(const Options *options, const SqlMigrating *how);
} Store;

static Err migrate_world(const Options *options, const SqlMigrating *how)
{
    GraphAccess access = app_graph(options);

    return graph_migrate(&access, how);
}

static Err migrate_proposals(const Options *options, const SqlMigrating *how)
{
    return proposals_migrate(options_chars(options, SETTING_WORLD_SQL), how);
}

static Err migrate_agents(const Options *options, const SqlMigrating *how)
{
    return agents_migrate(options_chars(options, SETTING_AGENTS_SQL), how);
}

static const Store STORES[] = {
    {"world model", migrate_world},
    {"facts that wait", migrate_proposals},
    {"sessions and turns", migrate_agents},
};

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

static Err migrate_store(const Options *options, const Store *store, bool dry_run)
{
    Printing printing = {.store = store->name, .with_text = dry_run};

    TRY(store->migrate(options, &(SqlMigrating){dry_run, print_migration, &printing}));
    if (printing.count == 0)
        printf("-- %s: nothing to do\n", store->name);
    return OK;
}

ExitCode migrate_run(const Options *options)
{
    bool dry_run = options_bool(options, SETTING_DRY_RUN);
    Err e = dry_run ? OK : app_make_folder(options);

    for (size_t i = 0; !failed(&e) && i < sizeof STORES / sizeof *STORES; i++)
        e = migrate_store(options, &STORES[i], dry_run);
    return failed(&e) ? command_fail("migrate", &e) : EXIT_DONE;
}
