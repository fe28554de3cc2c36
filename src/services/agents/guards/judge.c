#include "services/agents/guards/rules.h"

/* The first rule that the text touches; NULL when it touches none. */
static const GuardRule *rule_for(const Guards *guards, Str folded)
{
    for (size_t i = 0; i < guards->rule_count; i++)
        if (listener_touched(guards->rules[i].listener, folded))
            return &guards->rules[i];
    return NULL;
}

void guards_judge(const Guards *guards, Arena *arena, Str message, Texts earlier, Verdict *out)
{
    Str folded = text_fold(arena, message);
    const GuardRule *rule = rule_for(guards, folded);

    (void)earlier;
    *out = (Verdict){CHAT_REPLY_OUTCOME_ANSWER, rule};
    if (rule != NULL)
        out->outcome = rule->outcome;
    else if (listener_hears(guards->purchase, folded))
        out->outcome = CHAT_REPLY_OUTCOME_HANDOFF;
}

Str guards_rule_id(const GuardRule *rule)
{
    return rule->id;
}

Texts guards_rule_sources(const GuardRule *rule)
{
    return rule->sources;
}

Str guards_words(const GuardRule *rule, Tongue tongue, size_t turn)
{
    const json_t *list = json_object_get(rule->answers, tongue_code(tongue));
    const json_t *words = json_array_get(list, turn % json_array_size(list));

    return (Str){json_string_value(words), json_string_length(words)};
}
