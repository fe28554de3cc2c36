#include "services/analytics/roll_up.h"

#include <string.h>

#include "base/json.h"
#include "services/analytics/analytics_sql.h"

/* Days of a calendar with what is known of them. */
typedef struct Work {
    const Calendar *calendar;
    const Measure *measure;
    Arena *arena;
    int64_t *numbers;
    int64_t oldest_ms; /* events from before are gone */
    int64_t *versions; /* of what each day rests on */
    bool *is_old;
    size_t old_count;
} Work;

static int64_t from_ms(const Work *work, size_t day)
{
    int64_t from = work->calendar->begin_ms[day] - work->measure->before_ms;

    return from > 0 ? from : 0;
}

static int64_t to_ms(const Work *work, size_t day)
{
    return work->calendar->begin_ms[day + 1] + work->measure->behind_ms;
}

/* ---- what is kept */

static Err read_versions(Sql *sql, Work *work)
{
    int64_t first = from_ms(work, 0) / ANALYTICS_DAY_MS;
    int64_t last = (to_ms(work, work->calendar->count - 1) - 1) / ANALYTICS_DAY_MS;
    AnalyticsSqlListVersions *rows;
    size_t count;

    TRY(analytics_sql_list_versions(sql, NULL, work->arena, first, last, &rows, &count));
    work->versions = arena_array(work->arena, int64_t, work->calendar->count);
    for (size_t day = 0; day < work->calendar->count; day++)
        for (size_t i = 0; i < count; i++)
            if (rows[i].day >= from_ms(work, day) / ANALYTICS_DAY_MS &&
                rows[i].day <= (to_ms(work, day) - 1) / ANALYTICS_DAY_MS)
                work->versions[day] += rows[i].version;
    return OK;
}

static bool read_numbers(const Work *work, Json content, int64_t *out)
{
    const json_t *list;
    Err e = json_read_into(work->arena, content, &list);

    if (failed(&e) || json_array_size(list) != work->measure->width)
        return false;
    for (size_t i = 0; i < work->measure->width; i++)
        out[i] = json_integer_value(json_array_get(list, i));
    return true;
}

/* What a day rests on is partly gone: what was counted of it stays, whoever takes back their consent for the rest. */
static bool is_settled(const Work *work, size_t day)
{
    return from_ms(work, day) < work->oldest_ms;
}

/* Of the same events, and of a day that began and ended when it does by the rules of its zone that are known now. */
static bool is_right(const Work *work, const AnalyticsSqlListRollUps *row, size_t day)
{
    const int64_t *begin_ms = &work->calendar->begin_ms[day];

    return row->versions == work->versions[day] && row->begin_ms == begin_ms[0] && row->end_ms == begin_ms[1];
}

static Err read_kept(Sql *sql, Work *work)
{
    const Calendar *calendar = work->calendar;
    AnalyticsSqlListRollUps *rows;
    size_t count;

    TRY(analytics_sql_list_roll_ups(sql, NULL, work->arena, work->measure->name, calendar->zone,
                                    calendar->first_day, calendar->first_day + (int64_t)calendar->count - 1,
                                    &rows, &count));
    work->is_old = arena_array(work->arena, bool, calendar->count);
    memset(work->is_old, true, calendar->count);
    work->old_count = calendar->count;
    for (size_t i = 0; i < count; i++) {
        size_t day = (size_t)(rows[i].day - calendar->first_day);
        int64_t *numbers = work->numbers + day * work->measure->width;
        if (!is_right(work, &rows[i], day) && !is_settled(work, day))
            continue;
        if (!read_numbers(work, rows[i].content, numbers))
            continue;
        work->is_old[day] = false;
        work->old_count--;
    }
    return OK;
}

/* ---- what is made anew */

typedef struct Making {
    const Work *work;
    Calendar part; /* from the first old day to the last */
    int64_t *numbers;
} Making;

static void add_visitor(void *context, const Visited *visited)
{
    const Making *making = context;
    const Measure *measure = making->work->measure;

    measure->add(measure->context, &making->part, visited, making->numbers);
}

static Err make(Sql *sql, Work *work)
{
    size_t first = 0, last = work->calendar->count - 1, width = work->measure->width;

    while (!work->is_old[first])
        first++;
    while (!work->is_old[last])
        last--;
    Making making = {.work = work, .part = *work->calendar};
    making.part.first_day += (int64_t)first;
    making.part.begin_ms += first;
    making.part.count = last - first + 1;
    making.numbers = arena_array(work->arena, int64_t, making.part.count *width);
    TRY(walk(sql, from_ms(work, first), to_ms(work, last), add_visitor, &making));
    for (size_t day = first; day <= last; day++)
        if (work->is_old[day])
            memcpy(work->numbers + day * width, making.numbers + (day - first) * width,
                   width * sizeof *work->numbers);
    return OK;
}

static Json write_numbers(const Work *work, size_t day)
{
    Buf out = {.arena = work->arena};

    for (size_t i = 0; i < work->measure->width; i++) {
        buf_put_char(&out, i > 0 ? ',' : '[');
        buf_put_int(&out, work->numbers[day * work->measure->width + i]);
    }
    buf_put_char(&out, ']');
    return buf_str(&out);
}

static Err keep_numbers(void *context, Tx *tx)
{
    const Work *work = context;

    for (size_t day = 0; day < work->calendar->count; day++)
        if (work->is_old[day])
            TRY(analytics_sql_put_roll_up(tx, work->measure->name, work->calendar->zone,
                                          work->calendar->first_day + (int64_t)day,
                                          work->calendar->begin_ms[day], work->calendar->begin_ms[day + 1],
                                          work->versions[day], write_numbers(work, day), NULL));
    return OK;
}

/* One state of the database: the versions are of the events that are read. */
static Err read_and_make(Sql *sql, Work *work)
{
    AUTO_END_READS Sql *reading = NULL;

    TRY(sql_begin_reads(sql, &reading));
    TRY(read_versions(reading, work));
    TRY(read_kept(reading, work));
    return work->old_count > 0 ? make(reading, work) : OK;
}

static Work work_on(const Analytics *analytics, Arena *arena, const Calendar *calendar,
                    const Measure *measure)
{
    return (Work){
        .calendar = calendar,
        .measure = measure,
        .arena = arena,
        .numbers = arena_array(arena, int64_t, calendar->count * measure->width),
        .oldest_ms = analytics_oldest_day(analytics) * ANALYTICS_DAY_MS,
    };
}

Err roll_up(Analytics *analytics, Arena *arena, const Calendar *calendar, const Measure *measure,
            int64_t **numbers)
{
    Work work = work_on(analytics, arena, calendar, measure);

    *numbers = work.numbers;
    TRY(read_and_make(analytics->sql, &work));
    return work.old_count > 0 ? sql_transact_rows(analytics->sql, keep_numbers, &work) : OK;
}

Err roll_up_raw(Analytics *analytics, Arena *arena, const Calendar *calendar, const Measure *measure,
                int64_t **numbers)
{
    Work work = work_on(analytics, arena, calendar, measure);
    AUTO_END_READS Sql *reading = NULL;

    *numbers = work.numbers;
    work.is_old = arena_array(arena, bool, calendar->count);
    memset(work.is_old, true, calendar->count);
    TRY(sql_begin_reads(analytics->sql, &reading));
    return make(reading, &work);
}
