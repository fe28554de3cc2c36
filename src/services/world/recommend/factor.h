/* A square matrix of items, kept as short rows of which it is the product: between item i and item j stands
 * from[i] · ⟨rows[i], rows[j]⟩ · to[j], and nothing on the diagonal. What says that two items go together can be kept so
 * when it is known through few people (ease_dual) or few directions of taste (smooth). */
#ifndef NERDX_SERVICES_WORLD_RECOMMEND_FACTOR_H
#define NERDX_SERVICES_WORLD_RECOMMEND_FACTOR_H

#include <stddef.h>
#include <stdint.h>

typedef struct Factor {
    size_t items;
    size_t width;
    float *rows; /* items × width */
    float *from;
    float *to;
} Factor;

/* What somebody thinks of an item, -1 to 1. */
typedef struct Taste {
    uint32_t item;
    float value;
} Taste;

Factor factor_new(size_t items, size_t width); /* not filled in */
void factor_finish(Factor *factor);            /* accepts a zeroed one */

double factor_between(const Factor *factor, size_t i, size_t j);

/* Adds what the tastes say of every item to scores. */
void factor_add(const Factor *factor, const Taste *tastes, size_t count, float *scores);

/* The same for many people at once: those of person p are tastes[first[p]] to tastes[first[p + 1]]; scores has a row a
 * person. */
void factor_add_many(const Factor *factor, const Taste *tastes, const size_t *first, size_t people,
                     float *scores);

/* Adds the whole matrix to a dense one (items × items). */
void factor_add_to(const Factor *factor, float *dense);

#endif
