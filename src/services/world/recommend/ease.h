/* EASE: which items go together, learned from what people liked. Harald Steck, "Embarrassingly Shallow Autoencoders for
 * Sparse Data", WWW 2019 (arXiv 1905.03375): of all matrices B with an empty diagonal the one that makes
 * ‖X − X·B‖² + λ‖B‖² least is B = I − P·diag(P)⁻¹, P = (XᵀX + λI)⁻¹. X has a row a person, a column an item.
 *
 * Three ways to the same B, by what there is much of:
 *  - ease_dense keeps it whole: items² floats;
 *  - ease_dual, for more items than people, keeps it as a product (exact: P by the Woodbury identity): items × people
 *    floats;
 *  - ease_sparse solves the same least squares for each item among the items that go with it most: items × neighbours
 *    (the idea of fsSLIM: Ning & Karypis, "SLIM: Sparse Linear Methods", ICDM 2011). */
#ifndef NERDX_SERVICES_WORLD_RECOMMEND_EASE_H
#define NERDX_SERVICES_WORLD_RECOMMEND_EASE_H

#include "base/err.h"
#include "services/world/recommend/factor.h"
#include "services/world/recommend/sparse.h"

/* lambda > 0. Errors: INTERNAL when numbers are too large to be solved. */
Err ease_dense(const Sparse *x, double lambda, float **out); /* [i * items + j]: what liking i says of j */
Err ease_dual(const Sparse *x, double lambda, Factor *out);

/* No error: an item that can't be solved has no neighbours. Row i, column j: what liking i says of j. */
Sparse ease_sparse(const Sparse *x, double lambda, size_t neighbours);

#endif
