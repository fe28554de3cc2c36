#include "services/analytics/record.h"

#include <string.h>

#include "services/analytics/analytics_sql.h"

typedef struct Keeping {
    const Analytics *analytics;
    const Intake *intake;
    Str user_id; /* absent: nobody is known */
    Kept kept;
} Keeping;

/* How many items from i on are of the same day, and visitor. */
static size_t run_of(const Intake *intake, size_t i, bool same_visitor)
{
    const Taken *first = &intake->items[i];
    size_t end = i + 1;

    for (; end < intake->count; end++) {
        const Taken *item = &intake->items[end];
        bool is_same = item->visitor_len == first->visitor_len &&
                       memcmp(item->visitor, first->visitor, first->visitor_len) == 0;
        if (item->day != first->day || (same_visitor && !is_same))
            break;
    }
    return end - i;
}

static Err add_to_row(Tx *tx, Arena *arena, const Taken *first, size_t count, size_t *added)
{
    RowEvent *events = arena_array(arena, RowEvent, count);
    AnalyticsSqlGetVisit there = {0};
    bool found;
    Row row;

    for (size_t i = 0; i < count; i++)
        events[i] = first[i].event;
    TRY(analytics_sql_get_visit(NULL, tx, arena, first->day, taken_visitor(first), &there, &found));
    Row old = found ? (Row){{there.events.data, there.events.len}, there.details} : (Row){STR(""), STR("")};
    TRY(row_merge(arena, old, events, count, &row, added));
    if (*added == 0)
        return OK;
    return analytics_sql_put_visit(tx, first->day, taken_visitor(first),
                                   (SqlBlob){row.events.data, row.events.len}, row.details, NULL);
}

static Err keep_visitor(Keeping *keeping, Tx *tx, Arena *arena, const Taken *first, size_t count)
{
    int64_t is_withdrawn = 0;
    size_t added;

    if (first->visitor_len == VISITOR_BYTES) {
        TRY(analytics_sql_is_withdrawn(NULL, tx, taken_visitor(first), &is_withdrawn));
        if (is_withdrawn != 0) {
            keeping->kept.withdrawn += count;
            return OK;
        }
        if (keeping->user_id.len > 0)
            TRY(analytics_sql_link(tx, keeping->user_id, taken_visitor(first), NULL));
    }
    TRY(add_to_row(tx, arena, first, count, &added));
    keeping->kept.added += added;
    return OK;
}

static Err drop_what_is_over(const Analytics *analytics, Tx *tx)
{
    int64_t first = analytics_oldest_day(analytics);

    TRY(analytics_sql_drop_visits_before(tx, first, NULL));
    TRY(analytics_sql_drop_exposures_before(tx, first * ANALYTICS_DAY_MS, NULL));
    return analytics_sql_drop_withdrawn_before(tx, first, NULL);
}

/* Every way to a day leads through here, or a day could begin without what is over being thrown away. */
Err record_open_day(const Analytics *analytics, Tx *tx, int64_t day)
{
    int64_t version;

    TRY(analytics_sql_touch_day(tx, day, NULL));
    TRY(analytics_sql_get_version(NULL, tx, day, &version));
    return version > 1 ? OK : drop_what_is_over(analytics, tx);
}

/* Whoever has the day's row is alone with the day: what is read of it then is what there is. */
static Err keep_day(Keeping *keeping, Tx *tx, Arena *arena, const Taken *items, size_t count)
{
    const Intake of_day = {.items = (Taken *)items, .count = count};

    TRY(record_open_day(keeping->analytics, tx, items->day));
    for (size_t i = 0, run; i < count; i += run) {
        run = run_of(&of_day, i, true);
        TRY(keep_visitor(keeping, tx, arena, &items[i], run));
    }
    return OK;
}

/* May run again: it begins anew. Days in their order, so that two never wait for each other. */
static Err keep(void *context, Tx *tx)
{
    AUTO_ARENA Arena arena = {0};
    Keeping *keeping = context;
    const Intake *intake = keeping->intake;

    arena_init(&arena);
    keeping->kept = (Kept){0};
    for (size_t i = 0, run; i < intake->count; i += run) {
        run = run_of(intake, i, false);
        TRY(keep_day(keeping, tx, &arena, &intake->items[i], run));
    }
    return OK;
}

Err record_keep(const Analytics *analytics, const Intake *intake, Str user_id, Kept *out)
{
    Keeping keeping = {.analytics = analytics, .intake = intake, .user_id = user_id};

    if (intake->count > 0)
        TRY(sql_transact_rows(analytics->sql, keep, &keeping));
    *out = keeping.kept;
    return OK;
}

Err analytics_record(Call *call, const AnalyticsBatch *in, EventsTaken *out)
{
    const Analytics *analytics = call->service;
    Intake intake;
    Kept kept;

    TRY(intake_read(analytics, call, in->events, &intake));
    *out = (EventsTaken){.ignored = (int64_t)intake.ignored, .refused = intake.refused};
    if (intake_is_bot(analytics, call)) {
        out->ignored += (int64_t)intake.count;
        return OK;
    }
    TRY(record_keep(analytics, &intake, call->identity.subject, &kept));
    out->accepted = (int64_t)kept.added;
    out->ignored += (int64_t)kept.withdrawn;
    out->duplicates = (int64_t)(intake.count - kept.added - kept.withdrawn);
    return OK;
}
