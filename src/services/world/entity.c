/* GET entity/{id}: an entity and its neighbours. */
#include "base/time.h"
#include "services/world/cursor.h"
#include "services/world/room.h"

enum { MAX_CLAIMS = 1000 /* as the contract has it */ };

/* A moment as the contract has it; absent where it stands for always or still. */
static Str moment(Arena *arena, int64_t us)
{
    return us != 0 && us != GRAPH_FOREVER ? time_format(arena, us) : (Str){0};
}

static Neighbour describe_neighbour(Arena *arena, const GraphNeighbour *neighbour)
{
    return (Neighbour){
        .relationship = neighbour->relationship,
        .direction = neighbour->direction == GRAPH_OUT ? NEIGHBOUR_DIRECTION_OUT : NEIGHBOUR_DIRECTION_IN,
        .id = neighbour->key,
        .label = neighbour->label,
        .name = neighbour->name,
        .since = moment(arena, neighbour->at_us),
        .until = moment(arena, neighbour->until_us),
        .properties = neighbour->properties,
    };
}

/* Those of the wanted types that are told; all that are told when none is wanted. */
static StrSet seen_types(Arena *arena, StrSet told, StrList wanted)
{
    Str *types = arena_array(arena, Str, wanted.count);
    size_t count = 0;

    if (wanted.count == 0)
        return told;
    for (size_t i = 0; i < wanted.count; i++)
        for (size_t n = 0; n < told.count; n++)
            if (str_equal(wanted.items[i], told.items[n]))
                types[count++] = told.items[n];
    return (StrSet){types, count};
}

static GraphDirection direction_of(WorldGetEntityInputDirection direction)
{
    return direction == WORLD_GET_ENTITY_INPUT_DIRECTION_BOTH  ? GRAPH_BOTH
           : direction == WORLD_GET_ENTITY_INPUT_DIRECTION_OUT ? GRAPH_OUT
                                                               : GRAPH_IN;
}

/* What visitors did is theirs: it is read from their side only. From the other it would tell who they are, and push
 * the entity's own neighbours out of the list. *nothing: none of what is wanted may be seen. */
static GraphView view_of(const Schema *schema, Arena *arena, const GraphNode *node,
                         const WorldGetEntityInput *in, bool *nothing)
{
    bool is_private = !schema_shows(schema, graph_main_label(node));
    GraphView view = {.direction = direction_of(in->direction), .limit = (size_t)in->limit + 1};

    if (is_private) {
        *nothing = view.direction == GRAPH_IN;
        view.direction = GRAPH_OUT;
        view.types = in->type.items;
        view.type_count = in->type.count;
    } else {
        StrSet types = seen_types(arena, schema_told_types(schema), in->type);

        *nothing = types.count == 0;
        view.types = types.items;
        view.type_count = types.count;
    }
    return view;
}

/* One more than the limit is read: it tells that there is a next page. */
static void describe_page(Call *call, const GraphNeighbour *neighbours, size_t found, int64_t limit,
                          Entity *out)
{
    size_t count = found > (size_t)limit ? (size_t)limit : found;

    out->neighbours.items = arena_array(call->arena, Neighbour, count);
    out->neighbours.count = count;
    for (size_t i = 0; i < count; i++)
        out->neighbours.items[i] = describe_neighbour(call->arena, &neighbours[i]);
    if (found > count && count > 0)
        out->next_cursor = cursor_print(call->arena, &neighbours[count - 1]);
}

static Err read_page(Call *call, const WorldGetEntityInput *in, const GraphNode *node, int64_t as_of_us,
                     Entity *out)
{
    World *world = call->service;
    GraphNeighbour *neighbours;
    size_t count;
    bool nothing;
    GraphView view = view_of(world->schema, call->arena, node, in, &nothing);

    view.as_of_us = as_of_us;
    if (in->cursor.data != NULL)
        TRY(cursor_read(call->arena, in->cursor, &view.after));
    if (nothing || in->limit == 0)
        return OK;
    TRY(graph_get_neighbours(world->graph, call->arena, in->id, view, &neighbours, &count));
    describe_page(call, neighbours, count, in->limit, out);
    return OK;
}

