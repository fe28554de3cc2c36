#include "services/agents/order/order.h"

#include "base/memory.h"
#include "services/agents/order/days.h"
#include "services/agents/order/read.h"

static Err check_lists(const OrderBook *book)
{
    for (size_t i = 0; i < book->days.count; i++)
        if (!day_kind_is_known(&book->days.items[i]))
            return err(INVALID, "maeju/order.yaml: days: row %zu has no kind that there is", i + 1);
    for (size_t i = 0; i < book->budgets.count; i++)
        if (!budget_bound_is_known(&book->budgets.items[i]))
            return err(INVALID, "maeju/order.yaml: budgets: row %zu has no bound that there is", i + 1);
    return OK;
}

Err order_book_create(AssetTable content, const Grounding *grounding, OrderBook **out)
{
    OrderBook *book = memory_new(OrderBook);

    arena_init(&book->arena);
    book->numerals = grounding_lexicon(grounding);
    Err e = order_rules_read(content, book);
    if (!failed(&e))
        e = check_lists(book);
    *out = failed(&e) ? NULL : book;
    if (failed(&e))
        order_book_destroy(book);
    return e;
}

void order_book_destroy(OrderBook *book)
{
    if (book == NULL)
        return;
    order_rules_finish(book);
    arena_finish(&book->arena);
    memory_free(book);
}

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
