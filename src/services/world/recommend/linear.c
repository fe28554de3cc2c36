#include "services/world/recommend/linear.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>
#include <dlfcn.h>
#include <pthread.h>

#include "base/memory.h"

/* LAPACK 3.11, Users' Guide: Fortran's matrices lie column by column, so that our lower triangle is its upper one. */
typedef void Potrf(const char *uplo, const int *n, double *a, const int *lda, int *info);
typedef void Potrs(const char *uplo, const int *n, const int *nrhs, const double *a, const int *lda,
                   double *b, const int *ldb, int *info);
typedef void Syev(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
                  double *work, const int *lwork, int *info);

/* What is called of it. It is loaded rather than linked: linked, it costs each thread 60 KB, for variables of its own that nearly
 * none of them touches. */
static struct Library {
    __typeof__(openblas_set_num_threads) *set_num_threads;
    __typeof__(cblas_dtrsm) *dtrsm;
    __typeof__(cblas_dgemm) *dgemm;
    __typeof__(cblas_sgemm) *sgemm;
    Potrf *dpotrf;
    Potrf *dpotri;
    Potrs *dpotrs;
    Syev *dsyev;
    Err loaded;
} library;

static const char FILE_NAME[] = "libopenblas.so.0";

static const struct Symbol {
    const char *name;
    void *place;
} SYMBOLS[] = {
    {"openblas_set_num_threads", &library.set_num_threads},
    {"cblas_dtrsm", &library.dtrsm},
    {"cblas_dgemm", &library.dgemm},
    {"cblas_sgemm", &library.sgemm},
    {"dpotrf_", &library.dpotrf},
    {"dpotri_", &library.dpotri},
    {"dpotrs_", &library.dpotrs},
    {"dsyev_", &library.dsyev},
};

/* As it is loaded it starts a thread for each core but one, which look for work without a pause for a while: 0.1 s of
 * processor at each start. It asks the environment alone. What that was stays where it lay (glibc), so that whoever
 * reads it at this moment isn't harmed. */
static void *open_without_threads(void)
{
    (void)setenv("OPENBLAS_NUM_THREADS", "1", 1);
    return dlopen(FILE_NAME, RTLD_NOW | RTLD_LOCAL);
}

static void load(void)
{
    void *handle = open_without_threads();

    library.loaded = OK;
    for (size_t i = 0; i < sizeof SYMBOLS / sizeof *SYMBOLS && !failed(&library.loaded); i++) {
        void *found = handle != NULL ? dlsym(handle, SYMBOLS[i].name) : NULL;
        if (found == NULL)
            library.loaded =
                err_detail(err(INTERNAL, "%s can't be used: install OpenBLAS", FILE_NAME), "%s", dlerror());
        memcpy(SYMBOLS[i].place, &found, sizeof found);
    }
    if (!failed(&library.loaded))
        library.set_num_threads(
            1); /* the same numbers on every machine, and no core taken from those who answer requests */
}

Err linear_load(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, load);
    return library.loaded;
}

static const struct Library *blas(void)
{
    Err e = linear_load();

    assert(!failed(&e));
    (void)e;
    return &library;
}

static int to_int(size_t n)
{
    assert(n <= INT_MAX);
    return (int)n;
}

bool linear_factor(double *a, size_t n)
{
    int order = to_int(n);
    int info = 0;

    if (n == 0)
        return true;
    blas()->dpotrf("U", &order, a, &order, &info);
    return info == 0;
}

void linear_invert(double *factor, size_t n)
{
    int order = to_int(n);
    int info = 0;

    if (n == 0)
        return;
    blas()->dpotri("U", &order, factor, &order, &info);
    assert(info == 0);
}

void linear_solve_lower(const double *factor, size_t n, double *b, size_t columns)
{
    blas()->dtrsm(CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, to_int(n),
                  to_int(columns), 1.0, factor, to_int(n), b, to_int(columns));
}

void linear_solve(const double *factor, size_t n, double *b)
{
    int order = to_int(n);
    int one = 1;
    int info = 0;

    blas()->dpotrs("U", &order, &one, factor, &order, b, &order, &info);
    assert(info == 0);
}

void linear_solve_right(const double *factor, size_t n, double *b, size_t rows)
{
    blas()->dtrsm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, to_int(rows), to_int(n),
                  1.0, factor, to_int(n), b, to_int(n));
}

bool linear_eigen(double *a, size_t n, double *values)
{
    int order = to_int(n);
    int size = 4 * order + 64;
    double *work = memory_alloc((size_t)size * sizeof(double));
    int info = 0;

    blas()->dsyev("V", "U", &order, a, &order, values, work, &size, &info);
    memory_free(work);
    return info == 0;
}

void linear_gram(const double *x, size_t rows, size_t n, double *out)
{
    blas()->dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, to_int(n), to_int(n), to_int(rows), 1.0, x,
                  to_int(n), x, to_int(n), 0.0, out, to_int(n));
}

void linear_times_transposed(const double *a, const double *b, double *out, size_t rows, size_t inner,
                             size_t columns)
{
    blas()->dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, to_int(rows), to_int(columns), to_int(inner), 1.0,
                  a, to_int(inner), b, to_int(inner), 0.0, out, to_int(columns));
}

void linear_times_transposed_float(const float *a, const float *b, float *out, size_t rows, size_t inner,
                                   size_t columns)
{
    blas()->sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, to_int(rows), to_int(columns), to_int(inner), 1.0F,
                  a, to_int(inner), b, to_int(inner), 0.0F, out, to_int(columns));
}
