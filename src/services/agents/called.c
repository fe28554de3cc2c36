/* Calls of tools, as the visitor gets to know of them. */
#include "base/utf8.h"
#include "services/agents/generator.h"

enum { ARGUMENTS_SHOWN = 200 };
static const double US_IN_MS = 1e3;

void turn_make_room_for_calls(Turn *turn)
{
    if (turn->called == NULL)
        turn->called = arena_array(turn->call->arena, ToolCall, TURN_TOOLS_MAX);
}

Err turn_call_begins(Turn *turn, Str name, Json arguments, size_t *number)
{
    Arena *arena = turn->call->arena;

    TRY(agent_budget_call(&turn->budget));
    if (turn->called_count == TURN_TOOLS_MAX)
        return err(LIMITED, "a turn has at most %d calls of tools", TURN_TOOLS_MAX);
    turn_make_room_for_calls(turn);
    ToolCall *call = &turn->called[turn->called_count++];
    *number = turn->called_count;
    *call = (ToolCall){
        .name = str_copy(arena, name),
        .arguments = str_copy(arena, utf8_cut_bytes(arguments, ARGUMENTS_SHOWN)),
        .problem = STR("it was cut off"),
    };
    const ToolEvent event = {.call = (int64_t)*number,
                             .name = call->name,
                             .arguments = call->arguments,
                             .state = TOOL_EVENT_STATE_STARTED};
    TRY(turn_introduce(turn));
    return agents_emit_tool(turn->stored, &event);
}

Err turn_call_ends(Turn *turn, size_t number, const Err *failure, int64_t took_us)
{
    ToolCall *call = &turn->called[number - 1];

    call->ok = !failed(failure);
    call->problem = call->ok ? (Str){NULL, 0} : str_copy(turn->call->arena, str_from(failure->message));
    call->took_ms = (double)took_us / US_IN_MS;
    const ToolEvent event = {.call = (int64_t)number,
                             .name = call->name,
                             .arguments = call->arguments,
                             .state = TOOL_EVENT_STATE_ENDED,
                             .has_ok = true,
                             .ok = call->ok,
                             .problem = call->problem,
                             .has_took_ms = true,
                             .took_ms = call->took_ms};
    return agents_emit_tool(turn->stored, &event);
}
