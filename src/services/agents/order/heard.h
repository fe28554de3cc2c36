/* What was said and what was heard in it, as types; what is done with them: order.h. */
#ifndef NERDX_SERVICES_AGENTS_ORDER_HEARD_H
#define NERDX_SERVICES_AGENTS_ORDER_HEARD_H

#include "api/tools.h"
#include "services/agents/text.h"

typedef struct OrderBook OrderBook;

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

#endif
