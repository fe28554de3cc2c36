/* What is declared: funnels and experiments (content/analytics/funnels.yaml, experiments.yaml). */
#ifndef NERDX_SERVICES_ANALYTICS_PLANS_H
#define NERDX_SERVICES_ANALYTICS_PLANS_H

#include "base/asset.h"
#include "services/analytics/funnel.h"

enum { MOST_PLANS = 64, MOST_VARIANTS = 8 };

typedef struct NamedFunnel {
    Str id;
    EventKind steps[FUNNEL_MOST_STEPS];
    size_t count;
    int64_t window_days;
} NamedFunnel;

typedef struct ExperimentVariant {
    Str id;
    int64_t weight;
} ExperimentVariant;

typedef struct Experiment {
    Str id;
    ExperimentVariant variants[MOST_VARIANTS]; /* the first is what the others are compared with */
    size_t count;
    EventKind goal;
    double expected; /* difference of rates */
} Experiment;

typedef struct Plans Plans;

/* Errors: INVALID names the file and what is wrong there. */
Err plans_read(AssetTable content, Plans **out);
void plans_destroy(Plans *plans); /* accepts NULL */

/* Errors: NOT_FOUND names those that there are. */
Err plans_find_funnel(const Plans *plans, Arena *arena, Str id, const NamedFunnel **out);
Err plans_find_experiment(const Plans *plans, Arena *arena, Str id, const Experiment **out);

/* Whose variant a unit has: always the same, by the weights. unit: any bytes. */
size_t experiment_assign(const Experiment *experiment, Str unit);

#endif
