#include "services/agents/order/order.h"

/* --- how many --- */

typedef struct Settling {
    const Order *order;
    Texts products;
    const ToolHandOff *chosen; /* or NULL */
    HandoffQuantityList *out;
} Settling;

static bool is_settled(const Settling *s, Str product)
{
    for (size_t i = 0; i < s->out->count; i++)
        if (str_equal(s->out->items[i].product_id, product))
            return true;
    return false;
}

/* Of a product that is handed on, once. */
static void add(Settling *s, HandoffQuantity told, Str product)
{
    if (s->out->count == ORDER_MENTIONS_MAX || is_settled(s, product) || !texts_have(s->products, product))
        return;
    told.product_id = product;
    s->out->items[s->out->count++] = told;
}

/* Of what a count is that doesn't say it. */
static Texts meant_by(const Settling *s, const OrderCount *count)
{
    return count->back == 0 ? s->products : order_products(s->order, count->back);
}

/* Of which it is isn't said: that is handed on only of the newest message with counts, where no product has any. */
static void add_open(Settling *s, const OrderCount *count)
{
    bool is_newest = count->back == s->order->counts[0].back;
    bool none_settled = s->out->count == 0 || s->out->items[0].product_id.len == 0;

    if (is_newest && none_settled && s->out->count < ORDER_MENTIONS_MAX)
        s->out->items[s->out->count++] = count->told;
}

static void settle_count(Settling *s, const OrderCount *count)
{
    Texts meant = meant_by(s, count);

    if (count->told.product_id.len > 0)
        add(s, count->told, count->told.product_id);
    else if (meant.count == 1)
        add(s, count->told, meant.items[0]);
    else if (count->each)
        for (size_t i = 0; i < meant.count; i++)
            add(s, count->told, meant.items[i]);
    else
        add_open(s, count);
}

/* What a model counts counts where somebody said so many, of that or of nothing else. */
static void settle_chosen(Settling *s, const ToolQuantity *chosen)
{
    for (size_t i = 0; i < s->order->count_count; i++) {
        const HandoffQuantity *told = &s->order->counts[i].told;
        if (told->count == chosen->count &&
            (told->product_id.len == 0 || str_equal(told->product_id, chosen->product_id))) {
            add(s, *told, chosen->product_id);
            return;
        }
    }
}

static void settle_quantities(Settling *s)
{
    s->out->items = arena_array(s->order->arena, HandoffQuantity, ORDER_MENTIONS_MAX);
    for (size_t i = 0; s->chosen != NULL && i < s->chosen->quantities.count; i++)
        settle_chosen(s, &s->chosen->quantities.items[i]);
    for (size_t i = 0; i < s->order->count_count; i++)
        settle_count(s, &s->order->counts[i]);
    if (s->out->count == 0)
        s->out->items = NULL; /* absent rather than empty */
}

/* --- the rest: the one that a model names, if it was said; else the newest --- */

static bool says_budget(const HandoffBudget *told, const ToolBudget *chosen)
{
    bool same_max = !chosen->has_max_minor || (told->has_max_minor && told->max_minor == chosen->max_minor);
    bool same_min = !chosen->has_min_minor || (told->has_min_minor && told->min_minor == chosen->min_minor);

    return same_max && same_min && HANDOFF_BUDGET_CURRENCY_TEXT[told->currency].data != NULL &&
           str_equal(HANDOFF_BUDGET_CURRENCY_TEXT[told->currency],
                     TOOL_BUDGET_CURRENCY_TEXT[chosen->currency]);
}

static const HandoffBudget *budget_of(const Order *order, const ToolBudget *chosen)
{
    for (size_t i = 0; chosen != NULL && i < order->budget_count; i++)
        if (says_budget(&order->budgets[i], chosen))
            return &order->budgets[i];
    return order->budget_count > 0 ? &order->budgets[0] : NULL;
}

static const HandoffDay *day_of(const Order *order, Str chosen)
{
    for (size_t i = 0; chosen.len > 0 && i < order->day_count; i++)
        if (str_equal(order->days[i].date, chosen))
            return &order->days[i];
    return order->day_count > 0 ? &order->days[0] : NULL;
}

static const HandoffRecipient *recipient_of(const Order *order, Str chosen)
{
    for (size_t i = 0; chosen.len > 0 && i < order->recipient_count; i++)
        if (str_equal(order->recipients[i].who, chosen))
            return &order->recipients[i];
    return order->recipient_count > 0 ? &order->recipients[0] : NULL;
}

void order_settle(const Order *order, Texts products, const ToolHandOff *chosen, HandoffSummary *out)
{
    Settling settling = {order, products, chosen, &out->quantities};

    settle_quantities(&settling);
    out->budget = budget_of(order, chosen != NULL ? chosen->budget : NULL);
    out->needed_by = day_of(order, chosen != NULL ? chosen->needed_by : (Str){NULL, 0});
    out->recipient = recipient_of(order, chosen != NULL ? chosen->recipient : (Str){NULL, 0});
}
