#include "stores/graph/cypher/engine/aggregate.h"

#include <math.h>
#include <stdlib.h>

#include "stores/graph/cypher/engine/compare.h"
#include "stores/graph/cypher/engine/evaluate.h"
#include "stores/graph/cypher/engine/tuples.h"

struct Accumulator {
    const CypherExpression *call;
    CypherFunction function;
    int64_t count; /* of values that weren't null */
    Value sum;     /* of sum: an integer until a float comes */
    double mean;   /* of avg, stDev */
    double spread; /* sum of the squares of the distances from the mean */
    Value best;    /* of min, max */
    Value *items;  /* of collect and percentiles */
    size_t item_count;
    size_t item_room;
    double percentile;
    Tuples seen; /* of DISTINCT */
};

/* ---- Where aggregations stand ---- */

bool aggregate_result(const Run *run, const CypherExpression *expression, Value *out)
{
    const Aggregation *aggregation = run->aggregation;

    if (aggregation == NULL)
        return false;
    for (size_t i = 0; i < aggregation->count; i++)
        if (aggregation->calls[i] == expression) {
            *out = aggregation->results[i];
            return true;
        }
    return false;
}

/* ---- One row more ---- */

static Err refuse(const Accumulator *accumulator, const char *needed, Value found)
{
    const CypherExpression *call = accumulator->call;

    return run_refuse(call->place, "%.*s(): %s is needed, not %s", STR_ARG(call->call.name), needed,
                      value_type_name(found.type));
}

static Err add_to_sum(Accumulator *accumulator, Value value)
{
    Value *sum = &accumulator->sum;

    if (!value_is_number(value))
        return refuse(accumulator, "a number", value);
    if (sum->type == VALUE_FLOAT || value.type == VALUE_FLOAT)
        *sum = value_float(value_to_double(*sum) + value_to_double(value));
    else if (__builtin_add_overflow(sum->integer, value.integer, &sum->integer))
        return run_refuse(accumulator->call->place, "the sum is outside the 64-bit integers");
    return OK;
}

/* By Welford's method (Technometrics 4, 1962), which doesn't lose digits as adding squares up does. */
static Err add_to_mean(Accumulator *accumulator, Value value)
{
    double distance;

    if (!value_is_number(value))
        return refuse(accumulator, "a number", value);
    distance = value_to_double(value) - accumulator->mean;
    accumulator->mean += distance / (double)accumulator->count;
    accumulator->spread += distance * (value_to_double(value) - accumulator->mean);
    return OK;
}

static void add_to_best(Run *run, Accumulator *accumulator, Value value)
{
    int order = value_order(value, accumulator->best);
    bool better = accumulator->function == CYPHER_FN_MIN ? order < 0 : order > 0;

    if (accumulator->count == 1 || better)
        accumulator->best = value_copy(&run->kept, value);
}

static void add_to_items(Run *run, Accumulator *accumulator, Value value)
{
    ARENA_MORE(&run->kept, accumulator->items, accumulator->item_count, accumulator->item_room, 4);
    accumulator->items[accumulator->item_count++] = value_copy(&run->kept, value);
}

static Err add_to_percentile(Run *run, Accumulator *accumulator, Value value)
{
    const CypherExpression *argument = accumulator->call->call.arguments[1];
    Value percentile;

    if (!value_is_number(value))
        return refuse(accumulator, "a number", value);
    TRY(evaluate(run, argument, &percentile));
    if (!value_is_number(percentile))
        return run_refuse(argument->place, "a percentile is a number, not %s",
                          value_type_name(percentile.type));
    accumulator->percentile = value_to_double(percentile);
    if (!(accumulator->percentile >= 0 && accumulator->percentile <= 1))
        return run_refuse(argument->place, "a percentile is from 0.0 to 1.0, not %g",
                          accumulator->percentile);
    add_to_items(run, accumulator, value);
    return OK;
}

