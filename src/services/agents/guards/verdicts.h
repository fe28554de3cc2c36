/* Verdicts on sentences that were judged before: much of what goes out is made of the same sentences. Rules never change while they
 * live, so that a verdict doesn't either; whoever reads new rules makes new Verdicts. Bounded: a verdict that comes to
 * another's place takes it. Only fingerprints are kept, as sentences may hold what a visitor told. Thread-safe. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_VERDICTS_H
#define NERDX_SERVICES_AGENTS_GUARDS_VERDICTS_H

#include "base/fingerprint.h"

enum { VERDICTS_PLACES = 8192, VERDICT_ALLOWED = -1 };

typedef struct Verdicts Verdicts;

Verdicts *verdicts_create(void);
void verdicts_destroy(Verdicts *verdicts); /* accepts NULL */

Fingerprint verdicts_print(const Verdicts *verdicts, Str sentence);

/* False when it isn't known. rule: which one forbids the sentence, or VERDICT_ALLOWED. */
bool verdicts_find(Verdicts *verdicts, Fingerprint print, int *rule);
void verdicts_keep(Verdicts *verdicts, Fingerprint print, int rule);

#endif
