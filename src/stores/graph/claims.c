#include "stores/graph/claims.h"

bool claim_is_open(int64_t since_us, int64_t until_us, int64_t moment_us)
{
    if (moment_us == GRAPH_NOW)
        return until_us == GRAPH_FOREVER;
    return since_us <= moment_us && moment_us < until_us;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

Succession claim_succeed(int64_t earlier_since_us, int64_t earlier_until_us, int64_t since_us,
                         int64_t until_us, int64_t now_us)
{
    bool both_open = earlier_until_us == GRAPH_FOREVER && until_us == GRAPH_FOREVER;
    int64_t begins_us = since_us > earlier_since_us || !both_open ? since_us : now_us;

    return (Succession){
        .begins_us = begins_us,
        .earlier_ends_us = earlier(earlier_until_us, later(begins_us, earlier_since_us)),
    };
}

bool claim_same_time(int64_t known_since_us, int64_t known_until_us, int64_t since_us, int64_t until_us)
{
    return since_us <= known_since_us && until_us == known_until_us;
}

bool json_same(Json a, Json b)
{
    AUTO_JSON json_t *left = NULL;
    AUTO_JSON json_t *right = NULL;
    Err e;

    if (str_equal(a, b))
        return true;
    e = json_read(a, &left);
    if (!failed(&e))
        e = json_read(b, &right);
    return !failed(&e) && json_equal(left, right);
}

/* ---- sums */

static Err lay_over(Arena *arena, Json above, Json *sum)
{
    AUTO_JSON json_t *below = NULL;
    AUTO_JSON json_t *layer = NULL;

    if (sum->data == NULL || json_same(above, *sum)) {
        *sum = sum->data == NULL ? above : *sum;
        return OK;
    }
    TRY(json_read(*sum, &below));
    TRY(json_read(above, &layer));
    if (json_object_update(below, layer) != 0)
        return err(INTERNAL, "the properties of a claim aren't an object");
    *sum = json_text(arena, below);
    return OK;
}

static bool has_label(const GraphNode *node, Str label)
{
    for (size_t i = 0; i < node->label_count; i++)
        if (str_equal(node->labels[i], label))
            return true;
    return false;
}

static void add_labels(Str *labels, GraphNode *node, const NodeClaim *claim)
{
    node->labels = labels;
    for (size_t i = 0; i < claim->label_count && node->label_count < GRAPH_MAX_LABELS; i++)
        if (!has_label(node, claim->labels[i]))
            labels[node->label_count++] = claim->labels[i];
}

/* Which claims make the node at a moment: those that are open; if there are none, those that ended last of what had
 * begun; if nothing had, those that begin first. That of the events counts where nobody else's does. */
typedef struct Choice {
    bool open;
    bool ended; /* of those that aren't open */
    bool by_events;
    int64_t us; /* when they ended or begin */
} Choice;

static Choice choose_of(const NodeClaim *claims, size_t count, int64_t moment_us, bool by_events)
{
    Choice choice = {.by_events = by_events, .us = INT64_MAX};

    for (size_t i = 0; i < count; i++) {
        const NodeClaim *claim = &claims[i];
        bool begun = moment_us == GRAPH_NOW || claim->since_us <= moment_us;

        if (claim->by_events != by_events)
            continue;
        if (claim_is_open(claim->since_us, claim->until_us, moment_us))
            choice.open = true;
        else if (begun)
            choice.us = choice.ended ? later(choice.us, claim->until_us) : claim->until_us;
        else if (!choice.ended)
            choice.us = earlier(choice.us, claim->since_us);
        choice.ended |= begun;
    }
    return choice;
}

static Choice choose(const NodeClaim *claims, size_t count, int64_t moment_us)
{
    Choice told = choose_of(claims, count, moment_us, false);
    Choice events = choose_of(claims, count, moment_us, true);
    bool is_told = told.us != INT64_MAX;

    return told.open || (is_told && !events.open) ? told : events;
}

static bool counts(const NodeClaim *claim, Choice choice, int64_t moment_us)
{
    if (claim->by_events != choice.by_events)
        return false;
    if (choice.open)
        return claim_is_open(claim->since_us, claim->until_us, moment_us);
    return (choice.ended ? claim->until_us : claim->since_us) == choice.us;
}

Err node_sum(Arena *arena, const NodeClaim *claims, size_t count, int64_t moment_us, NodeSum *out)
{
    Choice choice = choose(claims, count, moment_us);
    Str *labels = arena_array(arena, Str, GRAPH_MAX_LABELS);

    *out = (NodeSum){.held = choice.open, .node = {.since_us = INT64_MAX}};
    for (size_t i = 0; i < count; i++) {
        if (!counts(&claims[i], choice, moment_us))
            continue;
        add_labels(labels, &out->node, &claims[i]);
        out->node.since_us = earlier(out->node.since_us, claims[i].since_us);
        out->node.until_us = later(out->node.until_us, claims[i].until_us);
        TRY(lay_over(arena, claims[i].properties, &out->node.properties));
    }
    return OK;
}

/* What was recorded goes before what was told, the older before the newer. */
static bool is_before(const RelationshipClaim *a, const RelationshipClaim *b)
{
    if (a->recorded != b->recorded)
        return a->recorded;
    return a->at_us < b->at_us;
}

Err relationship_sum(Arena *arena, const RelationshipClaim *claims, size_t count, int64_t moment_us,
                     RelationshipSum *out)
{
    *out = (RelationshipSum){0};
    for (size_t i = 0; i < count; i++) {
        const RelationshipClaim *claim = &claims[i];

        if (!claim_is_open(claim->at_us, claim->until_us, moment_us))
            continue;
        if (!out->held || is_before(claim, &claims[out->shown]))
            out->shown = i;
        out->held = true;
        out->at_us = claims[out->shown].at_us;
        out->until_us = later(out->until_us, claim->until_us);
        TRY(lay_over(arena, claim->properties, &out->properties));
    }
    return OK;
}
