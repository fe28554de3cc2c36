/* Programs that say they are no visitors: content/analytics/bots.txt, a fragment of a User-Agent a line. */
#ifndef NERDX_SERVICES_ANALYTICS_BOTS_H
#define NERDX_SERVICES_ANALYTICS_BOTS_H

#include "base/asset.h"
#include "base/err.h"

typedef struct Bots Bots;

/* Errors: INVALID. The content must outlive it. */
Err bots_create(AssetTable content, Bots **out);
void bots_destroy(Bots *bots); /* accepts NULL */

/* One that doesn't say what it is, is one. */
bool bots_has(const Bots *bots, Str user_agent);

#endif
