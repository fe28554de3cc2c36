#include "base/buf.h"
#include "services/agents/guards/rules.h"

bool guards_forbid(const Guards *guards, Arena *arena, Str sentence)
{
    return listener_touched(guards->forbidden, text_fold(arena, sentence));
}

static bool commands(const Guards *guards, Arena *arena, Str sentence)
{
    Verdict verdict;

    guards_judge(guards, arena, sentence, (Texts){NULL, 0}, &verdict);
    return verdict.outcome == CHAT_REPLY_OUTCOME_INJECTION;
}

Str guards_defuse(const Guards *guards, Arena *arena, Str text)
{
    Str rest = text, sentence;
    Buf out;

    if (!commands(guards, arena, text))
        return text;
    buf_init(&out, arena, text.len + 8);
    while (text_next_sentence(&rest, (Texts){NULL, 0}, &sentence)) {
        buf_put(&out, out.len > 0 ? STR(" ") : STR(""));
        buf_put(&out, commands(guards, arena, sentence) ? STR("[…]") : sentence);
    }
    return commands(guards, arena, buf_str(&out)) ? STR("[…]") : buf_str(&out);
}
