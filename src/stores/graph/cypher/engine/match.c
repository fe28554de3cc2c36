#include "stores/graph/cypher/engine/match.h"

#include "stores/graph/cypher/engine/evaluate.h"
#include "stores/graph/cypher/engine/fit.h"

/* The relationships that this match has taken, the latest first. They live on the stack. */
typedef struct Taken {
    const ValueRelationship *relationship;
    const struct Taken *before;
} Taken;

typedef struct Matcher {
    Run *run;
    const Plan *plan;
    bool keeps;
    MatchFn on_match;
    void *context;
    bool stop;
} Matcher;

static Err take_step(Matcher *matcher, size_t number, const Taken *taken);

/* ---- Conditions ---- */

static Err checks_fit(Matcher *matcher, const Step *step, bool *fit)
{
    *fit = true;
    for (size_t i = 0; i < step->check_count && *fit; i++) {
        const Check *check = step->checks[i];

        if (check->has_slot)
            TRY(fit_properties(matcher->run, check->expression, matcher->run->row[check->slot], fit));
        else if (step != &matcher->plan->steps[matcher->plan->count - 1])
            TRY(fit_early(matcher->run, check->expression, fit));
    }
    return OK;
}

/* Puts the node into its slot, or compares it with what is there. */
static Err place_node(Run *run, const CypherNodePattern *pattern, bool known, const ValueNode *node,
                      bool *fit)
{
    Value *slot = &run->row[pattern->name.slot];

    *fit = !known || (slot->type == VALUE_NODE && slot->node == node);
    if (!*fit)
        return OK;
    *slot = value_node(node);
    if (pattern->label_count > 0) {
        TRY(access_load_node(&run->access, node));
        *fit = fit_labels(node, pattern);
    }
    return OK;
}

/* ---- One step ---- */

static Err go_on(Matcher *matcher, size_t number, const Taken *taken)
{
    bool fit;

    TRY(checks_fit(matcher, &matcher->plan->steps[number], &fit));
    return fit ? take_step(matcher, number + 1, taken) : OK;
}

static Err try_node(Matcher *matcher, size_t number, const ValueNode *node, const Taken *taken)
{
    const Step *step = &matcher->plan->steps[number];
    bool fit;

    TRY(place_node(matcher->run, step->node, step->node_known, node, &fit));
    return fit ? go_on(matcher, number, taken) : OK;
}

/* The same, and then the scratch memory that it took is free again. */
static Err try_node_alone(Matcher *matcher, size_t number, const ValueNode *node, const Taken *taken)
{
    ArenaMark mark = arena_mark(&matcher->run->scratch);

    TRY(run_tick(matcher->run));
    TRY(try_node(matcher, number, node, taken));
    if (!matcher->keeps)
        arena_rewind(&matcher->run->scratch, mark);
    return OK;
}

static Err known_node(Matcher *matcher, size_t number, const Taken *taken)
{
    const CypherNodePattern *pattern = matcher->plan->steps[number].node;
    Value value = matcher->run->row[pattern->name.slot];

    if (value_is_null(value))
        return OK;
    if (value.type != VALUE_NODE)
        return run_refuse(pattern->place, "a node is needed here, not %s", value_type_name(value.type));
    return try_node(matcher, number, value.node, taken);
}

static Err scan_nodes(Matcher *matcher, size_t number, const Taken *taken)
{
    const CypherNodePattern *pattern = matcher->plan->steps[number].node;
    Str label = pattern->label_count > 0 ? pattern->labels[0] : (Str){0};
    Scan *scan = access_scan(&matcher->run->access, label);
    const ValueNode *node;

    for (size_t i = 0; !matcher->stop; i++) {
        TRY(access_scan_at(&matcher->run->access, scan, i, &node));
        if (node == NULL)
            return OK;
        TRY(try_node_alone(matcher, number, node, taken));
    }
    return OK;
}

static Err find_one(Matcher *matcher, size_t number, Str id, const Taken *taken)
{
    NodeList found;

    TRY(access_find(&matcher->run->access, id, &found));
    for (size_t i = 0; i < found.count && !matcher->stop; i++)
        TRY(try_node_alone(matcher, number, found.items[i], taken));
    return OK;
}

/* Another id than a text is no key, and is looked for among all. */
static bool are_keys(ValueList ids)
{
    for (size_t i = 0; i < ids.count; i++)
        if (ids.items[i].type != VALUE_STRING && !value_is_null(ids.items[i]))
            return false;
    return true;
}

static bool came_before(ValueList ids, size_t place)
{
    for (size_t i = 0; i < place; i++)
        if (value_order(ids.items[i], ids.items[place]) == 0)
            return true;
    return false;
}

