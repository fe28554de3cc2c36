/* The sink of generators: a sentence is guarded, then sent. */
#include "services/agents/generator.h"

Err turn_say(Turn *turn, Line line, bool *said)
{
    Narration *narration = &turn->narration;

    *said = !voice_forbids(turn->tools->voice, turn->call->arena, line.text);
    if (!*said)
        return OK;
    return narration_put(narration, line) ? OK
                                          : err(INTERNAL, "an answer has at most %d sentences", LINES_MAX);
}

/* Somebody else may speak in the end than the one who called tools. */
Err turn_introduce(Turn *turn)
{
    const ChatMeta meta = {
        .turn_id = turn->id,
        .session_id = turn->in->session_id,
        .language = turn_language(turn),
        .generator = turn->generator,
        .has_fallback = turn->has_fallback,
        .fallback = turn->fallback,
    };

    if (turn->is_introduced && turn->introduced == turn->generator)
        return OK;
    turn->is_introduced = true;
    turn->introduced = turn->generator;
    return agents_emit_meta(turn->stored, &meta);
}

static Err emit_line(const Turn *turn, const Line *line)
{
    AUTO_ARENA Arena scratch = {0};
    Str between = turn->spoken == 0 ? STR("") : line->opens_paragraph ? STR("\n\n") : STR(" ");
    const ChatDelta delta = {.text = str_format(&scratch, "%.*s%.*s", STR_ARG(between), STR_ARG(line->text))};

    return agents_emit_delta(turn->stored, &delta);
}

Err turn_speak_last(Turn *turn)
{
    const Narration *narration = &turn->narration;

    if (narration->count > turn->spoken)
        TRY(turn_introduce(turn));
    for (; turn->spoken < narration->count; turn->spoken++)
        TRY(emit_line(turn, &narration->lines[turn->spoken]));
    return OK;
}

Err turn_speak(Turn *turn)
{
    TRY(turn_speak_last(turn));
    return turn_release(turn);
}
