#include "stores/graph/cypher/engine/plan.h"

#include <string.h>

#include "stores/graph/cypher/engine/walk.h"

/* A relationship pattern with the nodes at its ends. */
typedef struct Edge {
    const CypherRelationshipPattern *relationship;
    const CypherNodePattern *left;
    const CypherNodePattern *right;
    bool done;
} Edge;

typedef struct Corner {
    const CypherNodePattern *node;
    bool done;
} Corner;

typedef struct Planner {
    Arena *arena;
    bool *bound;   /* by slot */
    bool *scratch; /* a copy of bound that looking into expressions may write to */
    size_t slot_count;
    Corner *corners;
    size_t corner_count;
    Edge *edges;
    size_t edge_count;
    const CypherPath *paths;
    bool *path_done;
    size_t path_count;
    Check *checks;
    size_t check_count;
    const CypherExpression *where;
    Plan *plan;
} Planner;

static bool is_ready(const Planner *planner, const CypherExpression *expression)
{
    memcpy(planner->scratch, planner->bound, planner->slot_count * sizeof(bool));
    return walk_is_ready(expression, planner->scratch);
}

/* ---- What there is to do ---- */

static void unbind(const Planner *planner, const CypherName *name)
{
    if (!name->bound)
        planner->bound[name->slot] = false;
}

static void add_check(Planner *planner, const CypherExpression *expression, const size_t *slot)
{
    if (expression)
        planner->checks[planner->check_count++] = (Check){expression, slot != NULL, slot ? *slot : 0, false};
}

static void add_path(Planner *planner, const CypherPath *path)
{
    if (path->name.text.data)
        unbind(planner, &path->name);
    for (size_t i = 0; i <= path->relationship_count; i++) {
        const CypherNodePattern *node = &path->nodes[i];

        planner->corners[planner->corner_count++] = (Corner){node, false};
        unbind(planner, &node->name);
        add_check(planner, node->properties, &node->name.slot);
    }
    for (size_t i = 0; i < path->relationship_count; i++) {
        const CypherRelationshipPattern *relationship = &path->relationships[i];

        planner->edges[planner->edge_count++] =
            (Edge){relationship, &path->nodes[i], &path->nodes[i + 1], false};
        unbind(planner, &relationship->name);
        if (!relationship->var_length) /* those are checked one by one on the way */
            add_check(planner, relationship->properties, &relationship->name.slot);
    }
}

static bool is_and(const CypherExpression *expression)
{
    CypherBinary op = CYPHER_OR;

    if (expression->kind == CYPHER_BINARY)
        op = expression->binary.operator;
    return op == CYPHER_AND;
}

/* How many conditions joined by AND. */
static size_t count_conditions(const CypherExpression *where)
{
    if (where == NULL)
        return 0;
    if (is_and(where))
        return count_conditions(where->binary.left) + count_conditions(where->binary.right);
    return 1;
}

static void add_conditions(Planner *planner, const CypherExpression *where)
{
    if (where && is_and(where)) {
        add_conditions(planner, where->binary.left);
        add_conditions(planner, where->binary.right);
    } else {
        add_check(planner, where, NULL);
    }
}

static void begin(Planner *planner, const CypherExpression *where)
{
    size_t nodes = 0;
    size_t relationships = 0;

    for (size_t i = 0; i < planner->path_count; i++) {
        relationships += planner->paths[i].relationship_count;
        nodes += planner->paths[i].relationship_count + 1;
    }
    planner->bound = arena_alloc(planner->arena, planner->slot_count);
    planner->scratch = arena_alloc(planner->arena, planner->slot_count);
    memset(planner->bound, true, planner->slot_count);
    planner->corners = arena_array(planner->arena, Corner, nodes);
    planner->edges = arena_array(planner->arena, Edge, relationships);
    planner->path_done = arena_array(planner->arena, bool, planner->path_count);
    planner->checks = arena_array(planner->arena, Check, nodes + relationships + count_conditions(where));
    for (size_t i = 0; i < planner->path_count; i++)
        add_path(planner, &planner->paths[i]);
    add_conditions(planner, where);
    planner->plan = arena_new(planner->arena, Plan);
    planner->plan->where = where;
    planner->plan->steps = arena_array(planner->arena, Step, nodes + relationships + planner->path_count);
}

/* ---- Steps ---- */

