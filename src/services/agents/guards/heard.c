#include "services/agents/guards/heard.h"

#include <assert.h>

#include "services/agents/guards/plain.h"

static bool look_touches(const GuardRule *rule, const Look *look)
{
    if (look->kind == LOOK_PLAIN)
        return listener_touched(rule->listener, look->text);
    if (rule->loose == NULL)
        return false;
    return listener_touched(look->kind == LOOK_JOINED ? rule->loose : rule->listener, look->text);
}

static bool touched_from(const GuardRule *rule, const Looks *looks, size_t first)
{
    for (size_t i = first; i < looks->count; i++)
        if (look_touches(rule, &looks->items[i]))
            return true;
    return false;
}

bool guard_rule_touched(const GuardRule *rule, const Looks *looks)
{
    return touched_from(rule, looks, 0);
}

static Str plain_of(const Looks *looks)
{
    return looks->count == 0 ? STR("") : looks->items[0].text;
}

/* As signs have been learned: with ages for years of birth. */
static Str with_ages(const Guards *guards, Arena *arena, Str plain)
{
    Str ages = births_as_ages(&guards->reading.births, arena, plain);

    return ages.len > 0 ? ages : plain;
}

static void weigh(const Guards *guards, Arena *arena, const Looks *looks, Weighing *out)
{
    signs_weigh(&guards->signs, arena, with_ages(guards, arena, plain_of(looks)), (Texts){NULL, 0}, out);
}

void guards_weigh_all(const Guards *guards, Str message, Texts earlier, Weighing *out)
{
    AUTO_ARENA Arena scratch = {0};
    const Letters *letters = &guards->reading.letters;
    Str before[GUARDS_EARLIER_MAX] = {{NULL, 0}};

    assert(earlier.count <= GUARDS_EARLIER_MAX);
    for (size_t i = 0; i < earlier.count; i++)
        before[i] = with_ages(guards, &scratch, plain_text(letters, &scratch, earlier.items[i]));
    signs_weigh(&guards->signs, &scratch, with_ages(guards, &scratch, plain_text(letters, &scratch, message)),
                (Texts){before, earlier.count}, out);
}

static void try_rules(const GuardRules *rules, const Looks *looks, Heard *out)
{
    for (size_t i = 0; i < rules->count; i++) {
        const GuardRule *rule = &rules->items[i];
        const RuleSet bit = (RuleSet)1 << i;
        if (looks->count > 0 && look_touches(rule, &looks->items[0]))
            out->written |= bit;
        else if (touched_from(rule, looks, 1))
            out->hidden |= bit;
        if (rule->before != NULL && listener_touched(rule->before, plain_of(looks)))
            out->before |= bit;
    }
}

static unsigned follow_ups_in(const Guards *guards, Str plain)
{
    unsigned found = 0;

    for (size_t i = 0; i < guards->follow_up_count; i++)
        if (guards->follow_ups[i].always || listener_hears(guards->follow_ups[i].listener, plain))
            found |= 1U << i;
    return found;
}

/* The many ways to read a message are forgotten with what was heard in it. */
static void hear(const Guards *guards, Str message, Heard *out)
{
    AUTO_ARENA Arena scratch = {0};
    Looks looks;

    *out = (Heard){0};
    looks_of(&guards->reading, &scratch, message, &looks);
    weigh(guards, &scratch, &looks, &out->weighing);
    try_rules(&guards->input, &looks, out);
    out->goes_on = follow_ups_in(guards, plain_of(&looks));
}

/* What a year of birth says changes with the year. */
static Fingerprint print_of(const Guards *guards, Str message)
{
    Fingerprint print = recent_print(guards->heard, message);

    print.high ^= (uint64_t)births_year(&guards->reading.births);
    return print;
}

void guards_hear(const Guards *guards, Str message, Heard *out)
{
    const Fingerprint print = print_of(guards, message);

    if (recent_find(guards->heard, print, out))
        return;
    hear(guards, message, out);
    recent_keep(guards->heard, print, out);
}

RuleSet guards_hear_both(const Guards *guards, Str earlier, Str message)
{
    AUTO_ARENA Arena scratch = {0};
    const GuardRules *rules = &guards->input;
    RuleSet found = 0;
    Looks looks;

    looks_of(&guards->reading, &scratch,
             str_format(&scratch, "%.*s %.*s", STR_ARG(earlier), STR_ARG(message)), &looks);
    for (size_t i = 0; i < rules->count; i++)
        if (rules->items[i].split && guard_rule_touched(&rules->items[i], &looks))
            found |= (RuleSet)1 << i;
    return found;
}
