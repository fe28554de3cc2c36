#include "services/agents/turn.h"

#include <assert.h>

enum { PRODUCTS_MAX = 16 };

static void add_product(Str *items, size_t *count, Str id)
{
    if (id.len > 0 && *count < PRODUCTS_MAX && !texts_have((Texts){items, *count}, id))
        items[(*count)++] = id;
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

/* Of the products that whoever takes over knows, those that the message names, by any name they have: "ship NERD12 to
 * Busan" is no question that a search would understand. */
static Err add_named_products(const Turn *turn, Str to, Str *items, size_t *count)
{
    FactReader reader = turn_reader(turn);
    const Fact *other;

    TRY(fact_find(&reader, to, &other, NULL));
    for (size_t i = 0; other != NULL && i < other->relation_count; i++) {
        const Relation *relation = &other->relations[i];
        const Fact *product;
        Texts aliases;
        if (!str_equal(relation->label, STR("Product")))
            continue;
        TRY(fact_find(&reader, relation->id, &product, &aliases));
        if (product != NULL && turn_mentions(turn, product->name, aliases))
            add_product(items, count, str_copy(turn->call->arena, product->id));
    }
    return OK;
}

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

static void add_memory(HandoffSummary *summary, const Remembered *memory)
{
    const ConstraintRow *row = constraint_of(memory->kind);

    if (row != NULL)
        summary->constraints.items[summary->constraints.count++] =
            (HandoffConstraint){row->kind, memory->who, if_any(memory->entity), memory->name};
    else if (memory->score != 0)
        summary->tastes.items[summary->tastes.count++] =
            (HandoffTaste){if_any(memory->entity), memory->name, memory->score};
}

static HandoffSummary summary_of(const Turn *turn)
{
    const Recollection *recollection = &turn->recollection;
    Arena *arena = turn->call->arena;
    HandoffSummary summary = {
        .language = turn_language(turn),
        .wants = memory_mask(turn->tools->memory, arena, turn->in->message),
        .tastes.items = arena_array(arena, HandoffTaste, FACTS_MAX),
        .constraints.items = arena_array(arena, HandoffConstraint, FACTS_MAX),
    };

    for (size_t i = 0; i < recollection->fact_count; i++)
        add_memory(&summary, &recollection->facts[i]);
    return summary;
}

/* The products that were chosen, else those that are named now; when none is, those of the latest turn that had any. */
Err turn_hand_off(Turn *turn, const AgentHandoff *target, Texts chosen)
{
    Str *items = arena_array(turn->call->arena, Str, PRODUCTS_MAX);
    size_t count = 0;

    if (target == NULL)
        target = agent_handoff_for(turn->agent, HANDOFF_REASON_PURCHASE_INTENT);
    if (target == NULL)
        target = &turn->agent->handoffs[0];
    assert(turn->agent->handoff_count > 0); /* no purchase is heard where there is nobody for it (hear.c) */
    turn->outcome = CHAT_REPLY_OUTCOME_HANDOFF;
    for (size_t i = 0; i < chosen.count; i++)
        add_product(items, &count, chosen.items[i]);
    if (count == 0) {
        TRY(add_named_products(turn, target->to, items, &count));
        add_found_products(turn, items, &count);
    }
    for (size_t i = 0; i < turn->history_count && count == 0; i++) {
        Str rest = turn->history[i].products, id;
        while (rest.len > 0 && str_split(&rest, ' ', &id))
            add_product(items, &count, id);
    }
    Handoff *handoff = arena_new(turn->call->arena, Handoff);
    *handoff = (Handoff){target->to, target->reason, {items, count}, summary_of(turn)};
    turn->handoff = handoff;
    return OK;
}
