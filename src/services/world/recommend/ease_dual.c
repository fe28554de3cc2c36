/* EASE for more items than people. By the Woodbury identity P = (I − Xᵀ·K⁻¹·X)/λ with K = λI + X·Xᵀ, a matrix of people.
 * With K = L·Lᵀ and Z = L⁻¹·X it is P = (I − Zᵀ·Z)/λ, so that between i and j ≠ i stands ⟨z_i, z_j⟩ / (1 − ⟨z_j, z_j⟩). */
#include <string.h>

#include "base/memory.h"
#include "services/world/recommend/ease.h"
#include "services/world/recommend/linear.h"

enum { BLOCK = 256 }; /* items solved at once */

static double *people_factor(const Sparse *items, double lambda)
{
    size_t n = items->columns;
    double *k = memory_alloc((n * n + 1) * sizeof(double));

    sparse_gram(items, k);
    for (size_t i = 0; i < n; i++)
        k[i * n + i] += lambda;
    if (linear_factor(k, n))
        return k;
    memory_free(k);
    return NULL;
}

/* One item's column of Z becomes its row in the factor. */
static void keep(Factor *out, size_t item, const double *block, size_t place, size_t width)
{
    float *row = out->rows + item * out->width;
    double square = 0;

    for (size_t d = 0; d < out->width; d++) {
        double value = block[d * width + place];

        row[d] = (float)value;
        square += value * value;
    }
    out->from[item] = 1;
    out->to[item] = (float)(1 / (1 - square));
}

static void solve_block(const Sparse *items, const double *k, size_t begin, size_t end, Factor *out)
{
    size_t width = end - begin;
    double *block = memory_zalloc(items->columns * width * sizeof(double));

    for (size_t item = begin; item < end; item++)
        for (size_t i = items->first[item]; i < items->first[item + 1]; i++)
            block[items->column[i] * width + (item - begin)] = (double)items->value[i];
    linear_solve_lower(k, items->columns, block, width);
    for (size_t item = begin; item < end; item++)
        keep(out, item, block, item - begin, width);
    memory_free(block);
}

Err ease_dual(const Sparse *x, double lambda, Factor *out)
{
    Sparse items = sparse_transposed(x);
    double *k = people_factor(&items, lambda);

    if (k != NULL) {
        *out = factor_new(x->columns, x->rows);
        for (size_t begin = 0; begin < x->columns; begin += BLOCK)
            solve_block(&items, k, begin, begin + BLOCK < x->columns ? begin + BLOCK : x->columns, out);
    }
    sparse_finish(&items);
    memory_free(k);
    return k != NULL ? OK : err(INTERNAL, "what people liked can't be solved for: scores are too large");
}
