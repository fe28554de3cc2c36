#include "stores/sql/migrate.h"

#include <inttypes.h>

#include "stores/sql/history_sql.h"

static Str digest_of(Sql *sql, Arena *arena, const SqlMigration *migration)
{
    return str_format(arena, "%016" PRIx64, str_hash(str_from(sql->twin->migration_text(migration))));
}

static const SqlMigration *find(SqlMigrations migrations, int64_t version)
{
    for (size_t i = 0; i < migrations.count; i++)
        if (migrations.items[i].version == version)
            return &migrations.items[i];
    return NULL;
}

/* Each applied one must be one of ours, unchanged. */
static Err compare(Sql *sql, Arena *arena, const HistorySqlList *applied, SqlMigrations migrations)
{
    const SqlMigration *ours = find(migrations, applied->version);

    if (ours == NULL)
        return err(INTERNAL,
                   "made by a newer NERDX (it has migration %04" PRId64
                   ", which this program doesn't know): run that version, or restore an older backup",
                   applied->version);
    if (!str_equal(applied->digest, digest_of(sql, arena, ours)))
        return err(
            INTERNAL,
            "migration %d (%s) isn't the one this program has: run the version that made the database, "
            "or move the file away",
            ours->version, ours->name);
    return OK;
}

/* Within tx, or as a read when tx is NULL. */
static Err look(Sql *sql, Tx *tx, SqlMigrations migrations, SqlApplied *out)
{
    AUTO_ARENA Arena arena = {0};
    HistorySqlList *rows;
    int64_t tables;

    assert(migrations.count <= SQL_MOST_MIGRATIONS);
    *out = (SqlApplied){0};
    TRY(history_sql_count_tables(sql, tx, &tables));
    if (tables == 0)
        return OK;
    TRY(history_sql_list(sql, tx, &arena, &rows, &out->count));
    for (size_t i = 0; i < out->count; i++) {
        TRY(compare(sql, &arena, &rows[i], migrations));
        out->has[find(migrations, rows[i].version) - migrations.items] = true;
    }
    return OK;
}

Err migrate_look(Sql *sql, SqlMigrations migrations, SqlApplied *applied)
{
    return look(sql, NULL, migrations, applied);
}

static const SqlMigration *next_of(SqlMigrations migrations, const SqlApplied *applied)
{
    for (size_t i = 0; i < migrations.count; i++)
        if (!applied->has[i])
            return &migrations.items[i];
    return NULL;
}

/* Who comes second finds the migration applied. */
static Err apply_next(Sql *sql, SqlMigrations migrations, SqlApplied *applied)
{
    AUTO_ARENA Arena arena = {0};
    AUTO_ROLLBACK Tx *tx = NULL;

    TRY(sql->twin->begin_migration(sql, &tx));
    TRY(look(sql, tx, migrations, applied));
    const SqlMigration *next = next_of(migrations, applied);
    if (next != NULL) {
        TRY(sql->twin->script(tx, sql->twin->migration_text(&HISTORY_SQL_MIGRATIONS.items[0])));
        TRY(sql->twin->script(tx, sql->twin->migration_text(next)));
        TRY(history_sql_add(tx, next->version, str_from(next->name), digest_of(sql, &arena, next), NULL));
        applied->has[next - migrations.items] = true;
        applied->count++;
    }
    return sql_commit(&tx);
}

Err migrate(Sql *sql, SqlMigrations migrations)
{
    SqlApplied applied;

    TRY(migrate_look(sql, migrations, &applied));
    while (applied.count < migrations.count)
        TRY(apply_next(sql, migrations, &applied));
    return OK;
}
