/* What of an order a conversation holds: how many of what, for how much, by when and for whom, in the visitor's words and typed. Words
 * alone, no I/O; which words say so is content (order.yaml).
 *
 *     Order order;
 *     order_begin(&order, book, arena, products);
 *     order_hear(&order, &said[0]);                 each message of the visitor, newest first
 *     order_settle(&order, chosen, &summary);       what holds */
#ifndef NERDX_SERVICES_AGENTS_ORDER_ORDER_H
#define NERDX_SERVICES_AGENTS_ORDER_ORDER_H

#include "base/asset.h"
#include "base/err.h"
#include "services/agents/grounding/grounding.h"
#include "services/agents/order/heard.h"

/* content: "maeju/order.yaml", and people and occasions of "maeju/memory.yaml"; numerals are the grounding's, which must stay. Errors:
 * INVALID naming the file and what is wrong in it. */
Err order_book_create(AssetTable content, const Grounding *grounding, OrderBook **out);
void order_book_destroy(OrderBook *book); /* accepts NULL */

void order_begin(Order *order, const OrderBook *book, Arena *arena, OrderProducts products);

/* Reads the message before those that were heard; more than there is room for isn't kept. */
void order_hear(Order *order, const OrderSaid *said);

/* Products that are named in the message so many turns back, else those its answer talked about; else the same of the turn before it. */
Texts order_products(const Order *order, size_t back);

/* What holds of it: the newest, and of those products alone. chosen: what a language model says was wanted, or NULL; it counts where the
 * conversation says the same. Fills in quantities, budget, needed_by and recipient. */
void order_settle(const Order *order, Texts products, const ToolHandOff *chosen, HandoffSummary *out);

#endif
