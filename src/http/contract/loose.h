/* Values whose inside the contract leaves open: objects with any fields, arrays of anything. */
#ifndef NERDX_HTTP_CONTRACT_LOOSE_H
#define NERDX_HTTP_CONTRACT_LOOSE_H

#include "http/contract/refuse.h"
#include "http/contract/shape.h"

/* Is it an object, or an array, as the rules say, and of how many entries? Errors: INVALID, as refuse. */
Err loose_check(const Place *place, const ListRules *rules, const json_t *json);

#endif
