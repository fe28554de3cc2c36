/* What goes together along the main directions of taste: a filter that lets only these pass. Yifei Shen et al., "How
 * Powerful is Graph Convolution for Recommendation?", CIKM 2021 (arXiv 2108.07567). With R = D_people^-½ · X · D_items^-a
 * and V its first `rank` right singular vectors it is D_items^-a · V·Vᵀ · D_items^a, without the diagonal. EASE knows
 * pairs, this knows what they have in common: together they rank better than either. */
#ifndef NERDX_SERVICES_WORLD_RECOMMEND_SMOOTH_H
#define NERDX_SERVICES_WORLD_RECOMMEND_SMOOTH_H

#include "base/err.h"
#include "services/world/recommend/factor.h"
#include "services/world/recommend/sparse.h"

/* Of a smaller matrix than rank × rank the factor has fewer directions. Errors: INTERNAL when the iteration doesn't
 * end. */
Err smooth(const Sparse *x, size_t rank, Factor *out);

#endif
