/* EASE among each item's neighbours. Of all items that somebody liked together with item j those are kept that go with
 * it most beyond chance, and the least squares of EASE are solved for these alone: w = (G_NN + λI)⁻¹ · g_Nj, G = XᵀX.
 * With all items as neighbours that is EASE itself. Memory is bounded: of G no more than PAIRS are kept. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "services/world/recommend/ease.h"
#include "services/world/recommend/linear.h"

enum { PAIRS = 16 << 20, ROW_LEAST = 64, TRIES = 8 };

/* An item that goes with another: how much together, and how much more than chance would have it. */
typedef struct Pair {
    uint32_t item;
    float together;
    float beyond;
} Pair;

typedef struct Pairs {
    Pair *items; /* row_most a row; of each row the first `count[row]`, the strongest first */
    size_t *count;
    size_t row_most;
    double *squares;
    double lambda;
} Pairs;

static int by_strength(const void *a, const void *b)
{
    const Pair *left = a;
    const Pair *right = b;

    if (left->beyond != right->beyond)
        return left->beyond < right->beyond ? 1 : -1;
    return (left->item > right->item) - (left->item < right->item);
}

/* Row j of G into sums; the items it has, in no order. */
static size_t together_with(const Sparse *x, const Sparse *items, size_t j, double *sums, uint32_t *touched)
{
    size_t count = 0;

    for (size_t u = items->first[j]; u < items->first[j + 1]; u++) {
        size_t row = items->column[u];

        for (size_t i = x->first[row]; i < x->first[row + 1]; i++) {
            if (sums[x->column[i]] == 0)
                touched[count++] = x->column[i];
            sums[x->column[i]] += (double)items->value[u] * (double)x->value[i];
        }
    }
    return count;
}

/* What a single neighbour i would explain of j beyond chance: the correlation of a regression with one variable. */
static float beyond_chance(const Pairs *pairs, size_t people, double together, size_t i, size_t j)
{
    double chance = pairs->squares[i] * pairs->squares[j] / (double)people;

    return (float)((together - chance) / sqrt(pairs->squares[i] + pairs->lambda));
}

static void keep_strongest(Pairs *pairs, size_t j, Pair *all, size_t count)
{
    size_t kept = count < pairs->row_most ? count : pairs->row_most;

    qsort(all, count, sizeof(Pair), by_strength);
    memcpy(pairs->items + j * pairs->row_most, all, kept * sizeof(Pair));
    pairs->count[j] = kept;
}

static void find_row(Pairs *pairs, const Sparse *x, const Sparse *items, size_t j, double *sums,
                     uint32_t *touched, Pair *all)
{
    size_t count = together_with(x, items, j, sums, touched);
    size_t pair_count = 0;

    for (size_t t = 0; t < count; t++) {
        size_t i = touched[t];

        if (i != j && sums[i] != 0)
            all[pair_count++] =
                (Pair){(uint32_t)i, (float)sums[i], beyond_chance(pairs, x->rows, sums[i], i, j)};
        sums[i] = 0;
    }
    keep_strongest(pairs, j, all, pair_count);
}

static Pairs find_pairs(const Sparse *x, double lambda)
{
    size_t n = x->columns;
    size_t most = PAIRS / (n + 1) > ROW_LEAST ? PAIRS / (n + 1) : ROW_LEAST;
    Pairs pairs = {.row_most = most < n ? most : n, .squares = sparse_squares(x), .lambda = lambda};
    Sparse items = sparse_transposed(x);
    double *sums = memory_zalloc((n + 1) * sizeof(double));
    uint32_t *touched = memory_alloc((sparse_count(x) + n + 1) * sizeof(uint32_t));
    Pair *all = memory_alloc((n + 1) * sizeof(Pair));

    pairs.items = memory_alloc((n * pairs.row_most + 1) * sizeof(Pair));
    pairs.count = memory_zalloc((n + 1) * sizeof(size_t));
    for (size_t j = 0; j < n; j++)
        find_row(&pairs, x, &items, j, sums, touched, all);
    sparse_finish(&items);
    memory_free(sums);
    memory_free(touched);
    memory_free(all);
    return pairs;
}

/* Whether all that goes with the item was kept. */
static bool is_whole(const Pairs *pairs, uint32_t item)
{
    return pairs->count[item] < pairs->row_most;
}

/* What isn't known of a pair, because neither item kept it, is as chance has it. */
static double chance_of(const Pairs *pairs, size_t people, uint32_t i, uint32_t j)
{
    return is_whole(pairs, i) || is_whole(pairs, j) ? 0
                                                    : pairs->squares[i] * pairs->squares[j] / (double)people;
}

