/* Days as they are said, from the day in Korea (Asia/Seoul: UTC+9, without summer time since 1988) that they are said on. For the files
 * of this folder. */
#ifndef NERDX_SERVICES_AGENTS_ORDER_DAYS_H
#define NERDX_SERVICES_AGENTS_ORDER_DAYS_H

#include "services/agents/order/rules.h"

/* The day that a rule of `days` and what it caught name, as "2026-12-04"; absent when they name none. */
Str day_named(const OrderBook *book, Arena *arena, const OrderRule *rule, const Catch *caught, int64_t at_us);

/* Whether a rule's kind is one of those there are. */
bool day_kind_is_known(const OrderRule *rule);

#endif
