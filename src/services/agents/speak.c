/* The sink of generators: a sentence is guarded, then sent. */
#include "base/utf8.h"
#include "services/agents/generator.h"

Err turn_say(Turn *turn, Line line, bool *said)
{
    Narration *narration = &turn->narration;

    *said = !voice_forbids(turn->tools->voice, turn->call->arena, line.text);
    if (!*said)
        return OK;
    if (narration->count == LINES_MAX)
        return err(INTERNAL, "an answer has at most %d sentences", LINES_MAX);
    narration->lines[narration->count++] = line;
    return OK;
}

static Err say_who_speaks(const Turn *turn)
{
    const ChatMeta meta = {
        .turn_id = turn->id,
        .session_id = turn->in->session_id,
        .language = turn_language(turn),
        .generator = turn->generator,
        .has_fallback = turn->has_fallback,
        .fallback = turn->fallback,
    };

    return agents_emit_meta(turn->stored, &meta);
}

enum { ARGUMENTS_SHOWN = 200 };
static const double US_IN_MS = 1e3;

Err turn_called(Turn *turn, Str name, Json arguments, const Err *failure, int64_t took_us)
{
    Arena *arena = turn->call->arena;

    TRY(agent_budget_call(&turn->budget));
    if (turn->called_count == TURN_TOOLS_MAX)
        return OK;
    turn->called[turn->called_count++] = (ToolCall){
        .name = str_copy(arena, name),
        .arguments = str_copy(arena, utf8_cut_bytes(arguments, ARGUMENTS_SHOWN)),
        .ok = !failed(failure),
        .problem = failed(failure) ? str_copy(arena, str_from(failure->message)) : (Str){NULL, 0},
        .took_ms = (double)took_us / US_IN_MS,
    };
    return OK;
}

static Err tell_calls(Turn *turn)
{
    for (; turn->called_told < turn->called_count; turn->called_told++)
        TRY(agents_emit_tool(turn->stored, &turn->called[turn->called_told]));
    return OK;
}

Err turn_speak(Turn *turn)
{
    const Narration *narration = &turn->narration;

    if (turn->spoken == 0 && narration->count > 0)
        TRY(say_who_speaks(turn));
    if (narration->count > 0)
        TRY(tell_calls(turn));
    for (; turn->spoken < narration->count; turn->spoken++) {
        const Line *line = &narration->lines[turn->spoken];
        Str between = turn->spoken == 0 ? STR("") : line->opens_paragraph ? STR("\n\n") : STR(" ");
        const ChatDelta delta = {
            .text = str_format(turn->call->arena, "%.*s%.*s", STR_ARG(between), STR_ARG(line->text))};
        TRY(agents_emit_delta(turn->stored, &delta));
    }
    return turn_release(turn);
}