/* G among the neighbours of j, the lower triangle. */
static void gram_among(const Pairs *pairs, size_t people, const Pair *near, size_t k, const uint32_t *place,
                       double *gram)
{
    for (size_t a = 0; a < k; a++)
        for (size_t b = 0; b < a; b++)
            gram[a * k + b] = chance_of(pairs, people, near[a].item, near[b].item);
    for (size_t a = 0; a < k; a++) {
        const Pair *row = pairs->items + near[a].item * pairs->row_most;

        for (size_t i = 0; i < pairs->count[near[a].item]; i++) {
            size_t b = place[row[i].item];

            if (b != UINT32_MAX)
                gram[(a > b ? a : b) * k + (a > b ? b : a)] = (double)row[i].together;
        }
        gram[a * k + a] = pairs->squares[near[a].item];
    }
}

/* The weights of the neighbours; false when even a larger λ doesn't make the system one that can be solved. */
static bool solve_among(const double *gram, double lambda, const Pair *near, size_t k, double *system,
                        double *weights)
{
    for (int attempt = 0; attempt < TRIES; attempt++) {
        memcpy(system, gram, k * k * sizeof(double));
        for (size_t a = 0; a < k; a++) {
            system[a * k + a] += lambda;
            weights[a] = (double)near[a].together;
        }
        if (linear_factor(system, k)) {
            linear_solve(system, k, weights);
            return true;
        }
        lambda *= 2;
    }
    return false;
}

/* What a column is solved in. */
typedef struct Bench {
    uint32_t *place; /* of each item among the neighbours, UINT32_MAX = it is none */
    double *gram;
    double *system;
    double *weights;
} Bench;

static size_t solve_column(const Pairs *pairs, size_t people, size_t j, size_t most, Bench *bench)
{
    const Pair *near = pairs->items + j * pairs->row_most;
    size_t k = pairs->count[j] < most ? pairs->count[j] : most;

    for (size_t a = 0; a < k; a++)
        bench->place[near[a].item] = (uint32_t)a;
    gram_among(pairs, people, near, k, bench->place, bench->gram);
    for (size_t a = 0; a < k; a++)
        bench->place[near[a].item] = UINT32_MAX;
    return k > 0 && solve_among(bench->gram, pairs->lambda, near, k, bench->system, bench->weights) ? k : 0;
}

/* Row j of the result: what each neighbour says of j, by item. */
static void write_column(Sparse *out, size_t j, const Pair *near, const double *weights, size_t k)
{
    size_t begin = out->first[j];

    out->first[j + 1] = begin + k;
    for (size_t a = 0; a < k; a++) {
        size_t place = begin + a;

        for (; place > begin && out->column[place - 1] > near[a].item; place--) {
            out->column[place] = out->column[place - 1];
            out->value[place] = out->value[place - 1];
        }
        out->column[place] = near[a].item;
        out->value[place] = (float)weights[a];
    }
}

static void solve_all(const Pairs *pairs, const Sparse *x, size_t most, Sparse *by_target)
{
    size_t n = x->columns;
    Bench bench = {
        .place = memory_alloc((n + 1) * sizeof(uint32_t)),
        .gram = memory_alloc((most * most + 1) * sizeof(double)),
        .system = memory_alloc((most * most + 1) * sizeof(double)),
        .weights = memory_alloc((most + 1) * sizeof(double)),
    };

    memset(bench.place, UINT8_MAX, (n + 1) * sizeof(uint32_t));
    for (size_t j = 0; j < n; j++) {
        size_t k = solve_column(pairs, x->rows, j, most, &bench);

        write_column(by_target, j, pairs->items + j * pairs->row_most, bench.weights, k);
    }
    memory_free(bench.place);
    memory_free(bench.gram);
    memory_free(bench.system);
    memory_free(bench.weights);
}

Sparse ease_sparse(const Sparse *x, double lambda, size_t neighbours)
{
    Pairs pairs = find_pairs(x, lambda);
    size_t most = neighbours < pairs.row_most ? neighbours : pairs.row_most;
    Sparse by_target = sparse_new(x->columns, x->columns, x->columns * most);
    Sparse out;

    solve_all(&pairs, x, most, &by_target);
    out = sparse_transposed(&by_target);
    sparse_finish(&by_target);
    memory_free(pairs.items);
    memory_free(pairs.count);
    memory_free(pairs.squares);
    return out;
}