static Err find_node(Matcher *matcher, size_t number, const Taken *taken)
{
    const Step *step = &matcher->plan->steps[number];
    Value id;

    TRY(evaluate(matcher->run, step->id, &id));
    if (value_is_null(id))
        return OK;
    ValueList ids = step->among && id.type == VALUE_LIST ? id.list : (ValueList){&id, 1};
    if (!are_keys(ids))
        return scan_nodes(matcher, number, taken);
    for (size_t i = 0; i < ids.count && !matcher->stop; i++) {
        TRY(run_tick(matcher->run));
        if (!value_is_null(ids.items[i]) && !came_before(ids, i))
            TRY(find_one(matcher, number, ids.items[i].text, taken));
    }
    return OK;
}

/* ---- Relationships ---- */

static bool is_taken(const Taken *taken, const ValueRelationship *relationship)
{
    for (; taken; taken = taken->before)
        if (taken->relationship->id == relationship->id)
            return true;
    return false;
}

static GraphDirection direction_of(const Step *step)
{
    if (step->relationship->direction == CYPHER_EITHER)
        return GRAPH_BOTH;
    return (step->relationship->direction == CYPHER_RIGHT) != step->backwards ? GRAPH_OUT : GRAPH_IN;
}

static Err fan_of(Matcher *matcher, const Step *step, const ValueNode *node, const Fan **out)
{
    return access_expand(&matcher->run->access, node, direction_of(step), step->relationship->types,
                         step->relationship->type_count, out);
}

static const ValueNode *other_end(const ValueRelationship *relationship, const ValueNode *node)
{
    return relationship->from == node ? relationship->to : relationship->from;
}

static const ValueNode *start_of(const Matcher *matcher, const Step *step)
{
    Value value = matcher->run->row[step->from->name.slot];

    return value.type == VALUE_NODE ? value.node : NULL;
}

static Err try_relationship(Matcher *matcher, size_t number, const ValueRelationship *relationship,
                            const ValueNode *node, const Taken *before)
{
    Taken taken = {relationship, before};

    if (is_taken(before, relationship))
        return OK;
    matcher->run->row[matcher->plan->steps[number].relationship->name.slot] =
        value_relationship(relationship);
    return try_node_alone(matcher, number, node, &taken);
}

static Err expand(Matcher *matcher, size_t number, const Taken *taken)
{
    const Step *step = &matcher->plan->steps[number];
    const ValueNode *start = start_of(matcher, step);
    const Fan *fan;

    if (start == NULL)
        return OK;
    TRY(fan_of(matcher, step, start, &fan));
    for (size_t i = 0; i < fan->count && !matcher->stop; i++)
        TRY(try_relationship(matcher, number, fan->items[i], other_end(fan->items[i], start), taken));
    return OK;
}

/* One way round: the left end of the pattern at `left`. */
static Err try_known(Matcher *matcher, size_t number, const ValueNode *left, const ValueNode *right,
                     const Taken *taken)
{
    const Step *step = &matcher->plan->steps[number];
    bool fit;

    TRY(place_node(matcher->run, step->node, step->node_known, left, &fit));
    if (fit)
        TRY(place_node(matcher->run, step->from, step->from_known, right, &fit));
    return fit ? go_on(matcher, number, taken) : OK;
}

static Err known_relationship(Matcher *matcher, size_t number, const Taken *before)
{
    const CypherRelationshipPattern *pattern = matcher->plan->steps[number].relationship;
    Value value = matcher->run->row[pattern->name.slot];
    Taken taken = {value.relationship, before};

    if (value_is_null(value))
        return OK;
    if (value.type != VALUE_RELATIONSHIP)
        return run_refuse(pattern->place, "a relationship is needed here, not %s",
                          value_type_name(value.type));
    const ValueRelationship *it = value.relationship;
    if (is_taken(before, it) || !fit_type(pattern, it))
        return OK;
    if (pattern->direction != CYPHER_LEFT)
        TRY(try_known(matcher, number, it->from, it->to, &taken));
    if (pattern->direction == CYPHER_LEFT || (pattern->direction == CYPHER_EITHER && it->from != it->to))
        TRY(try_known(matcher, number, it->to, it->from, &taken));
    return OK;
}

/* ---- Variable length ---- */

/* The way so far, from the left end of the pattern to the right one. */
static Value way_list(Matcher *matcher, const Step *step, const Taken *taken, size_t length)
{
    Value *items = arena_array(&matcher->run->scratch, Value, length);

    for (size_t i = 0; i < length; i++, taken = taken->before)
        items[step->backwards ? i : length - 1 - i] = value_relationship(taken->relationship);
    return value_list(items, length);
}

/* The way ends here. */
static Err try_end(Matcher *matcher, size_t number, const ValueNode *node, const Taken *taken, size_t length)
{
    const Step *step = &matcher->plan->steps[number];
    const CypherName *name = &step->relationship->name;
    ArenaMark mark = arena_mark(&matcher->run->scratch);
    Value way = way_list(matcher, step, taken, length);

    TRY(run_tick(matcher->run));
    if (!name->bound)
        matcher->run->row[name->slot] = way;
    if (value_equal(matcher->run->row[name->slot], way) == TRUTH_TRUE)
        TRY(try_node(matcher, number, node, taken));
    if (!matcher->keeps)
        arena_rewind(&matcher->run->scratch, mark);
    return OK;
}

