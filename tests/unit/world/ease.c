/* The three ways to EASE against numpy's, on random likes (scores from -1 to 1, a tenth of them given). */
#include "services/world/recommend/ease.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "check.h"
#include "services/world/recommend/smooth.h"

enum { SIZES = 3 };
static const struct {
    size_t people, items;
    double lambda;
} CASES[SIZES] = {{200, 60, 5}, {40, 90, 2}, {500, 150, 80}};
static const double CLOSE = 1e-5;

static Sparse random_likes(size_t people, size_t items)
{
    Sparse x = sparse_new(people, items, people * items);
    unsigned seed = 7;

    for (size_t p = 0; p < people; p++) {
        x.first[p + 1] = x.first[p];
        for (size_t i = 0; i < items; i++) {
            if (rand_r(&seed) % 10 != 0)
                continue;
            x.column[x.first[p + 1]] = (uint32_t)i;
            x.value[x.first[p + 1]++] = (float)(rand_r(&seed) % 21 - 10) / 10;
        }
    }
    return x;
}

/* What numpy makes of the same likes. */
static double *reference(const Sparse *x, double lambda)
{
    double *b = memory_alloc(x->columns * x->columns * sizeof(double));
    char file[] = "/tmp/nerdx-ease-XXXXXX";
    int fd = mkstemp(file);
    FILE *likes = fd >= 0 ? fdopen(fd, "w") : NULL;
    char command[256];
    FILE *answer;

    if (likes == NULL)
        abort();
    (void)fprintf(likes, "%zu %zu %.17g\n", x->rows, x->columns, lambda);
    for (size_t p = 0; p < x->rows; p++)
        for (size_t i = x->first[p]; i < x->first[p + 1]; i++)
            (void)fprintf(likes, "%zu %u %.9g\n", p, x->column[i], (double)x->value[i]);
    assert_int_equal(fclose(likes), 0);
    (void)snprintf(command, sizeof command, "%s %s <%s", PYTHON, REFERENCE, file);
    answer = popen(command, "r");
    if (answer == NULL)
        abort();
    for (size_t i = 0; i < x->columns * x->columns; i++)
        assert_int_equal(fscanf(answer, "%lf", &b[i]), 1);
    assert_int_equal(pclose(answer), 0);
    (void)unlink(file);
    return b;
}

static void check_close(double found, double expected, size_t i, size_t j)
{
    if (fabs(found - expected) <= CLOSE)
        return;
    print_error("between %zu and %zu stands %.9g, not %.9g\n", i, j, found, expected);
    fail();
}

static void check_dense(const Sparse *x, double lambda, const double *expected)
{
    size_t n = x->columns;
    float *b;

    check_ok(ease_dense(x, lambda, &b));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            check_close((double)b[i * n + j], expected[i * n + j], i, j);
    memory_free(b);
}

static void check_dual(const Sparse *x, double lambda, const double *expected)
{
    Factor factor;

    check_ok(ease_dual(x, lambda, &factor));
    for (size_t i = 0; i < x->columns; i++)
        for (size_t j = 0; j < x->columns; j++)
            check_close(factor_between(&factor, i, j), expected[i * x->columns + j], i, j);
    factor_finish(&factor);
}

static double at(const Sparse *x, size_t row, size_t column)
{
    for (size_t i = x->first[row]; i < x->first[row + 1]; i++)
        if (x->column[i] == column)
            return (double)x->value[i];
    return 0;
}

static void every_way_gives_what_numpy_gives(void **state)
{
    (void)state;
    for (size_t c = 0; c < SIZES; c++) {
        Sparse x = random_likes(CASES[c].people, CASES[c].items);
        double *expected = reference(&x, CASES[c].lambda);

        check_dense(&x, CASES[c].lambda, expected);
        check_dual(&x, CASES[c].lambda, expected);
        memory_free(expected);
        sparse_finish(&x);
    }
}

/* Items that nobody liked together don't count as neighbours, so each two must be liked together by somebody. */
static void among_all_items_the_sparse_way_is_the_exact_one(void **state)
{
    Sparse x = random_likes(2000, 40);
    double *expected = reference(&x, 20);
    Sparse near = ease_sparse(&x, 20, 40);

    (void)state;
    for (size_t i = 0; i < 40; i++)
        for (size_t j = 0; j < 40; j++)
            check_close(at(&near, i, j), expected[i * 40 + j], i, j);
    sparse_finish(&near);
    memory_free(expected);
    sparse_finish(&x);
}

static void the_sparse_way_keeps_so_many_neighbours_and_no_more(void **state)
{
    Sparse x = random_likes(300, 80);
    Sparse near = ease_sparse(&x, 5, 7);
    Sparse by_target = sparse_transposed(&near);

    (void)state;
    for (size_t j = 0; j < 80; j++) {
        assert_true(by_target.first[j + 1] - by_target.first[j] <= 7);
        assert_true(at(&near, j, j) == 0);
    }
    sparse_finish(&by_target);
    sparse_finish(&near);
    sparse_finish(&x);
}

static void of_nobody_nothing_is_learned(void **state)
{
    Sparse x = sparse_new(0, 3, 0);
    float *b;

    (void)state;
    check_ok(ease_dense(&x, 1, &b));
    for (size_t i = 0; i < 9; i++)
        assert_true(b[i] == 0);
    memory_free(b);
    sparse_finish(&x);
}

/* Scoring by the factor is the sum over its pairs, for one and for many. */
static void a_factor_scores_as_its_pairs_do(void **state)
{
    Sparse x = random_likes(100, 30);
    const Taste tastes[] = {{3, 1}, {11, -0.5F}, {20, 0.25F}};
    const size_t first[] = {0, 1, 3};
    float scores[2 * 30] = {0};
    float alone[30] = {0};
    Factor factor;

    (void)state;
    check_ok(smooth(&x, 8, &factor));
    factor_add_many(&factor, tastes, first, 2, scores);
    factor_add(&factor, tastes + 1, 2, alone);
    for (size_t j = 0; j < 30; j++) {
        double two = -0.5 * factor_between(&factor, 11, j) + 0.25 * factor_between(&factor, 20, j);

        check_close((double)scores[j], factor_between(&factor, 3, j), 3, j);
        check_close((double)scores[30 + j], two, 11, j);
        check_close((double)alone[j], two, 11, j);
    }
    factor_finish(&factor);
    sparse_finish(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_gives_what_numpy_gives),
        cmocka_unit_test(among_all_items_the_sparse_way_is_the_exact_one),
        cmocka_unit_test(the_sparse_way_keeps_so_many_neighbours_and_no_more),
        cmocka_unit_test(of_nobody_nothing_is_learned),
        cmocka_unit_test(a_factor_scores_as_its_pairs_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
