#include "services/agents/llm/inside.h"

#include "base/utf8.h"

enum { RESULT_MAX = 6000, RESULTS_MAX = 5, SHOWN_MAX = 200 };

/* --- the tools; each is an operation of the contract, and takes what the contract says --- */

static Language language_of(const Improvisation *improvisation)
{
    return improvisation->turn->tongue == KOREAN ? LANGUAGE_KO : LANGUAGE_EN;
}

static Err run_query(Improvisation *improvisation, const json_t *arguments, Buf *result)
{
    Turn *turn = improvisation->turn;
    QueryInput in = QUERY_INPUT_DEFAULTS;
    QueryResult found = {0};

    TRY(query_input_decode(improvisation->arena, arguments, &in));
    in.max_results = in.max_results < RESULTS_MAX ? in.max_results : RESULTS_MAX;
    if (!in.has_language)
        in.language = language_of(improvisation);
    in.has_language = true;
    TRY(world_client_query(turn->tools->world, turn->call, &in, &found));
    query_result_encode(&found, result);
    return OK;
}

/* Whoever the model names: what somebody likes is told to nobody else. */
static Err run_recommend(Improvisation *improvisation, const json_t *arguments, Buf *result)
{
    Turn *turn = improvisation->turn;
    WorldRecommendInput in = WORLD_RECOMMEND_INPUT_DEFAULTS;
    Recommendations found = {0};

    TRY(shape_decode(&WORLD_RECOMMEND_INPUT_SHAPE, improvisation->arena, arguments, &in));
    in.user_id = turn->in->user_id;
    in.limit = in.limit < RESULTS_MAX ? in.limit : RESULTS_MAX;
    TRY(world_client_recommend(turn->tools->world, turn->call, &in, &found));
    recommendations_encode(&found, result);
    return OK;
}

static Err run_story(Improvisation *improvisation, const json_t *arguments, Buf *result)
{
    FactReader reader = turn_reader(improvisation->turn);
    WorldGetEntityInput in = WORLD_GET_ENTITY_INPUT_DEFAULTS;
    const Fact *fact;
    Texts aliases;

    TRY(shape_decode(&WORLD_GET_ENTITY_INPUT_SHAPE, improvisation->arena, arguments, &in));
    TRY(fact_find(&reader, in.id, &fact, &aliases));
    if (fact == NULL)
        return err(NOT_FOUND, "no such entity: %.*s", STR_ARG(in.id));
    buf_put(result, prompt_sheet(improvisation, fact, aliases));
    return OK;
}

static Err run_handoff(Improvisation *improvisation, const json_t *arguments, Buf *result)
{
    (void)arguments;
    improvisation->handed_off = true;
    buf_put(result, STR("{}"));
    return turn_hand_off(improvisation->turn);
}

typedef struct Tool {
    const char *operation;
    ToolFn run;
} Tool;

static const Tool TOOLS[] = {
    {"world_query", run_query},
    {"world_recommend", run_recommend},
    {"world_get_entity", run_story},
    {"handoff", run_handoff},
};

ToolFn toolbox_find(Str operation)
{
    for (size_t i = 0; i < sizeof TOOLS / sizeof *TOOLS; i++)
        if (str_equal(operation, str_from(TOOLS[i].operation)))
            return TOOLS[i].run;
    return NULL;
}

Json toolbox_parameters(Str operation)
{
    for (size_t i = 0; i < WORLD_TOOL_COUNT; i++)
        if (str_equal(operation, str_from(WORLD_TOOLS[i].name)))
            return WORLD_TOOLS[i].parameters;
    return STR("{\"type\":\"object\",\"properties\":{}}");
}

/* --- a call --- */

static void put_error(Improvisation *improvisation, const Err *e, Buf *result)
{
    Str at = e->pointer[0] != '\0' ? str_format(improvisation->arena, " (%s)", e->pointer) : STR("");

    result->len = 0;
    buf_put(result, STR("{\"error\":"));
    json_put_string(result, str_format(improvisation->arena, "%s%.*s", e->message, STR_ARG(at)));
    buf_put_char(result, '}');
}

