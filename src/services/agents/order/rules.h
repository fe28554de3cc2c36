/* content/agents/maeju/order.yaml as tables. Read once, then only read. For the files of this folder. */
#ifndef NERDX_SERVICES_AGENTS_ORDER_RULES_H
#define NERDX_SERVICES_AGENTS_ORDER_RULES_H

#include "base/asset.h"
#include "services/agents/grounding/lexicon.h"
#include "services/agents/order/heard.h"
#include "services/agents/phrases.h"

/* A rule, a person, an occasion, a unit: what says it, and its row. */
typedef struct OrderRule {
    Listener *listener;
    const json_t *row;
    Str id;
} OrderRule;

typedef struct OrderRules {
    OrderRule *items;
    size_t count;
} OrderRules;

struct OrderBook {
    Arena arena;
    json_t *file;
    json_t *memory;
    const Lexicon *numerals;
    OrderRules quantities;
    OrderRules budgets;
    OrderRules days;
    OrderRules recipients;
    OrderRules people;
    OrderRules occasions;
    OrderRules units;
    OrderRule passes;
    OrderRule gift;
    OrderRule each;
};

/* Fills in the tables; book->arena is ready. Errors: INVALID naming what is wrong; what was read is to be finished then too. */
Err order_rules_read(AssetTable content, OrderBook *book);
void order_rules_finish(OrderBook *book);

/* The first that the text says; NULL: none. */
const OrderRule *order_rules_heard(OrderRules rules, Str folded);

/* The whole number under a key of order.yaml's map, by a folded word; missing: when there is none. */
int64_t order_word_value(const OrderBook *book, const char *map, Str word, int64_t missing);

/* A whole number of a rule's row. */
int64_t order_rule_number(const OrderRule *rule, const char *key, int64_t missing);

#endif