static Err fits_way(Matcher *matcher, const Step *step, const ValueRelationship *relationship,
                    const Taken *taken, bool *fit)
{
    const CypherExpression *properties = step->relationship->properties;

    *fit = !is_taken(taken, relationship);
    if (*fit && properties)
        TRY(fit_properties(matcher->run, properties, value_relationship(relationship), fit));
    return OK;
}

static Err walk_on(Matcher *matcher, size_t number, const ValueNode *node, const Taken *before, size_t length)
{
    const Step *step = &matcher->plan->steps[number];
    const CypherRelationshipPattern *pattern = step->relationship;
    const Fan *fan;

    TRY(run_enter(matcher->run));
    if ((int64_t)length >= pattern->min)
        TRY(try_end(matcher, number, node, before, length));
    if (!matcher->stop && (pattern->max == CYPHER_NO_LIMIT || (int64_t)length < pattern->max)) {
        TRY(fan_of(matcher, step, node, &fan));
        for (size_t i = 0; i < fan->count && !matcher->stop; i++) {
            Taken taken = {fan->items[i], before};
            bool fit;

            TRY(fits_way(matcher, step, fan->items[i], before, &fit));
            if (fit)
                TRY(walk_on(matcher, number, other_end(fan->items[i], node), &taken, length + 1));
        }
    }
    run_leave(matcher->run);
    return OK;
}

static Err expand_many(Matcher *matcher, size_t number, const Taken *taken)
{
    const ValueNode *start = start_of(matcher, &matcher->plan->steps[number]);

    return start ? walk_on(matcher, number, start, taken, 0) : OK;
}

/* ---- Paths ---- */

static size_t path_length(const Run *run, const CypherPath *pattern)
{
    size_t length = 0;

    for (size_t i = 0; i < pattern->relationship_count; i++) {
        Value value = run->row[pattern->relationships[i].name.slot];

        length += value.type == VALUE_LIST ? value.list.count : 1;
    }
    return length;
}

typedef struct PathMaker {
    const ValueNode **nodes;
    const ValueRelationship **relationships;
    size_t length;
} PathMaker;

static void path_add(PathMaker *maker, const ValueRelationship *relationship)
{
    maker->relationships[maker->length] = relationship;
    maker->nodes[maker->length + 1] = other_end(relationship, maker->nodes[maker->length]);
    maker->length++;
}

static Err make_path(Matcher *matcher, size_t number, const Taken *taken)
{
    const CypherPath *pattern = matcher->plan->steps[number].path;
    Run *run = matcher->run;
    size_t length = path_length(run, pattern);
    PathMaker maker = {arena_array(&run->scratch, const ValueNode *, length + 1),
                       arena_array(&run->scratch, const ValueRelationship *, length), 0};
    ValuePath *path = arena_new(&run->scratch, ValuePath);

    maker.nodes[0] = run->row[pattern->nodes[0].name.slot].node;
    for (size_t i = 0; i < pattern->relationship_count; i++) {
        Value value = run->row[pattern->relationships[i].name.slot];

        if (value.type == VALUE_RELATIONSHIP)
            path_add(&maker, value.relationship);
        for (size_t k = 0; value.type == VALUE_LIST && k < value.list.count; k++)
            path_add(&maker, value.list.items[k].relationship);
    }
    *path = (ValuePath){maker.nodes, maker.relationships, maker.length};
    run->row[pattern->name.slot] = (Value){.type = VALUE_PATH, .path = path};
    return go_on(matcher, number, taken);
}

/* ---- All steps ---- */

static Err finish_match(Matcher *matcher)
{
    Truth truth = TRUTH_TRUE;

    if (matcher->plan->where)
        TRY(evaluate_truth(matcher->run, matcher->plan->where, &truth));
    return truth == TRUTH_TRUE ? matcher->on_match(matcher->context, matcher->run, &matcher->stop) : OK;
}

static Err take_step(Matcher *matcher, size_t number, const Taken *taken)
{
    static Err (*const STEPS[])(Matcher *matcher, size_t number, const Taken *taken) = {
        [STEP_KNOWN_NODE] = known_node, [STEP_FIND_NODE] = find_node,
        [STEP_SCAN_NODES] = scan_nodes, [STEP_KNOWN_RELATIONSHIP] = known_relationship,
        [STEP_EXPAND] = expand,         [STEP_EXPAND_MANY] = expand_many,
        [STEP_PATH] = make_path,
    };

    if (number == matcher->plan->count)
        return finish_match(matcher);
    TRY(run_enter(matcher->run));
    TRY(STEPS[matcher->plan->steps[number].kind](matcher, number, taken));
    run_leave(matcher->run);
    return OK;
}

Err match_each(Run *run, const Plan *plan, bool keeps, MatchFn on_match, void *context)
{
    Matcher matcher = {run, plan, keeps, on_match, context, false};

    return take_step(&matcher, 0, NULL);
}
