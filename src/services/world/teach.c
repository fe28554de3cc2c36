#include "services/world/teach.h"

#include "base/settle.h"
#include "services/world/ingest/check.h"
#include "services/world/room.h"

/* A fact of the request, and where it went. */
typedef struct Taught {
    Fact fact;
    bool is_refused;
    size_t place; /* among the nodes or the relationships */
} Taught;

typedef struct Lesson {
    Arena *arena;
    Checker *checker;
    Str source;
    Taught *items;
    FactVerdict *verdicts;
    size_t count;
    GraphNode *nodes;
    GraphRelationship *relationships;
    size_t node_count;
    size_t relationship_count;
} Lesson;

static void refuse(Lesson *lesson, size_t i, const Err *why)
{
    lesson->items[i].is_refused = true;
    lesson->verdicts[i] = (FactVerdict){
        .verdict = FACT_VERDICT_VERDICT_REFUSED,
        .pointer = str_copy(lesson->arena, str_from(why->pointer)),
        .reason = str_copy(lesson->arena, str_from(why->message)),
    };
}

static void read_fact(Lesson *lesson, size_t i, Json text, json_t *keep)
{
    json_t *object;
    Err e = json_read(text, &object);

    if (!failed(&e)) {
        json_array_append_new(keep, object);
        e = fact_from_json(lesson->arena, object, &lesson->items[i].fact);
    }
    if (failed(&e))
        refuse(lesson, i, &e);
}

static Err judge(Lesson *lesson, size_t i)
{
    Taught *item = &lesson->items[i];
    bool new_user;
    Err e = checker_check(lesson->checker, lesson->arena, lesson->source, &item->fact, &new_user);

    if (e.code == INVALID || e.code == NOT_FOUND) {
        refuse(lesson, i, &e);
        return OK;
    }
    TRY(e);
    if (new_user)
        lesson->nodes[lesson->node_count++] = checker_new_user(item->fact.relationship.from);
    item->place = item->fact.is_node ? lesson->node_count : lesson->relationship_count;
    if (item->fact.is_node)
        lesson->nodes[lesson->node_count++] = item->fact.node;
    else
        lesson->relationships[lesson->relationship_count++] = item->fact.relationship;
    return OK;
}

/* Nodes first, so that relationships may come before what they join. */
static Err judge_all(Lesson *lesson)
{
    for (int nodes = 1; nodes >= 0; nodes--)
        for (size_t i = 0; i < lesson->count; i++)
            if (!lesson->items[i].is_refused && lesson->items[i].fact.is_node == nodes)
                TRY(judge(lesson, i));
    return OK;
}

static FactVerdict told(Lesson *lesson, size_t i, GraphVerdict verdict)
{
    static const FactVerdictVerdict words[] = {
        [GRAPH_ADDED] = FACT_VERDICT_VERDICT_ADDED,
        [GRAPH_CHANGED] = FACT_VERDICT_VERDICT_CHANGED,
        [GRAPH_SAME] = FACT_VERDICT_VERDICT_SAME,
    };
    Err gone = err(NOT_FOUND, "one of its ends went away meanwhile");

    if (verdict == GRAPH_NO_END)
        refuse(lesson, i, &gone);
    else
        lesson->verdicts[i].verdict = words[verdict];
    return lesson->verdicts[i];
}

static Err write_lesson(World *world, Lesson *lesson, LearnResult *out)
{
    GraphOrigin origin = {.name = lesson->source, .now_us = clock_wall_us(world->clock)};
    GraphVerdict *of_nodes = arena_array(lesson->arena, GraphVerdict, lesson->node_count);
    GraphVerdict *of_relationships = arena_array(lesson->arena, GraphVerdict, lesson->relationship_count);
    GraphBatch batch = {lesson->nodes, lesson->node_count, lesson->relationships, lesson->relationship_count,
                        of_nodes,      of_relationships};

    TRY(graph_put(world->graph, origin, batch));
    for (size_t i = 0; i < lesson->count; i++) {
        const Taught *item = &lesson->items[i];
        FactVerdict verdict = lesson->verdicts[i];

        if (!item->is_refused)
            verdict =
                told(lesson, i, item->fact.is_node ? of_nodes[item->place] : of_relationships[item->place]);
        out->accepted +=
            verdict.verdict == FACT_VERDICT_VERDICT_ADDED || verdict.verdict == FACT_VERDICT_VERDICT_CHANGED;
    }
    out->verdicts.items = lesson->verdicts;
    out->verdicts.count = lesson->count;
    return OK;
}

static Err teach(World *world, Lesson *lesson, const LearnInput *in, LearnResult *out)
{
    AUTO_JSON json_t *keep = json_array();

    for (size_t i = 0; i < lesson->count; i++)
        read_fact(lesson, i, in->facts.items[i], keep);
    TRY(judge_all(lesson));
    return write_lesson(world, lesson, out);
}

Err teach_facts(Call *call, const LearnInput *in, LearnResult *out)
{
    AUTO_RESUME Settlement *suspended =
        settlement_suspend(); /* what is taken must be findable before the answer */
    World *world = call->service;
    AUTO_CATALOGUE Catalogue *catalogue = shelf_take(&world->shelf);
    size_t count = in->facts.count;
    Lesson lesson = {
        .arena = call->arena,
        .checker =
            checker_create(world->graph, world->schema, catalogue, clock_wall_us(world->clock), SIZE_MAX),
        .source = in->source,
        .items = arena_array(call->arena, Taught, count),
        .verdicts = arena_array(call->arena, FactVerdict, count),
        .count = count,
        .nodes = arena_array(call->arena, GraphNode, 2 * count),
        .relationships = arena_array(call->arena, GraphRelationship, count),
    };
    Err e = teach(world, &lesson, in, out);

    checker_destroy(lesson.checker);
    TRY(e);
    return out->accepted > 0 ? world_refresh(world) : OK;
}