static Err read_provenance(Call *call, const WorldGetEntityInput *in, Entity *out)
{
    World *world = call->service;
    GraphClaim *claims;
    size_t count;

    TRY(graph_get_node_claims(world->graph, call->arena, in->id, &claims, &count));
    count = count < MAX_CLAIMS ? count : MAX_CLAIMS;
    out->provenance.items = arena_array(call->arena, Claim, count);
    out->provenance.count = count;
    for (size_t i = 0; i < count; i++)
        out->provenance.items[i] = (Claim){
            .source = claims[i].origin,
            .has_line = claims[i].line > 0,
            .line = claims[i].line,
            .since = moment(call->arena, claims[i].since_us),
            .until = moment(call->arena, claims[i].until_us),
            .properties = claims[i].properties,
        };
    return OK;
}

static Str question_text(Arena *arena, const WorldGetEntityInput *in)
{
    Buf out;

    buf_init(&out, arena, 128);
    buf_put(&out, in->id);
    buf_put_char(&out, ' ');
    buf_put_int(&out, in->limit);
    buf_put_char(&out, ' ');
    buf_put_int(&out, in->direction);
    for (size_t i = 0; i < in->type.count; i++) {
        buf_put_char(&out, ' ');
        buf_put(&out, in->type.items[i]);
    }
    return buf_str(&out);
}

/* The first page of now is what many ask for. *question is NULL when the answer isn't to be kept. */
static Err look_up(Call *call, const WorldGetEntityInput *in, AnswersQuestion **question)
{
    World *world = call->service;

    *question = NULL;
    if (!call->takes_bytes || in->as_of.data != NULL || in->cursor.data != NULL || in->provenance)
        return OK;
    *question = arena_new(call->arena, AnswersQuestion);
    **question = (AnswersQuestion){.answers = world->answers, .text = question_text(call->arena, in)};
    TRY(graph_get_version(world->graph, &(*question)->version));
    call->written = answers_find(world->answers, call->arena, (*question)->text, (*question)->version);
    return OK;
}

/* What is somebody's own is seen by them; to others there is none. Words (traits, occasions) are everybody's. */
static Err check_seen(const Call *call, const World *world, const GraphNode *node)
{
    Err e = identity_check_owner(&call->identity, node->key, PERMISSION_USERS_ANY);

    if (!schema_is_personal(world->schema, graph_main_label(node)) || !failed(&e))
        return OK;
    return err(NOT_FOUND, "there is no entity %.*s", STR_ARG(node->key));
}

static Err read_entity(Call *call, const WorldGetEntityInput *in, AnswersQuestion *question, Entity *out)
{
    World *world = call->service;
    int64_t as_of_us = GRAPH_NOW;
    GraphNode node;

    if (in->as_of.data != NULL && !time_parse(in->as_of, &as_of_us))
        return err_at(err(INVALID, "as_of: there is no such moment; expected 2026-11-23T12:00:00Z"),
                      "/as_of");
    TRY(graph_get_node(world->graph, call->arena, in->id, as_of_us, &node));
    TRY(check_seen(call, world, &node));
    out->id = node.key;
    out->labels = world_copy_list(call->arena, (StrSet){node.labels, node.label_count});
    out->properties = node.properties;
    TRY(read_page(call, in, &node, as_of_us, out));
    if (question != NULL && schema_shows(world->schema, graph_main_label(&node))) {
        call->keep = answers_keep_for;
        call->keep_context = question;
    }
    return in->provenance ? read_provenance(call, in, out) : OK;
}

/* Reads one entity with a page of its neighbours. NOT_FOUND names the id. */
Err world_get_entity(Call *call, const WorldGetEntityInput *in, Entity *out)
{
    AnswersQuestion *question;

    TRY(look_up(call, in, &question));
    return call->written.data != NULL ? OK : read_entity(call, in, question, out);
}

/* For those who keep what they read: it holds while the version stands. */
Err world_get_version(Call *call, WorldVersion *out)
{
    World *world = call->service;

    return graph_get_version(world->graph, &out->version);
}
