/* Amounts as they are caught: "두", "5만", "3만 5천", "50k", "a couple of", "30 to 40". For the files of this folder. */
#ifndef NERDX_SERVICES_AGENTS_ORDER_AMOUNTS_H
#define NERDX_SERVICES_AGENTS_ORDER_AMOUNTS_H

#include "services/agents/order/rules.h"

typedef struct Amounts {
    double first;
    double last; /* the same when there is only one */
    bool is_range;
} Amounts;

/* False when the folded text holds none. "3~5만": what the second is counted in the first is counted in. */
bool amounts_read(const OrderBook *book, Str folded, Arena *arena, Amounts *out);

/* The numbers in digits of a date's text, at most three. */
size_t amounts_whole(Str text, int64_t out[3]);

#endif