static Err add_value(Run *run, Accumulator *accumulator, Value value)
{
    accumulator->count++;
    switch (accumulator->function) {
    case CYPHER_FN_SUM:
        return add_to_sum(accumulator, value);
    case CYPHER_FN_AVG:
    case CYPHER_FN_ST_DEV:
    case CYPHER_FN_ST_DEV_P:
        return add_to_mean(accumulator, value);
    case CYPHER_FN_MIN:
    case CYPHER_FN_MAX:
        add_to_best(run, accumulator, value);
        return OK;
    case CYPHER_FN_PERCENTILE_CONT:
    case CYPHER_FN_PERCENTILE_DISC:
        return add_to_percentile(run, accumulator, value);
    case CYPHER_FN_COLLECT:
        add_to_items(run, accumulator, value);
        return OK;
    default:
        return OK;
    }
}

Accumulator *aggregate_begin(Run *run, const CypherExpression *call)
{
    Accumulator *accumulator = arena_new(&run->kept, Accumulator);

    accumulator->call = call;
    accumulator->function = call->kind == CYPHER_COUNT_ALL ? CYPHER_FN_COUNT : call->call.function;
    accumulator->sum = value_integer(0);
    tuples_init(&accumulator->seen, &run->kept, 1);
    return accumulator;
}

Err aggregate_add(Run *run, Accumulator *accumulator)
{
    const CypherExpression *call = accumulator->call;
    bool is_new = true;
    Value value;

    if (call->kind == CYPHER_COUNT_ALL) {
        accumulator->count++;
        return OK;
    }
    TRY(evaluate(run, call->call.arguments[0], &value));
    if (value_is_null(value))
        return OK;
    if (call->call.distinct)
        (void)tuples_put(&accumulator->seen, &value, &is_new);
    if (is_new)
        TRY(add_value(run, accumulator, value));
    return run_reserve(run, 0);
}

/* ---- Results ---- */

static int compare_values(const void *a, const void *b)
{
    return value_order(*(const Value *)a, *(const Value *)b);
}

/* The value that so many of all are less than or equal to. */
static Value percentile_disc(const Accumulator *accumulator)
{
    double place = ceil(accumulator->percentile * (double)accumulator->item_count);

    return accumulator->items[place < 1 ? 0 : (size_t)place - 1];
}

/* Between the two values that are next to the place. */
static Value percentile_cont(const Accumulator *accumulator)
{
    double place = accumulator->percentile * (double)(accumulator->item_count - 1);
    size_t below = (size_t)place;
    size_t above = below + 1 < accumulator->item_count ? below + 1 : below;
    double low = value_to_double(accumulator->items[below]);
    double high = value_to_double(accumulator->items[above]);
    double share = place - (double)below;

    return value_float(low == high ? low : low * (1 - share) + high * share);
}

static Value percentile(const Accumulator *accumulator)
{
    if (accumulator->item_count == 0)
        return value_null();
    qsort(accumulator->items, accumulator->item_count, sizeof(*accumulator->items), compare_values);
    return accumulator->function == CYPHER_FN_PERCENTILE_DISC ? percentile_disc(accumulator)
                                                              : percentile_cont(accumulator);
}

/* Of a sample (stDev) or of all there is (stDevP); of one value 0. */
static double deviation(const Accumulator *accumulator)
{
    int64_t divisor = accumulator->count - (accumulator->function == CYPHER_FN_ST_DEV);

    return divisor > 0 ? sqrt(accumulator->spread / (double)divisor) : 0;
}

Err aggregate_end(Run *run, Accumulator *accumulator, Value *out)
{
    switch (accumulator->function) {
    case CYPHER_FN_COUNT:
        *out = value_integer(accumulator->count);
        break;
    case CYPHER_FN_SUM:
        *out = accumulator->sum;
        break;
    case CYPHER_FN_AVG:
        *out = accumulator->count > 0 ? value_float(accumulator->mean) : value_null();
        break;
    case CYPHER_FN_MIN:
    case CYPHER_FN_MAX:
        *out = accumulator->best;
        break;
    case CYPHER_FN_COLLECT:
        *out = value_list(accumulator->items, accumulator->item_count);
        break;
    case CYPHER_FN_ST_DEV:
    case CYPHER_FN_ST_DEV_P:
        *out = value_float(deviation(accumulator));
        break;
    default:
        *out = percentile(accumulator);
        break;
    }
    if (out->depth > RUN_MAX_NESTING)
        return run_refuse(accumulator->call->place, "lists and maps nested deeper than %d levels",
                          RUN_MAX_NESTING);
    return run_tick(run);
}
