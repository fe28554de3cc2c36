/* Names of products in what a visitor says. For the files of this folder. */
#ifndef NERDX_SERVICES_AGENTS_ORDER_PRODUCTS_H
#define NERDX_SERVICES_AGENTS_ORDER_PRODUCTS_H

#include "services/agents/order/heard.h"

enum { PRODUCTS_MASKED_MAX = 64 };

/* A text whose products are «0», «1» …, so that no number of a name is an amount. */
typedef struct Masked {
    Str text;
    Str words[PRODUCTS_MASKED_MAX]; /* how each was called; absent: it wasn't */
} Masked;

Masked products_mask(OrderProducts products, Arena *arena, Str folded);

/* With their words again. */
Str products_unmask(const Masked *masked, Arena *arena, Str part);

/* The product of a number as it was caught; NULL: none. */
const OrderProduct *products_at(OrderProducts products, Str number);

#endif
