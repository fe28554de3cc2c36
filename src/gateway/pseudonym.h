/* What logs call a consumer: a name by which lines of one can be told together, and nobody can be found.
 *
 * It is half of a fingerprint (base/fingerprint.h: SipHash-2-4, a pseudorandom function as long as its key is secret, and much faster than
 * a hash for any length) under a random key that is made here and anew for each UTC day, and kept nowhere. So the same consumer has the same name on one
 * day in one process, and another on the next day and in every other process; when the day is over, or the process, not even its
 * operators can tell whose a name was. Without the key a list of ids or addresses is of no use. */
#ifndef NERDX_GATEWAY_PSEUDONYM_H
#define NERDX_GATEWAY_PSEUDONYM_H

#include <stdint.h>

#include "base/str.h"

enum { PSEUDONYM_TEXT = 16 + 1 };

typedef struct Pseudonyms Pseudonyms;

Pseudonyms *pseudonyms_create(void);
void pseudonyms_destroy(Pseudonyms *pseudonyms); /* accepts NULL */

/* Sixteen hexadecimal digits, as of that moment. Thread-safe. */
void pseudonym_print(Pseudonyms *pseudonyms, int64_t now_us, Str consumer, char out[static PSEUDONYM_TEXT]);

#endif