/* Gives the step the checks that are ready now. */
static void take_checks(Planner *planner, Step *step)
{
    step->checks = arena_array(planner->arena, const Check *, planner->check_count);
    for (size_t i = 0; i < planner->check_count; i++) {
        Check *check = &planner->checks[i];

        if (check->done || (check->has_slot && !planner->bound[check->slot]) ||
            !is_ready(planner, check->expression))
            continue;
        check->done = true;
        step->checks[step->check_count++] = check;
    }
}

static void add_step(Planner *planner, Step step)
{
    const CypherNodePattern *nodes[] = {step.node, step.from};

    for (size_t i = 0; i < 2; i++)
        if (nodes[i])
            planner->bound[nodes[i]->name.slot] = true;
    if (step.relationship)
        planner->bound[step.relationship->name.slot] = true;
    if (step.path)
        planner->bound[step.path->name.slot] = true;
    take_checks(planner, &step);
    planner->plan->steps[planner->plan->count++] = step;
}

static Corner *corner_of(const Planner *planner, const CypherNodePattern *node)
{
    Corner *corner = planner->corners;

    while (corner->node != node)
        corner++;
    return corner;
}

static void add_known_relationship(Planner *planner, Edge *edge)
{
    edge->done = true;
    corner_of(planner, edge->left)->done = true;
    corner_of(planner, edge->right)->done = true;
    add_step(planner, (Step){
                          .kind = STEP_KNOWN_RELATIONSHIP,
                          .relationship = edge->relationship,
                          .node = edge->left,
                          .node_known = planner->bound[edge->left->name.slot],
                          .from = edge->right,
                          .from_known = planner->bound[edge->right->name.slot] ||
                                        edge->left->name.slot == edge->right->name.slot,
                      });
}

/* From an end that is known and has been checked. */
static void add_expand(Planner *planner, Edge *edge)
{
    bool backwards = !corner_of(planner, edge->left)->done;
    const CypherNodePattern *to = backwards ? edge->left : edge->right;

    edge->done = true;
    corner_of(planner, to)->done = true;
    add_step(planner, (Step){
                          .kind = edge->relationship->var_length ? STEP_EXPAND_MANY : STEP_EXPAND,
                          .relationship = edge->relationship,
                          .from = backwards ? edge->right : edge->left,
                          .node = to,
                          .node_known = planner->bound[to->name.slot],
                          .backwards = backwards,
                      });
}

/* Smaller is sooner. */
static int expand_cost(const Planner *planner, const Edge *edge)
{
    bool left = corner_of(planner, edge->left)->done;
    bool right = corner_of(planner, edge->right)->done;

    if (edge->done || (!left && !right))
        return INT32_MAX;
    if (edge->relationship->var_length)
        return edge->relationship->properties && !is_ready(planner, edge->relationship->properties) ? 4 : 3;
    return planner->bound[edge->left->name.slot] && planner->bound[edge->right->name.slot] ? 1 : 2;
}

static bool expand_best(Planner *planner)
{
    Edge *best = NULL;
    int least = INT32_MAX;

    for (size_t i = 0; i < planner->edge_count; i++) {
        int cost = expand_cost(planner, &planner->edges[i]);

        if (cost < least) {
            least = cost;
            best = &planner->edges[i];
        }
    }
    if (best)
        add_expand(planner, best);
    return best != NULL;
}

/* What has a value already: relationships give their ends, nodes only need to be looked at. */
static bool take_known(Planner *planner)
{
    for (size_t i = 0; i < planner->edge_count; i++) {
        Edge *edge = &planner->edges[i];

        if (!edge->done && edge->relationship->name.bound && !edge->relationship->var_length) {
            add_known_relationship(planner, edge);
            return true;
        }
    }
    for (size_t i = 0; i < planner->corner_count; i++) {
        Corner *corner = &planner->corners[i];

        if (!corner->done && planner->bound[corner->node->name.slot]) {
            corner->done = true;
            add_step(planner, (Step){.kind = STEP_KNOWN_NODE, .node = corner->node, .node_known = true});
            return true;
        }
    }
    return false;
}

/* ---- Where to begin ---- */

static const CypherExpression *id_in_map(const CypherExpression *properties)
{
    if (properties && properties->kind == CYPHER_MAP)
        for (size_t i = 0; i < properties->map.count; i++)
            if (str_equal(properties->map.keys[i], STR("id")))
                return properties->map.values[i];
    return NULL;
}

