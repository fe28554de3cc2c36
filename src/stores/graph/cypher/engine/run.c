#include "stores/graph/cypher/engine/run.h"

#include <stdarg.h>
#include <stdio.h>

enum { LARGE = 1 << 16 };

Err run_refuse(CypherPlace place, const char *format, ...)
{
    char text[ERR_TEXT];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return err(UNPROCESSABLE, "line %u, column %u: %s", place.line, place.column, text);
}

static Err check_memory(const Run *run, size_t more)
{
    size_t used = run->scratch.used + run->kept.used + run->access.arena.used;

    if (more <= run->budget.bytes && used <= run->budget.bytes - more)
        return OK;
    return err(UNPROCESSABLE,
               "the query needs more than its %zu MB of memory: let it keep fewer rows or smaller lists",
               run->budget.bytes >> 20);
}

static Err look(const Run *run)
{
    if (clock_monotonic_us(run->clock) > run->deadline_us)
        return err(UNPROCESSABLE,
                   "the query takes longer than its %.1f s: begin at an id or a label, or go fewer hops",
                   (double)run->budget.time_us / 1e6);
    return check_memory(run, 0);
}

Err run_tick(Run *run)
{
    return ++run->ticks % RUN_TICKS_PER_LOOK == 0 ? look(run) : OK;
}

Err run_reserve(Run *run, size_t bytes)
{
    TRY(check_memory(run, bytes));
    return bytes > LARGE ? look(run) : run_tick(run);
}

Err run_reserve_items(Run *run, CypherPlace place, size_t count)
{
    if (count > RUN_MAX_ITEMS)
        return run_refuse(place, "a list of %zu items is too long: %d at the most", count, RUN_MAX_ITEMS);
    return run_reserve(run, count * sizeof(Value));
}

Err run_reserve_text(Run *run, CypherPlace place, size_t bytes)
{
    if (bytes > RUN_MAX_TEXT)
        return run_refuse(place, "a text of %zu bytes is too long: %d at the most", bytes, RUN_MAX_TEXT);
    return run_reserve(run, bytes);
}

Err run_enter(Run *run)
{
    if (++run->depth <= RUN_MAX_DEPTH)
        return OK;
    return err(UNPROCESSABLE,
               "the query goes deeper than %d clauses, hops and expressions: give * an upper limit",
               RUN_MAX_DEPTH);
}
