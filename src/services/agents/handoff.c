#include "services/agents/turn.h"

#include <assert.h>

enum { PRODUCTS_MAX = 16 };

/* --- the products --- */

static void add_product(Str *items, size_t *count, Str id)
{
    if (id.len > 0 && *count < PRODUCTS_MAX && !texts_have((Texts){items, *count}, id))
        items[(*count)++] = id;
}

static void add_products(Str *items, size_t *count, Texts ids)
{
    for (size_t i = 0; i < ids.count; i++)
        add_product(items, count, ids.items[i]);
}

/* Products that the search found by name, slips of spelling too. */
static void add_found_products(const Turn *turn, Str *items, size_t *count)
{
    for (size_t i = 0; i < turn->found.results.count; i++) {
        const QueryHit *hit = &turn->found.results.items[i];
        if (str_equal(hit->entity.label, STR("Product")) && turn_names(turn, hit, (Texts){NULL, 0}))
            add_product(items, count, hit->entity.id);
    }
}

static Err read_product(const Turn *turn, Str id, OrderProduct *out)
{
    FactReader reader = turn_reader(turn);
    Arena *arena = turn->call->arena;
    const Fact *product;
    Texts aliases;

    TRY(fact_find(&reader, id, &product, &aliases));
    if (product == NULL)
        return OK;
    Str *names = arena_array(arena, Str, aliases.count + 1);
    names[0] = product->name;
    for (size_t i = 0; i < aliases.count; i++)
        names[i + 1] = aliases.items[i];
    *out = (OrderProduct){str_copy(arena, product->id), {names, aliases.count + 1}};
    return OK;
}

/* Those that whoever takes over knows. */
static Err read_products(const Turn *turn, Str to, OrderProducts *out)
{
    FactReader reader = turn_reader(turn);
    const Fact *other;

    TRY(fact_find(&reader, to, &other, NULL));
    size_t most = other != NULL ? other->relation_count : 0, count = 0;
    OrderProduct *items = arena_array(turn->call->arena, OrderProduct, most + 1);
    for (size_t i = 0; i < most; i++) {
        if (!str_equal(other->relations[i].label, STR("Product")))
            continue;
        TRY(read_product(turn, other->relations[i].id, &items[count]));
        count += items[count].id.len > 0;
    }
    *out = (OrderProducts){items, count};
    return OK;
}

/* --- what was said --- */

static Texts split_ids(Arena *arena, Str rest)
{
    Str *ids = arena_array(arena, Str, PRODUCTS_MAX), id;
    size_t count = 0;

    while (rest.len > 0 && count < PRODUCTS_MAX && str_split(&rest, ' ', &id))
        ids[count++] = id;
    return (Texts){ids, count};
}

/* All that the visitor said in this session, as far as it is kept, the message of this turn first. */
static Err hear_all(const Turn *turn, Order *order)
{
    Arena *arena = turn->call->arena;
    AgentsSqlListTalked *rows;
    size_t count;

    TRY(agents_sql_list_talked(turn->tools->sql, NULL, arena, turn->in->user_id, turn->in->session_id,
                               ORDER_TURNS_MAX - 1, &rows, &count));
    order_hear(
        order,
        &(OrderSaid){memory_mask(turn->tools->memory, arena, turn->in->message), turn->at_us, {NULL, 0}});
    for (size_t i = 0; i < count; i++)
        order_hear(order, &(OrderSaid){rows[i].message, rows[i].at_us, split_ids(arena, rows[i].products)});
    return OK;
}

/* The products that were chosen, else those that are named now; when none is, those of the latest turn that has any. */
static Texts products_of(const Turn *turn, const Order *order, const ToolHandOff *chosen)
{
    Str *items = arena_array(turn->call->arena, Str, PRODUCTS_MAX);
    size_t count = 0;

    if (chosen != NULL)
        add_products(items, &count, (Texts){chosen->products.items, chosen->products.count});
    if (count == 0) {
        add_products(items, &count, order->talked_about[0]);
        add_found_products(turn, items, &count);
    }
    if (count == 0)
        add_products(items, &count, order_products(order, 1));
    return (Texts){items, count};
}

/* --- what is known of the visitor --- */

/* Kinds of memory that an order depends on. */
typedef struct ConstraintRow {
    const char *memory;
    HandoffConstraintKind kind;
} ConstraintRow;

