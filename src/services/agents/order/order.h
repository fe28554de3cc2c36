/* What of an order a conversation holds: how many of what, for how much, by when and for whom, in the visitor's words and typed. Words
 * alone, no I/O; which words say so is content (order.yaml).
 *
 *     Order order;
 *     order_begin(&order, book, arena, products);
 *     order_hear(&order, &said[0]);                 each message of the visitor, newest first
 *     order_settle(&order, chosen, &summary);       what holds */
#ifndef NERDX_SERVICES_AGENTS_ORDER_ORDER_H
#define NERDX_SERVICES_AGENTS_ORDER_ORDER_H

#include "api/tools.h"
#include "base/asset.h"
#include "base/err.h"
#include "services/agents/grounding/grounding.h"

typedef struct OrderBook OrderBook;

/* content: "maeju/order.yaml", and people and occasions of "maeju/memory.yaml"; numerals are the grounding's, which must stay. Errors:
 * INVALID naming the file and what is wrong in it. */
Err order_book_create(AssetTable content, const Grounding *grounding, OrderBook **out);
void order_book_destroy(OrderBook *book); /* accepts NULL */

/* A product that can be ordered, and what it is called in either language. */
typedef struct OrderProduct {
    Str id;
    Texts names;
} OrderProduct;

typedef struct OrderProducts {
    const OrderProduct *items;
    size_t count;
} OrderProducts;

/* What the visitor said in one turn. */
typedef struct OrderSaid {
    Str message;
    int64_t at_us;
    Texts products; /* ids of those that its answer talked about */
} OrderSaid;

/* How many, as one message says it. */
typedef struct OrderCount {
    HandoffQuantity told; /* product_id absent: of what was talked about */
    size_t back;          /* messages back: 0 is the newest */
    bool each;            /* of every product */
} OrderCount;

enum { ORDER_MENTIONS_MAX = 16, ORDER_TURNS_MAX = 24 };

/* All that was heard, newest first. */
typedef struct Order {
    const OrderBook *book;
    Arena *arena;
    OrderProducts products;
    Texts talked_about[ORDER_TURNS_MAX]; /* ids, of each message: those that it names, else its answer's */
    size_t heard;
    OrderCount counts[ORDER_MENTIONS_MAX];
    size_t count_count;
    HandoffBudget budgets[ORDER_MENTIONS_MAX];
    size_t budget_count;
    HandoffDay days[ORDER_MENTIONS_MAX];
    size_t day_count;
    HandoffRecipient recipients[ORDER_MENTIONS_MAX];
    size_t recipient_count;
} Order;

void order_begin(Order *order, const OrderBook *book, Arena *arena, OrderProducts products);

/* Reads the message before those that were heard; more than there is room for isn't kept. */
void order_hear(Order *order, const OrderSaid *said);

/* Products that are named in the message so many turns back, else those its answer talked about; else the same of the turn before it. */
Texts order_products(const Order *order, size_t back);

/* What holds of it: the newest, and of those products alone. chosen: what a language model says was wanted, or NULL; it counts where the
 * conversation says the same. Fills in quantities, budget, needed_by and recipient. */
void order_settle(const Order *order, Texts products, const ToolHandOff *chosen, HandoffSummary *out);

#endif
