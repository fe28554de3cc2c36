#include "stores/sql/migrate.h"

#include <inttypes.h>

#include "stores/sql/history_sql.h"

static Str digest_of(Sql *sql, Arena *arena, const SqlMigration *migration)
{
    return str_format(arena, "%016" PRIx64, str_hash(str_from(sql->twin->migration_text(migration))));
}

/* The applied ones must be the first ones of ours, unchanged. */
static Err compare(Sql *sql, Arena *arena, const HistorySqlList *applied, size_t count,
                   SqlMigrations migrations)
{
    if (count > migrations.count)
        return err(
            INTERNAL,
            "made by a newer NERDX (migration %zu, this program knows %zu): run that version, or restore an "
            "older backup",
            count, migrations.count);
    for (size_t i = 0; i < count; i++) {
        const SqlMigration *ours = &migrations.items[i];
        if (applied[i].version != ours->version || !str_equal(applied[i].digest, digest_of(sql, arena, ours)))
            return err(INTERNAL,
                       "migration %d (%s) isn't the one this program has: run the version that made the "
                       "database, or "
                       "move the file away",
                       ours->version, ours->name);
    }
    return OK;
}

/* Within tx, or as a read when tx is NULL. */
static Err count_applied(Sql *sql, Tx *tx, SqlMigrations migrations, size_t *count)
{
    AUTO_ARENA Arena arena = {0};
    HistorySqlList *applied;
    int64_t tables;

    *count = 0;
    TRY(history_sql_count_tables(sql, tx, &tables));
    if (tables == 0)
        return OK;
    TRY(history_sql_list(sql, tx, &arena, &applied, count));
    return compare(sql, &arena, applied, *count, migrations);
}

Err migrate_count(Sql *sql, SqlMigrations migrations, size_t *applied)
{
    return count_applied(sql, NULL, migrations, applied);
}

/* Who comes second finds the migration applied. */
static Err apply_next(Sql *sql, SqlMigrations migrations, size_t *applied)
{
    AUTO_ARENA Arena arena = {0};
    AUTO_ROLLBACK Tx *tx = NULL;
    size_t done;

    TRY(sql->twin->begin_migration(sql, &tx));
    TRY(count_applied(sql, tx, migrations, &done));
    if (done < migrations.count) {
        const SqlMigration *next = &migrations.items[done];
        TRY(sql->twin->script(tx, sql->twin->migration_text(&HISTORY_SQL_MIGRATIONS.items[0])));
        TRY(sql->twin->script(tx, sql->twin->migration_text(next)));
        TRY(history_sql_add(tx, next->version, str_from(next->name), digest_of(sql, &arena, next), NULL));
        done++;
    }
    *applied = done;
    return sql_commit(&tx);
}

Err migrate(Sql *sql, SqlMigrations migrations)
{
    size_t applied;

    TRY(migrate_count(sql, migrations, &applied));
    while (applied < migrations.count)
        TRY(apply_next(sql, migrations, &applied));
    return OK;
}
