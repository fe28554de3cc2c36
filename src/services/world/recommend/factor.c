#include "services/world/recommend/factor.h"

#include "base/memory.h"
#include "services/world/recommend/linear.h"

Factor factor_new(size_t items, size_t width)
{
    return (Factor){
        .items = items,
        .width = width,
        .rows = memory_alloc((items * width + 1) * sizeof(float)),
        .from = memory_alloc((items + 1) * sizeof(float)),
        .to = memory_alloc((items + 1) * sizeof(float)),
    };
}

void factor_finish(Factor *factor)
{
    memory_free(factor->rows);
    memory_free(factor->from);
    memory_free(factor->to);
    *factor = (Factor){0};
}

static const float *row_of(const Factor *factor, size_t item)
{
    return factor->rows + item * factor->width;
}

/* Eight sums at once, so that the compiler may use vectors without reordering what it must not. */
static float product(const float *a, const float *b, size_t width)
{
    enum { LANES = 8 };
    float sums[LANES] = {0};
    float sum = 0;
    size_t i = 0;

    for (; i + LANES <= width; i += LANES)
        for (size_t lane = 0; lane < LANES; lane++)
            sums[lane] += a[i + lane] * b[i + lane];
    for (; i < width; i++)
        sum += a[i] * b[i];
    for (size_t lane = 0; lane < LANES; lane++)
        sum += sums[lane];
    return sum;
}

double factor_between(const Factor *factor, size_t i, size_t j)
{
    if (i == j)
        return 0;
    return (double)factor->from[i] * (double)product(row_of(factor, i), row_of(factor, j), factor->width) *
           (double)factor->to[j];
}

/* The sum of the rows of what is liked; what each item would say of itself is taken off its score. */
static void sum_up(const Factor *factor, const Taste *tastes, size_t count, float *sum, float *scores)
{
    for (size_t t = 0; t < count; t++) {
        const float *row = row_of(factor, tastes[t].item);
        float weight = tastes[t].value * factor->from[tastes[t].item];

        for (size_t d = 0; d < factor->width; d++)
            sum[d] += weight * row[d];
        scores[tastes[t].item] -= weight * product(row, row, factor->width) * factor->to[tastes[t].item];
    }
}

void factor_add(const Factor *factor, const Taste *tastes, size_t count, float *scores)
{
    float *sum = memory_zalloc((factor->width + 1) * sizeof(float));

    sum_up(factor, tastes, count, sum, scores);
    for (size_t j = 0; j < factor->items; j++)
        scores[j] += product(sum, row_of(factor, j), factor->width) * factor->to[j];
    memory_free(sum);
}

void factor_add_many(const Factor *factor, const Taste *tastes, const size_t *first, size_t people,
                     float *scores)
{
    float *sums = memory_zalloc((people * factor->width + 1) * sizeof(float));
    float *products = memory_alloc((people * factor->items + 1) * sizeof(float));

    for (size_t p = 0; p < people; p++)
        sum_up(factor, tastes + first[p], first[p + 1] - first[p], sums + p * factor->width,
               scores + p * factor->items);
    linear_times_transposed_float(sums, factor->rows, products, people, factor->width, factor->items);
    for (size_t p = 0; p < people; p++)
        for (size_t j = 0; j < factor->items; j++)
            scores[p * factor->items + j] += products[p * factor->items + j] * factor->to[j];
    memory_free(sums);
    memory_free(products);
}

void factor_add_to(const Factor *factor, float *dense)
{
    for (size_t i = 0; i < factor->items; i++)
        for (size_t j = 0; j < factor->items; j++)
            dense[i * factor->items + j] += (float)factor_between(factor, i, j);
}
