/* One message through the rules. For the files of this folder. */
#ifndef NERDX_SERVICES_AGENTS_ORDER_READ_H
#define NERDX_SERVICES_AGENTS_ORDER_READ_H

#include "services/agents/order/products.h"
#include "services/agents/order/rules.h"

/* Adds to the order what the message says; masked: its folded text. */
void order_read(Order *order, const OrderSaid *said, const Masked *masked);

/* Whether a budget's bound is one of those there are. */
bool budget_bound_is_known(const OrderRule *rule);

#endif
