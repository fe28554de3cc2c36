#include "services/agents/order/read.h"

void order_begin(Order *order, const OrderBook *book, Arena *arena, OrderProducts products)
{
    *order = (Order){.book = book, .arena = arena, .products = products};
}

static Texts named_in(const Order *order, const Masked *masked)
{
    Str *ids = arena_array(order->arena, Str, order->products.count + 1);
    size_t count = 0;

    for (size_t i = 0; i < order->products.count && i < PRODUCTS_MASKED_MAX; i++)
        if (masked->words[i].data != NULL)
            ids[count++] = order->products.items[i].id;
    return (Texts){ids, count};
}

void order_hear(Order *order, const OrderSaid *said)
{
    if (order->heard == ORDER_TURNS_MAX)
        return;
    const Masked masked =
        products_mask(order->products, order->arena, text_fold(order->arena, said->message));
    Texts named = named_in(order, &masked);
    order_read(order, said, &masked);
    order->talked_about[order->heard++] = named.count > 0 ? named : said->products;
}

Texts order_products(const Order *order, size_t back)
{
    while (back < order->heard && order->talked_about[back].count == 0)
        back++;
    return back < order->heard ? order->talked_about[back] : (Texts){NULL, 0};
}
