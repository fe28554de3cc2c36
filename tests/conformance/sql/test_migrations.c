/* The migrations of every service: from each version that there ever was to the latest, on every twin. */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "services/agents/agents_sql.h"
#include "services/world/proposals_sql.h"

typedef struct Service {
    const char *name;
    const SqlMigrations *migrations;
} Service;

static const Service SERVICES[] = {
    {"agents", &AGENTS_SQL_MIGRATIONS},
    {"proposals", &PROPOSALS_SQL_MIGRATIONS},
};

static void migrate_from(const char *url, SqlMigrations migrations, size_t version)
{
    Sql *sql;

    assert_ok(sql_open(url, (SqlMigrations){migrations.items, version}, &sql));
    sql_close(sql);
    assert_ok(sql_open(url, migrations, &sql));
    sql_close(sql);
}

static void each_service_comes_from_any_version_to_the_latest(void **state)
{
    const Shop *shop = *state;
    char url[sizeof shop->url + 32];

    for (size_t i = 0; i < sizeof SERVICES / sizeof *SERVICES; i++)
        for (size_t version = 0; version <= SERVICES[i].migrations->count; version++) {
            (void)snprintf(url, sizeof url, "%s_%s_%zu", shop->url, SERVICES[i].name, version);
            migrate_from(url, *SERVICES[i].migrations, version);
        }
}

static void a_service_made_by_this_program_is_looked_at_as_sound(void **state)
{
    Shop *shop = *state;
    char url[sizeof shop->url + 32];
    Str report;

    for (size_t i = 0; i < sizeof SERVICES / sizeof *SERVICES; i++) {
        (void)snprintf(url, sizeof url, "%s_%s", shop->url, SERVICES[i].name);
        migrate_from(url, *SERVICES[i].migrations, 0);
        assert_ok(sql_check(url, *SERVICES[i].migrations, &shop->arena, &report));
        assert_true(str_starts(report, STR("sound, ")));
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        shop_test(each_service_comes_from_any_version_to_the_latest),
        shop_test(a_service_made_by_this_program_is_looked_at_as_sound),
    };

    shop_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
