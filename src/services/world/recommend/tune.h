/* Settings that suit the likes: a fifth of what people liked is held out, and the settings are taken that rank it highest
 * (NDCG@10; Järvelin & Kekäläinen, TOIS 2002). On a sample of the people, and where all items would take too long on the
 * most liked ones, so that it takes seconds; deterministic. */
#ifndef NERDX_SERVICES_WORLD_RECOMMEND_TUNE_H
#define NERDX_SERVICES_WORLD_RECOMMEND_TUNE_H

#include "services/world/recommend/model.h"

enum { TUNE_ITEMS = 2000, TUNE_PEOPLE = 20000, TUNE_JUDGES = 1500, TUNE_JUDGES_LEAST = 100 };

/* Too few people give MODEL_DEFAULTS. *ndcg: what the settings reached on what was held out, 0 when too few. */
ModelSettings tune(const Likes *likes, double *ndcg);

#endif
