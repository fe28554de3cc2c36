#include "base/buf.h"
#include "services/agents/guards/heard.h"

/* Instead of what is left out. */
static const char LEFT_OUT[] = "[…]";

enum { ALLOWED = -1 }; /* by every rule */

/* The many ways to read a text are forgotten with the verdict: a turn that waits for its model keeps what it has in its arena. */
static int forbidding_rule(const Guards *guards, Str sentence)
{
    AUTO_ARENA Arena scratch = {0};
    Looks looks;

    looks_of(&guards->reading, &scratch, sentence, &looks);
    for (size_t i = 0; i < guards->output.count; i++)
        if (guard_rule_touched(&guards->output.items[i], &looks))
            return (int)i;
    return ALLOWED;
}

bool guards_forbid(const Guards *guards, Arena *arena, Str sentence, Str *why)
{
    Fingerprint print = recent_print(guards->forbidden, sentence);
    int rule;

    (void)arena;
    if (!recent_find(guards->forbidden, print, &rule)) {
        rule = forbidding_rule(guards, sentence);
        recent_keep(guards->forbidden, print, &rule);
    }
    if (rule != ALLOWED && why != NULL)
        *why = guards->output.items[rule].id;
    return rule != ALLOWED;
}

static int commanding_rule(const Guards *guards, Str text)
{
    AUTO_ARENA Arena scratch = {0};
    Looks looks;

    looks_of(&guards->reading, &scratch, text, &looks);
    for (size_t i = 0; i < guards->input.count; i++)
        if (guards->input.items[i].outcome == CHAT_REPLY_OUTCOME_INJECTION &&
            guard_rule_touched(&guards->input.items[i], &looks))
            return (int)i;
    return ALLOWED;
}

/* A language model is told the same facts, and what was said before, turn after turn. */
static bool commands(const Guards *guards, Str text)
{
    Fingerprint print = recent_print(guards->orders, text);
    int rule;

    if (!recent_find(guards->orders, print, &rule)) {
        rule = commanding_rule(guards, text);
        recent_keep(guards->orders, print, &rule);
    }
    return rule != ALLOWED;
}

Str guards_defuse(const Guards *guards, Arena *arena, Str text)
{
    Str rest = text, sentence;
    Buf out;

    if (!commands(guards, text))
        return text;
    buf_init(&out, arena, text.len + sizeof LEFT_OUT);
    while (text_next_sentence(&rest, (Texts){NULL, 0}, &sentence)) {
        buf_put(&out, out.len > 0 ? STR(" ") : STR(""));
        buf_put(&out, commands(guards, sentence) ? str_from(LEFT_OUT) : sentence);
    }
    return commands(guards, buf_str(&out)) ? str_from(LEFT_OUT) : buf_str(&out);
}

Str guards_redact(const Guards *guards, Arena *arena, Str text)
{
    return listener_hide(guards->personal, arena, text);
}