static bool is_id_of(const CypherExpression *expression, size_t slot)
{
    return expression->kind == CYPHER_PROPERTY && str_equal(expression->property.key, STR("id")) &&
           expression->property.of->kind == CYPHER_VARIABLE && expression->property.of->name.slot == slot;
}

/* Where a node's id is said. */
typedef struct IdTerm {
    const CypherExpression *id; /* NULL: nowhere */
    bool among;                 /* id is a list of them */
} IdTerm;

/* n.id = …, … = n.id or n.id IN … */
static IdTerm id_in_condition(const CypherExpression *condition, size_t slot)
{
    const CypherComparisonChain *chain = &condition->comparison;

    if (condition->kind == CYPHER_BINARY && condition->binary.operator== CYPHER_IN &&
                                            is_id_of(condition->binary.left, slot))
        return (IdTerm){condition->binary.right, true};
    if (condition->kind != CYPHER_COMPARISON || chain->count != 1 || chain->operators[0] != CYPHER_EQUAL)
        return (IdTerm){0};
    if (is_id_of(chain->operands[0], slot))
        return (IdTerm){chain->operands[1], false};
    return (IdTerm){is_id_of(chain->operands[1], slot) ? chain->operands[0] : NULL, false};
}

static IdTerm id_of(const Planner *planner, const CypherNodePattern *node)
{
    IdTerm term = {id_in_map(node->properties), false};

    for (size_t i = 0; i < planner->check_count && term.id == NULL; i++)
        if (!planner->checks[i].has_slot)
            term = id_in_condition(planner->checks[i].expression, node->name.slot);
    return term.id && is_ready(planner, term.id) ? term : (IdTerm){0};
}

static int start_cost(const Planner *planner, const CypherNodePattern *node)
{
    if (id_of(planner, node).id)
        return 0;
    return (node->label_count == 0) * 2 + (node->properties == NULL) + 1;
}

/* False when every node is taken. */
static bool begin_best(Planner *planner)
{
    Corner *best = NULL;

    for (size_t i = 0; i < planner->corner_count; i++) {
        Corner *corner = &planner->corners[i];

        if (!corner->done &&
            (best == NULL || start_cost(planner, corner->node) < start_cost(planner, best->node)))
            best = corner;
    }
    if (best == NULL)
        return false;
    best->done = true;
    IdTerm term = id_of(planner, best->node);
    add_step(planner, (Step){
                          .kind = term.id ? STEP_FIND_NODE : STEP_SCAN_NODES,
                          .node = best->node,
                          .id = term.id,
                          .among = term.among,
                      });
    return true;
}

static bool path_is_complete(const Planner *planner, const CypherPath *path)
{
    for (size_t i = 0; i <= path->relationship_count; i++)
        if (!corner_of(planner, &path->nodes[i])->done)
            return false;
    for (size_t i = 0; i < planner->edge_count; i++) {
        const Edge *edge = &planner->edges[i];
        bool in_path = edge->relationship >= path->relationships &&
                       edge->relationship < path->relationships + path->relationship_count;

        if (in_path && !edge->done)
            return false;
    }
    return true;
}

static void add_paths(Planner *planner)
{
    for (size_t i = 0; i < planner->path_count; i++) {
        const CypherPath *path = &planner->paths[i];

        if (planner->path_done[i] || path->name.text.data == NULL || !path_is_complete(planner, path))
            continue;
        planner->path_done[i] = true;
        add_step(planner, (Step){.kind = STEP_PATH, .path = path});
    }
}

static Err check_size(const CypherPath *paths, size_t path_count)
{
    size_t elements = 0;

    for (size_t i = 0; i < path_count; i++)
        elements += paths[i].relationship_count * 2 + 1;
    if (elements <= PLAN_MAX_ELEMENTS)
        return OK;
    return err(UNPROCESSABLE,
               "line %u, column %u: %zu nodes and relationships in one MATCH are too many: %d at the most",
               paths->place.line, paths->place.column, elements, PLAN_MAX_ELEMENTS);
}

Err plan_patterns(Arena *arena, const CypherPath *paths, size_t path_count, const CypherExpression *where,
                  size_t slot_count, Plan **out)
{
    Planner planner = {.arena = arena, .slot_count = slot_count, .paths = paths, .path_count = path_count};

    TRY(check_size(paths, path_count));
    begin(&planner, where);
    do
        add_paths(&planner);
    while (take_known(&planner) || expand_best(&planner) || begin_best(&planner));
    *out = planner.plan;
    return OK;
}
