#include "services/agents/order/read.h"

#include <math.h>

#include "base/utf8.h"
#include "services/agents/order/amounts.h"
#include "services/agents/order/days.h"

enum { CATCHES_MAX = 6, SAID_MAX = 200 };
static const double COUNT_MAX = 10000, MONEY_MAX = 1e12; /* as the contract has them; money in minor units */

typedef struct Reading {
    Order *order;
    const OrderBook *book;
    const OrderSaid *said;
    const Masked *masked;
    Str text; /* what is left of it */
} Reading;

typedef void Take(Reading *r, const OrderRule *rule, const Catch *caught);

/* What a rule takes the next don't see. */
static void apply(Reading *r, OrderRules rules, Take *take)
{
    Catch caught;

    for (size_t i = 0; i < rules.count; i++)
        for (int k = 0;
             k < CATCHES_MAX && listener_catches(rules.items[i].listener, r->order->arena, r->text, &caught);
             k++) {
            take(r, &rules.items[i], &caught);
            r->text = caught.rest;
        }
}

/* As the visitor wrote it. */
static Str said_of(const Reading *r, const Catch *caught)
{
    Str part = products_unmask(r->masked, r->order->arena, str_trim(caught->all));

    return utf8_cut(text_as_written(r->said->message, part), SAID_MAX);
}

/* --- for how much --- */

typedef enum Bound { BOUND_RANGE, BOUND_BAND, BOUND_ABOUT, BOUND_MOST, BOUND_LEAST, BOUND_COUNT } Bound;

static const char *const BOUNDS[BOUND_COUNT] = {"range", "band", "about", "most", "least"};

static Bound bound_of(const OrderRule *rule)
{
    Str name = json_str(json_object_get(rule->row, "bound"));
    Bound bound = 0;

    while (bound < BOUND_COUNT && !str_equal(name, str_from(BOUNDS[bound])))
        bound++;
    return bound;
}

bool budget_bound_is_known(const OrderRule *rule)
{
    return bound_of(rule) != BOUND_COUNT;
}

/* By a word or sign for it; what is said without one is in won. */
static HandoffBudgetCurrency currency_of(const OrderBook *book, Str word, int64_t *minor)
{
    for (int c = 0; c < HANDOFF_BUDGET_CURRENCY_COUNT; c++) {
        Str code = HANDOFF_BUDGET_CURRENCY_TEXT[c];
        const json_t *row = json_object_getn(json_object_get(book->file, "currencies"), code.data, code.len);
        const json_t *words = json_object_get(row, "words");
        *minor = json_integer_value(json_object_get(row, "minor"));
        for (size_t i = 0; i < json_array_size(words); i++)
            if (str_equal(json_str(json_array_get(words, i)), word))
                return (HandoffBudgetCurrency)c;
    }
    *minor = 1;
    return HANDOFF_BUDGET_CURRENCY_KRW;
}

/* 5만원대 goes up to 59,999: as far as its last digit that isn't 0 stands for. */
static int64_t band_end(int64_t from)
{
    int64_t place = 1;

    while (from > 0 && from % (place * 10) == 0)
        place *= 10;
    return from + place - 1;
}

static void put_bounds(Bound bound, const Amounts *amounts, int64_t minor, HandoffBudget *out)
{
    out->min_minor = llround(amounts->first * (double)minor);
    out->max_minor = llround(amounts->last * (double)minor);
    out->has_min_minor = bound == BOUND_RANGE || bound == BOUND_BAND || bound == BOUND_LEAST;
    out->has_max_minor = bound != BOUND_LEAST;
    out->approximate = bound == BOUND_ABOUT;
    if (bound == BOUND_BAND)
        out->max_minor = band_end(out->min_minor);
    if (!out->has_min_minor)
        out->min_minor = 0;
    if (!out->has_max_minor)
        out->max_minor = 0;
}

static void take_budget(Reading *r, const OrderRule *rule, const Catch *caught)
{
    Order *order = r->order;
    HandoffBudget budget = {.said = said_of(r, caught),
                            .each = listener_hears(r->book->each.listener, caught->all)};
    Amounts amounts;
    int64_t minor;

    if (order->budget_count == ORDER_MENTIONS_MAX ||
        !amounts_read(r->book, caught->it, order->arena, &amounts) || amounts.last < 1 ||
        amounts.first > amounts.last)
        return;
    budget.currency = currency_of(r->book, caught->who, &minor);
    if (amounts.last * (double)minor > MONEY_MAX)
        return;
    put_bounds(bound_of(rule), &amounts, minor, &budget);
    order->budgets[order->budget_count++] = budget;
}

/* --- by when --- */

static void take_day(Reading *r, const OrderRule *rule, const Catch *caught)
{
    Order *order = r->order;

    if (order->day_count < ORDER_MENTIONS_MAX)
        order->days[order->day_count++] = (HandoffDay){
            day_named(r->book, order->arena, rule, caught, r->said->at_us),
            said_of(r, caught),
        };
}

/* --- for whom --- */

static Str id_heard(OrderRules rules, Str text)
{
    const OrderRule *heard = text.len > 0 ? order_rules_heard(rules, text) : NULL;

    return heard != NULL ? heard->id : (Str){NULL, 0};
}

/* A gift, and what day it is for, may stand anywhere in the message. */
static void take_recipient(Reading *r, const OrderRule *rule, const Catch *caught)
{
    Order *order = r->order;

    (void)rule;
    if (order->recipient_count < ORDER_MENTIONS_MAX)
        order->recipients[order->recipient_count++] = (HandoffRecipient){
            .who = id_heard(r->book->people, caught->who),
            .gift = listener_hears(r->book->gift.listener, r->masked->text),
            .occasion_id = id_heard(r->book->occasions, r->masked->text),
            .said = said_of(r, caught),
        };
}

/* --- how many --- */

static HandoffQuantityUnit unit_of(const OrderBook *book, Str text)
{
    Str name = id_heard(book->units, text);

    for (int u = 0; u < HANDOFF_QUANTITY_UNIT_COUNT; u++)
        if (str_equal(HANDOFF_QUANTITY_UNIT_TEXT[u], name))
            return (HandoffQuantityUnit)u;
    return HANDOFF_QUANTITY_UNIT_ITEM;
}

static void take_count(Reading *r, const OrderRule *rule, const Catch *caught)
{
    Order *order = r->order;
    const OrderProduct *product = products_at(order->products, caught->who);
    Amounts amounts;

    if (order->count_count == ORDER_MENTIONS_MAX ||
        !amounts_read(r->book, caught->it, order->arena, &amounts) || amounts.is_range || amounts.first < 1 ||
        amounts.first > COUNT_MAX)
        return;
    order->counts[order->count_count++] = (OrderCount){
        .told = {product != NULL ? product->id : (Str){NULL, 0}, (int64_t)amounts.first,
                 unit_of(r->book, caught->all), said_of(r, caught)},
        .back = order->heard,
        .each = json_is_true(json_object_get(rule->row, "each")),
    };
}

void order_read(Order *order, const OrderSaid *said, const Masked *masked)
{
    const OrderBook *book = order->book;
    Reading r = {order, book, said, masked, listener_hide(book->passes.listener, order->arena, masked->text)};

    apply(&r, book->budgets, take_budget);
    Str text = r.text;
    apply(&r, book->recipients, take_recipient);
    r.text = text; /* "for Chuseok" is what for, and when */
    apply(&r, book->days, take_day);
    apply(&r, book->quantities, take_count);
}