static Err unknown_tool(const Improviser *improviser, Arena *arena, Str name)
{
    Buf names;

    buf_init(&names, arena, SHOWN_MAX);
    for (size_t i = 0; i < improviser->tool_count; i++)
        buf_format(&names, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(improviser->tools[i].name));
    return err(INVALID, "no tool is called \"%.*s\"; there are %.*s", STR_ARG(utf8_cut_bytes(name, 40)),
               STR_ARG(buf_str(&names)));
}

/* Arguments as the contract reads them; what is no JSON object is said so. */
static Err read_arguments(const Improvisation *improvisation, const LlmToolCall *call, json_t **out)
{
    Err e = json_read(call->arguments, out);

    if (!failed(&e) && !json_is_object(*out))
        e = err(INVALID, "they are no object");
    if (failed(&e))
        return err(INVALID, "the arguments must be a JSON object: %.100s", e.message);
    if (str_equal(call->name, STR("RecommendProduct"))) {
        Str user = improvisation->turn->in->user_id;
        (void)json_object_set_new(*out, "user_id", json_stringn(user.data, user.len));
    }
    return OK;
}

static Err run(Improvisation *improvisation, const LlmToolCall *call, Buf *result)
{
    const Improviser *improviser = improvisation->improviser;
    AUTO_JSON json_t *arguments = NULL;

    for (size_t i = 0; i < improviser->tool_count; i++)
        if (str_equal(call->name, improviser->tools[i].name)) {
            TRY(read_arguments(improvisation, call, &arguments));
            return improviser->runs[i](improvisation, arguments, result);
        }
    return unknown_tool(improviser, improvisation->arena, call->name);
}

/* What a model did wrong it may mend; the rest no call would help. */
static bool is_told(const Err *e)
{
    return e->code == INVALID || e->code == NOT_FOUND || e->code == UNPROCESSABLE;
}

/* Arguments that were no JSON would be refused by the next request's server. */
static LlmToolCall *sound_calls(Improvisation *improvisation, const LlmAnswer *answer)
{
    LlmToolCall *calls = arena_array(improvisation->arena, LlmToolCall, answer->call_count + 1);

    for (size_t i = 0; i < answer->call_count; i++) {
        AUTO_JSON json_t *arguments = NULL;
        Err e = json_read(answer->calls[i].arguments, &arguments);
        calls[i] = answer->calls[i];
        if (failed(&e) || !json_is_object(arguments))
            calls[i].arguments = STR("{}");
    }
    return calls;
}

static Err run_noted(Improvisation *improvisation, const LlmToolCall *call, Buf *result)
{
    Turn *turn = improvisation->turn;
    int64_t began_us = clock_monotonic_us(turn->tools->clock);
    Err e = run(improvisation, call, result);

    TRY(turn_called(turn, call->name, call->arguments, &e,
                    clock_monotonic_us(turn->tools->clock) - began_us));
    return e;
}

Err toolbox_run(Improvisation *improvisation, const LlmAnswer *answer)
{
    prompt_add(improvisation, (LlmMessage){LLM_ASSISTANT, buf_str(&improvisation->whole),
                                           sound_calls(improvisation, answer), answer->call_count});
    for (size_t i = 0; i < answer->call_count; i++) {
        Buf result;
        buf_init(&result, improvisation->arena, 1024);
        Err e = run_noted(improvisation, &answer->calls[i], &result);
        if (failed(&e) && !is_told(&e))
            return e;
        if (failed(&e))
            put_error(improvisation, &e, &result);
        improvisation->looked_up = improvisation->looked_up || !failed(&e);
        Str material = prompt_material(improvisation, utf8_cut_bytes(buf_str(&result), RESULT_MAX));
        prompt_add(improvisation,
                   (LlmMessage){.role = LLM_TOOL, .content = material, .call_id = answer->calls[i].id});
    }
    return OK;
}
