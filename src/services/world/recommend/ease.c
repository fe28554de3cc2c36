#include "services/world/recommend/ease.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "services/world/recommend/linear.h"

static Err unsolvable(void)
{
    return err(INTERNAL, "what people liked can't be solved for: scores are too large");
}

/* The lower triangle of P becomes all of B, as floats in the same memory: what is written never passes what is read. */
static float *to_weights(double *p, size_t n)
{
    double *diagonal = memory_alloc((n + 1) * sizeof(double));
    char *b = (char *)p;

    for (size_t i = 0; i < n; i++) {
        diagonal[i] = p[i * n + i];
        for (size_t j = 0; j < i; j++)
            p[j * n + i] = p[i * n + j];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            float value = i == j ? 0 : (float)(-p[i * n + j] / diagonal[j]);

            memcpy(b + (i * n + j) * sizeof(float), &value, sizeof value);
        }
    memory_free(diagonal);
    return memory_grow(p, n * n + 1, sizeof(float));
}

Err ease_dense(const Sparse *x, double lambda, float **out)
{
    size_t n = x->columns;
    double *p = memory_alloc((n * n + 1) * sizeof(double));

    assert(lambda > 0);
    sparse_gram(x, p);
    for (size_t i = 0; i < n; i++)
        p[i * n + i] += lambda;
    if (!linear_factor(p, n)) {
        memory_free(p);
        return unsolvable();
    }
    linear_invert(p, n);
    *out = to_weights(p, n);
    return OK;
}
