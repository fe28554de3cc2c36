#include "services/analytics/sequential.h"

#include <math.h>

static const double ALPHA = 0.05;

static double share(Rate rate)
{
    return rate.of > 0 ? (double)rate.reached / (double)rate.of : 0;
}

/* Of an observed rate; a success and a failure are added, so that none is thought to be certain. */
static double variance(Rate rate)
{
    double of = (double)rate.of + 2, p = ((double)rate.reached + 1) / of;

    return p * (1 - p) / of;
}

Verdict sequential_compare(Rate base, Rate other, double expected)
{
    Verdict verdict = {share(other) - share(base), -1, 1, 1};

    if (base.of < SEQUENTIAL_LEAST || other.of < SEQUENTIAL_LEAST)
        return verdict;
    double seen = variance(base) + variance(other), mixed = expected * expected, all = seen + mixed;
    double evidence =
        mixed * verdict.difference * verdict.difference / (2 * seen * all) + log(seen / all) / 2;
    double width = sqrt(2 * seen * all / mixed * (log(1 / ALPHA) + log(all / seen) / 2));
    verdict.p_value = evidence > 0 ? exp(-evidence) : 1;
    verdict.low = fmax(-1, verdict.difference - width);
    verdict.high = fmin(1, verdict.difference + width);
    return verdict;
}