static const ConstraintRow CONSTRAINTS[] = {
    {"name", HANDOFF_CONSTRAINT_KIND_NAME},
    {"lives", HANDOFF_CONSTRAINT_KIND_REGION},
    {"avoids", HANDOFF_CONSTRAINT_KIND_AVOIDS},
    {"occasion", HANDOFF_CONSTRAINT_KIND_OCCASION},
};

static const ConstraintRow *constraint_of(Str memory)
{
    for (size_t i = 0; i < sizeof CONSTRAINTS / sizeof *CONSTRAINTS; i++)
        if (str_equal(memory, str_from(CONSTRAINTS[i].memory)))
            return &CONSTRAINTS[i];
    return NULL;
}

static Str if_any(Str text)
{
    return text.len > 0 ? text : (Str){NULL, 0};
}

static bool is_told_now(const Told *told, const Remembered *memory)
{
    for (size_t i = 0; i < told->count; i++)
        if (str_equal(told->items[i].entity, memory->entity) && str_equal(told->items[i].who, memory->who) &&
            (memory->entity.len > 0 || str_equal(told->items[i].kind, memory->kind)))
            return true;
    return false;
}

static void add_memory(HandoffSummary *summary, const Remembered *memory)
{
    const ConstraintRow *row = constraint_of(memory->kind);

    if (row != NULL && summary->constraints.count < FACTS_MAX)
        summary->constraints.items[summary->constraints.count++] =
            (HandoffConstraint){row->kind, memory->who, if_any(memory->entity), memory->name};
    else if (row == NULL && memory->score != 0 && summary->tastes.count < FACTS_MAX)
        summary->tastes.items[summary->tastes.count++] =
            (HandoffTaste){if_any(memory->entity), memory->name, memory->score};
}

/* What the message itself tells comes first, and stands in place of what was known of the same. */
static void add_memories(const Turn *turn, HandoffSummary *summary)
{
    const Recollection *recollection = &turn->recollection;

    for (size_t i = 0; i < turn->told.count; i++) {
        const ToldFact *told = &turn->told.items[i];
        add_memory(summary, &(Remembered){.kind = told->kind,
                                          .who = told->who,
                                          .entity = told->entity,
                                          .name = told->names[turn->tongue],
                                          .score = told->score});
    }
    for (size_t i = 0; i < recollection->fact_count; i++)
        if (!is_told_now(&turn->told, &recollection->facts[i]))
            add_memory(summary, &recollection->facts[i]);
}

static HandoffSummary summary_of(const Turn *turn)
{
    Arena *arena = turn->call->arena;
    HandoffSummary summary = {
        .language = turn_language(turn),
        .wants = memory_mask(turn->tools->memory, arena, turn->in->message),
        .tastes.items = arena_array(arena, HandoffTaste, FACTS_MAX),
        .constraints.items = arena_array(arena, HandoffConstraint, FACTS_MAX),
    };

    add_memories(turn, &summary);
    return summary;
}

/* Where the agent sends purchases, else the first it has. */
static const AgentHandoff *usual_target(const Agent *agent)
{
    const AgentHandoff *target = agent_handoff_for(agent, HANDOFF_REASON_PURCHASE_INTENT);

    assert(agent->handoff_count > 0); /* no purchase is heard where there is nobody for it (hear.c) */
    return target != NULL ? target : &agent->handoffs[0];
}

Err turn_hand_off(Turn *turn, const AgentHandoff *target, const ToolHandOff *chosen)
{
    Order *order = arena_new(turn->call->arena, Order);
    Handoff *handoff = arena_new(turn->call->arena, Handoff);
    OrderProducts sold;

    if (target == NULL)
        target = usual_target(turn->agent);
    turn->outcome = CHAT_REPLY_OUTCOME_HANDOFF;
    TRY(read_products(turn, target->to, &sold));
    order_begin(order, turn->tools->orders, turn->call->arena, sold);
    TRY(hear_all(turn, order));
    Texts products = products_of(turn, order, chosen);
    *handoff =
        (Handoff){target->to, target->reason, {(Str *)products.items, products.count}, summary_of(turn)};
    order_settle(order, products, chosen, &handoff->summary);
    turn->handoff = handoff;
    return OK;
}
