#include "services/auth/audit/audit.h"

#include "base/json.h"
#include "services/auth/audit_sql.h"
#include "services/auth/opaque.h"

/* What a row's hash covers: the hash before it, and the row, as one JSON text (which can be read in one way only). */
static Str hash_of(Arena *arena, Str previous, const AuditSqlEntry *row)
{
    const Str texts[] = {previous, row->act, row->actor, row->subject, row->detail};
    Buf text = {.arena = arena};

    buf_format(&text, "[%lld,%lld", (long long)row->number, (long long)row->at_us);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        buf_put_char(&text, ',');
        json_put_string(&text, texts[i]);
    }
    buf_put_char(&text, ']');
    return opaque_hash(arena, buf_str(&text));
}

Err audit_add(Tx *tx, Arena *arena, int64_t now_us, const AuditEvent *event)
{
    AuditSqlGetHead head = {0, STR("")};
    bool found;

    TRY(audit_sql_get_head(NULL, tx, arena, &head, &found));
    AuditSqlEntry row = {head.number + 1, now_us,        event->act, event->actor,
                         event->subject,  event->detail, STR("")};
    row.hash = hash_of(arena, found ? head.hash : STR(""), &row);
    /* The head first: of two at once PostgreSQL has the second begin anew for it, where for a row's number it would say that there is one. */
    TRY(audit_sql_put_head(tx, row.number, row.hash, NULL));
    return audit_sql_add(tx, row.number, row.at_us, row.act, row.actor, row.subject, row.detail, row.hash,
                         NULL);
}

typedef struct Walk {
    Arena *arena;
    AuditState state;
} Walk;

static Err damaged(int64_t number, const char *how)
{
    return err(INTERNAL, "audit: row %lld %s; compare it with a backup", (long long)number, how);
}

static Err check_row(void *context, const AuditSqlEntry *row)
{
    Walk *walk = context;
    AUTO_ARENA Arena scratch = {0};

    if (row->number != walk->state.rows + 1)
        return damaged(walk->state.rows + 1, "is missing");
    arena_init(&scratch);
    if (!str_equal(hash_of(&scratch, walk->state.head, row), row->hash))
        return damaged(row->number, "isn't as it was written");
    walk->state.rows++;
    walk->state.head = str_copy(walk->arena, row->hash);
    return OK;
}

Err audit_verify(Sql *sql, Arena *arena, AuditState *out)
{
    Walk walk = {arena, {0, STR("")}};
    AuditSqlGetHead head = {0, STR("")};
    bool found;

    TRY(audit_sql_walk(sql, NULL, check_row, &walk));
    TRY(audit_sql_get_head(sql, NULL, arena, &head, &found));
    if (head.number > walk.state.rows)
        return damaged(walk.state.rows + 1, "is missing");
    if (found && !str_equal(head.hash, walk.state.head))
        return damaged(head.number, "isn't the one that was written last");
    *out = walk.state;
    return OK;
}
