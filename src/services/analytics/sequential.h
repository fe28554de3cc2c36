/* A test of two rates that may be looked at as often as one likes: the mixture sequential probability ratio test with a normal mixture, and
 * the confidence sequence that belongs to it. Source: Johari, Pekelis, Walsh, "Always Valid Inference: Bringing Sequential Analysis to A/B
 * Testing", arXiv:1512.04922 (2015), section 4; the variance of the difference is the one that was seen, as there for proportions. */
#ifndef NERDX_SERVICES_ANALYTICS_SEQUENTIAL_H
#define NERDX_SERVICES_ANALYTICS_SEQUENTIAL_H

#include <stdbool.h>
#include <stdint.h>

enum { SEQUENTIAL_LEAST = 100 /* of each, before a normal law says anything of a rate */ };

typedef struct Rate {
    int64_t of;
    int64_t reached;
} Rate;

typedef struct Verdict {
    double difference; /* other less base */
    double low, high;  /* holds the true one, at every look, with 95 % */
    double p_value;    /* valid at every look; the least of all looks is, too */
} Verdict;

/* expected: the difference one would like to see, such as 0.02: the spread of the mixture. */
Verdict sequential_compare(Rate base, Rate other, double expected);

#endif
