/* From a URL to a database: which twin it is of, and that its schema is the program's. */
#include <string.h>

#include "stores/sql/migrate.h"
#include "stores/sql/twin.h"

static const SqlTwin *const TWINS[] = {&SQLITE_TWIN, &POSTGRES_TWIN};

enum { TWIN_COUNT = sizeof TWINS / sizeof *TWINS };

/* NULL when the URL is of no twin. */
static const SqlTwin *find_twin(const char *url, const char **address)
{
    for (size_t i = 0; i < TWIN_COUNT; i++) {
        size_t len = strlen(TWINS[i]->scheme);
        if (strncmp(url, TWINS[i]->scheme, len) == 0 && url[len] == ':' && url[len + 1]) {
            *address = url + len + 1;
            return TWINS[i];
        }
    }
    return NULL;
}

/* Shows the scheme only: the rest may hold a password. */
static Err unknown_url(const char *url)
{
    int scheme = (int)strcspn(url, ":");

    return err(INVALID,
               "\"%.*s:\" is no database I know; the URL should look like sqlite:/path/file.db or "
               "postgresql://user@host/database",
               scheme < 40 ? scheme : 40, url);
}

/* For the operator: which database it is. Of a long path the end tells most. */
static Err name_place(Err e, const SqlTwin *twin, const char *address)
{
    enum { SHOWN = 60 };
    AUTO_ARENA Arena arena = {0};
    const char *place = twin->place(&arena, address);
    size_t len = strlen(place);
    const char *end = len > SHOWN ? place + len - SHOWN : place;
    Err named = err(e.code, "%s%s: %s", len > SHOWN ? "..." : "", end, e.message);

    return err_retry_after(err_detail(named, "%s", e.detail), e.retry_after_s);
}

/* What a database is called where stores are watched: its file without folders and ending, its schema on a server. Never
 * the address: that may hold a password. */
static Str name_of(const char *address)
{
    Str rest = str_from(address);
    size_t schema = str_find(rest, STR("#"), 0);
    size_t begin = 0;

    if (schema != SIZE_MAX)
        return str_slice(rest, schema + 1, rest.len);
    for (size_t i = 0; i < rest.len; i++)
        if (rest.data[i] == '/')
            begin = i + 1;
    rest = str_slice(rest, begin, rest.len);
    size_t ending = strcspn(rest.data, ".?");
    return str_slice(rest, 0, ending);
}

static void use_of(void *context, StoreUse *out)
{
    Sql *sql = context;

    sql->twin->use(sql, out);
}

static void watch(Sql *sql, const SqlTwin *twin, const char *address)
{
    AUTO_ARENA Arena scratch = {0};
    Str name = name_of(address);

    sql->watch =
        store_watch_create(str_c(&scratch, name.len > 0 ? name : STR("database")), twin->scheme, use_of, sql);
}

Err sql_open(const char *url, SqlMigrations migrations, Sql **out)
{
    const char *address = NULL;
    const SqlTwin *twin = find_twin(url, &address);
    Sql *sql;

    *out = NULL;
    if (!twin)
        return unknown_url(url);
    Err e = twin->open(address, &sql);
    if (failed(&e))
        return name_place(e, twin, address);
    e = migrate(sql, migrations);
    if (failed(&e)) {
        sql_close(sql);
        return name_place(e, twin, address);
    }
    watch(sql, twin, address);
    *out = sql;
    return OK;
}

Err sql_find_twin(const char *url, const SqlTwin **twin, const char **address)
{
    *twin = find_twin(url, address);
    return *twin ? OK : unknown_url(url);
}

Err sql_look(const char *url, SqlMigrations migrations, SqlLook *out)
{
    const char *address = NULL;
    const SqlTwin *twin;

    *out = (SqlLook){0};
    TRY(sql_find_twin(url, &twin, &address));
    Err e = twin->look(address, migrations, out);
    return failed(&e) ? name_place(e, twin, address) : OK;
}

Err sql_check(const char *url, SqlMigrations migrations, Arena *arena, Str *report)
{
    SqlLook seen;

    TRY(sql_look(url, migrations, &seen));
    if (!seen.is_there)
        *report = STR("absent, will be made");
    else if (seen.file_size)
        *report = str_format(arena, "sound, %zu of %zu migrations, %.1f MB", seen.applied.count,
                             migrations.count, (double)seen.file_size / 1e6);
    else
        *report = str_format(arena, "sound, %zu of %zu migrations", seen.applied.count, migrations.count);
    return OK;
}

Err sql_backup(const char *url, const char *path, int64_t until_s)
{
    const SqlTwin *twin;
    const char *address;

    TRY(sql_find_twin(url, &twin, &address));
    if (!twin->backup)
        return err(UNSUPPORTED, "it lies on a server, which has tools of its own (docs/operations.md)");
    Err e = twin->backup(address, path, until_s);
    return failed(&e) ? name_place(e, twin, address) : OK;
}

Err sql_archive_base(const char *url, SqlMigrations migrations)
{
    const SqlTwin *twin;
    const char *address;
    SqlLook seen;
    Sql *sql = NULL;

    TRY(sql_find_twin(url, &twin, &address));
    if (!twin->archive_base)
        return err(UNSUPPORTED, "it lies on a server, which has tools of its own (docs/operations.md)");
    TRY(sql_look(url, migrations, &seen));
    if (!seen.is_there)
        return err(NOT_FOUND, "there is no such database yet");
    if (seen.applied.count != migrations.count)
        return err(CONFLICT, "its tables aren't of this program: `nerdx migrate` first");
    TRY(sql_open(url, migrations, &sql));
    Err e = twin->archive_base(sql);
    sql_close(sql);
    return e;
}

Err sql_migrate(const char *url, SqlMigrations migrations, const SqlMigrating *how)
{
    const SqlTwin *twin;
    const char *address;
    SqlLook seen;
    Sql *sql;

    TRY(sql_look(url, migrations, &seen));
    TRY(sql_find_twin(url, &twin, &address));
    for (size_t i = 0; i < migrations.count; i++)
        if (!seen.applied.has[i])
            TRY(how->on_migration(how->context, &migrations.items[i],
                                  twin->migration_text(&migrations.items[i])));
    if (how->dry_run)
        return OK;
    TRY(sql_open(url, migrations, &sql));
    sql_close(sql);
    return OK;
}
