#include "services/agents/guards/rules.h"

/* Everything that is looked at: the message, what was said before it, and the two as one. */
typedef struct Hearing {
    const Guards *guards;
    Looks now;
    Looks before[GUARDS_EARLIER_MAX];
    size_t before_count;
    Looks joined;
    unsigned goes_on; /* bit i: the message is follow-up i */
} Hearing;

static bool look_touches(const GuardRule *rule, const Look *look)
{
    if (look->kind == LOOK_PLAIN)
        return listener_touched(rule->listener, look->text);
    if (rule->loose == NULL)
        return false;
    return listener_touched(look->kind == LOOK_JOINED ? rule->loose : rule->listener, look->text);
}

bool guard_rule_touched(const GuardRule *rule, const Looks *looks)
{
    for (size_t i = 0; i < looks->count; i++)
        if (look_touches(rule, &looks->items[i]))
            return true;
    return false;
}

/* An earlier message may say less than one that stands alone: "I came by car." */
static bool led_up_to(const GuardRule *rule, const Looks *before)
{
    if (guard_rule_touched(rule, before))
        return true;
    return rule->before != NULL && before->count > 0 && listener_touched(rule->before, before->items[0].text);
}

/* Whether what was said before touched the rule, and the message goes on with it. */
static bool goes_on(const Hearing *hearing, const GuardRule *rule)
{
    for (size_t i = 0; i < hearing->guards->follow_up_count; i++) {
        if ((rule->goes_on & hearing->goes_on & 1U << i) == 0)
            continue;
        for (size_t k = 0; k < hearing->before_count && k < hearing->guards->follow_ups[i].turns; k++)
            if (led_up_to(rule, &hearing->before[k]))
                return true;
    }
    return false;
}

static bool fits(const Hearing *hearing, const GuardRule *rule)
{
    return guard_rule_touched(rule, &hearing->now) || goes_on(hearing, rule) ||
           (rule->split && guard_rule_touched(rule, &hearing->joined));
}

static void listen_for_follow_ups(Hearing *hearing)
{
    const Guards *guards = hearing->guards;
    Str message = hearing->now.count == 0 ? STR("") : hearing->now.items[0].text;

    for (size_t i = 0; hearing->before_count > 0 && i < guards->follow_up_count; i++)
        if (guards->follow_ups[i].always || listener_hears(guards->follow_ups[i].listener, message))
            hearing->goes_on |= 1U << i;
}

static void hear(const Guards *guards, Arena *arena, Str message, Texts earlier, Hearing *out)
{
    out->guards = guards;
    looks_of(&guards->reading, arena, message, &out->now);
    for (size_t i = 0; i < earlier.count && i < GUARDS_EARLIER_MAX; i++)
        looks_of(&guards->reading, arena, earlier.items[i], &out->before[out->before_count++]);
    if (earlier.count > 0)
        looks_of(&guards->reading, arena,
                 str_format(arena, "%.*s %.*s", STR_ARG(earlier.items[0]), STR_ARG(message)), &out->joined);
    listen_for_follow_ups(out);
}

void guards_judge(const Guards *guards, Arena *arena, Str message, Texts earlier, Verdict *out)
{
    AUTO_ARENA Arena scratch = {0}; /* the many ways to read a message are forgotten with the verdict */
    Hearing hearing = {0};

    (void)arena;
    hear(guards, &scratch, message, earlier, &hearing);
    *out = (Verdict){CHAT_REPLY_OUTCOME_ANSWER, NULL};
    for (size_t i = 0; i < guards->input.count; i++) {
        const GuardRule *rule = &guards->input.items[i];
        if (!fits(&hearing, rule))
            continue;
        *out = (Verdict){rule->outcome, rule->outcome == CHAT_REPLY_OUTCOME_HANDOFF ? NULL : rule};
        return;
    }
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

    return json_str(words);
}
