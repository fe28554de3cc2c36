/* Who sees which variant, that they saw it, and what came of it. */
#include "base/keymap.h"
#include "services/analytics/analytics_sql.h"
#include "services/analytics/intake.h"
#include "services/analytics/plans.h"
#include "services/analytics/record.h"
#include "services/analytics/sequential.h"
#include "services/analytics/walk.h"

/* ---- assigning */

typedef struct Exposing {
    const Analytics *analytics;
    Str experiment;
    SqlBlob visitor;
    int64_t day; /* in UTC */
    int64_t at_ms;
    size_t variant;
} Exposing;

/* With the day locked, as events are kept: who is withdrawn meanwhile is seen. */
static Err expose(void *context, Tx *tx)
{
    const Exposing *exposing = context;
    int64_t is_withdrawn;

    TRY(record_open_day(exposing->analytics, tx, exposing->day));
    TRY(analytics_sql_is_withdrawn(NULL, tx, exposing->visitor, &is_withdrawn));
    if (is_withdrawn != 0)
        return OK;
    return analytics_sql_expose(tx, exposing->experiment, exposing->visitor, (int64_t)exposing->variant,
                                exposing->at_ms, NULL);
}

static bool may_be_kept(const Analytics *analytics, const Call *call, EventConsent consent)
{
    return consent == EVENT_CONSENT_GRANTED && !intake_objects(call) && !intake_is_bot(analytics, call);
}

Err analytics_assign(Call *call, const AnalyticsAssignInput *in, Assignment *out)
{
    Analytics *analytics = call->service;
    int64_t now_ms = analytics_now_ms(analytics);
    uint8_t bytes[VISITOR_BYTES];
    Exposing exposing = {analytics, in->experiment, {bytes, sizeof bytes}, now_ms / ANALYTICS_DAY_MS, now_ms,
                         0};
    const Experiment *experiment;
    int64_t seen;
    bool is_known;

    TRY(plans_find_experiment(analytics->plans, call->arena, in->experiment, &experiment));
    visitor_bytes(in->body.unit, bytes);
    exposing.variant = experiment_assign(experiment, (Str){(const char *)bytes, sizeof bytes});
    out->variant = experiment->variants[exposing.variant].id;
    if (!may_be_kept(analytics, call, in->body.consent))
        return OK;
    TRY(analytics_sql_get_exposed(analytics->sql, NULL, in->experiment, exposing.visitor, &seen, &is_known));
    if (!is_known)
        return sql_transact_rows(analytics->sql, expose, &exposing);
    if (seen >= 0 && (size_t)seen < experiment->count) /* whatever the weights are now */
        out->variant = experiment->variants[seen].id;
    return OK;
}

/* ---- reporting */

typedef struct Seen {
    int64_t at_ms;
    size_t variant;
} Seen;

typedef struct Outcome {
    Arena *arena;
    uint8_t goal; /* its code */
    StrIdMap numbers;
    Seen *seen;
    size_t count, capacity;
    int64_t first_ms;
    Rate rates[MOST_VARIANTS];
} Outcome;

static void outcome_finish(Outcome *outcome)
{
    keymap_finish(&outcome->numbers);
}

/* A variant that isn't declared any more is nobody's. */
static Err add_exposure(void *context, const AnalyticsSqlListExposures *row)
{
    Outcome *outcome = context;
    Str visitor = str_copy(outcome->arena, (Str){row->visitor.data, row->visitor.len});

    if (row->variant < 0 || row->variant >= MOST_VARIANTS)
        return OK;
    *keymap_place(&outcome->numbers, visitor) = (uint32_t)outcome->count;
    ARENA_MORE(outcome->arena, outcome->seen, outcome->count, outcome->capacity, 1024);
    outcome->seen[outcome->count++] = (Seen){row->at_ms, (size_t)row->variant};
    outcome->first_ms = row->at_ms < outcome->first_ms ? row->at_ms : outcome->first_ms;
    outcome->rates[row->variant].of++;
    return OK;
}

static void add_visitor(void *context, const Visited *visited)
{
    Outcome *outcome = context;
    uint32_t number = visited->is_known ? keymap_get(&outcome->numbers, visited->visitor) : KEYMAP_NONE;

    if (number == KEYMAP_NONE)
        return;
    for (size_t i = 0; i < visited->count; i++)
        if (visited->events[i].code == outcome->goal &&
            visited->events[i].at_ms >= outcome->seen[number].at_ms) {
            outcome->rates[outcome->seen[number].variant].reached++;
            return;
        }
}

static Err read_outcome(Analytics *analytics, Str experiment, Outcome *outcome)
{
    AUTO_END_READS Sql *reading = NULL;
    int64_t now_ms = analytics_now_ms(analytics);

    outcome->first_ms = now_ms;
    TRY(sql_begin_reads(analytics->sql, &reading));
    TRY(analytics_sql_list_exposures(reading, NULL, experiment, add_exposure, outcome));
    return walk(reading, outcome->first_ms, now_ms + ANALYTICS_DAY_MS, add_visitor, outcome);
}

static const Comparison *compare(Arena *arena, const Experiment *experiment, const Rate *rates, size_t i)
{
    Verdict verdict = sequential_compare(rates[0], rates[i], experiment->expected);
    Comparison *comparison = arena_new(arena, Comparison);

    *comparison = (Comparison){verdict.difference, verdict.low, verdict.high, verdict.p_value};
    return comparison;
}

Err analytics_get_experiment(Call *call, const AnalyticsGetExperimentInput *in, ExperimentReport *out)
{
    Analytics *analytics = call->service;
    __attribute__((cleanup(outcome_finish))) Outcome outcome = {.arena = call->arena};
    const Experiment *experiment;

    TRY(plans_find_experiment(analytics->plans, call->arena, in->experiment, &experiment));
    outcome.goal = KIND_ROWS[experiment->goal].code;
    TRY(read_outcome(analytics, in->experiment, &outcome));
    *out =
        (ExperimentReport){experiment->goal, {arena_array(call->arena, VariantReport, experiment->count), 0}};
    for (size_t i = 0; i < experiment->count; i++)
        out->items.items[out->items.count++] = (VariantReport){
            .variant = experiment->variants[i].id,
            .visitors = outcome.rates[i].of,
            .reached = outcome.rates[i].reached,
            .against_first = i > 0 ? compare(call->arena, experiment, outcome.rates, i) : NULL,
        };
    return OK;
}
