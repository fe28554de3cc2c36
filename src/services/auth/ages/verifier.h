/* Who verifies a year of birth: one interface, a row of the table for each. */
#ifndef NERDX_SERVICES_AUTH_AGES_VERIFIER_H
#define NERDX_SERVICES_AUTH_AGES_VERIFIER_H

#include "base/err.h"
#include "base/str.h"

typedef struct AgeVerifier {
    Str name;
    bool by_oneself; /* false: an operator does it for the person */
    int days;        /* how long it counts */
    /* evidence: what the way wants; *birth_year is what it proves. Nothing of the evidence is kept. Errors: FORBIDDEN when it proves
     * nothing, UNAVAILABLE. */
    Err (*verify)(Str evidence, int64_t *birth_year);
} AgeVerifier;

enum { AGE_VERIFIED_DAYS = 365 };

/* "manual": an operator who has seen a document; evidence is the year. "test": says whatever "born:2001" says, for trying out
 * a shop, and only where it is among the enabled. */
#define AGE_VERIFIER_MANUAL STR("manual")

/* enabled: names, separated by commas ("manual,test"). NULL: it is none, or not enabled. */
const AgeVerifier *age_verifier_find(Str enabled, Str name);

/* Errors: INVALID naming what is no verifier. */
Err age_verifiers_check(Str enabled);

#endif
