/* What is remembered, as sentences: the templates of memory.yaml. */
#include "base/template.h"
#include "base/time.h"
#include "services/agents/memory/room.h"

enum { ANSWERS_MAX = 6, LISTED_MAX = 12 };

static Str name_of_person(const Memory *memory, Str who, Tongue tongue)
{
    const MemoryWord *person = memory_words_find(memory->rules->people, who);

    return person != NULL ? memory_rules_text(person->name, tongue) : who;
}

static Str fill(const Memory *memory, Arena *arena, Str template, Str who, Str what, Tongue tongue)
{
    const Slot slots[] = {{"what", what}, {"who", name_of_person(memory, who, tongue)}};

    return template_fill(arena, template, slots, sizeof slots / sizeof *slots);
}

static Str as_sentence(const Memory *memory, Arena *arena, const MemoryKind *kind, Str who, Str what,
                       Tongue tongue)
{
    const json_t *templates = str_equal(who, SELF) || kind->tells_of == NULL ? kind->tells : kind->tells_of;

    return fill(memory, arena, memory_rules_text(templates, tongue), who, what, tongue);
}

/* As a sentence calls it: a trait by the table's words, everything else by its own name. */
static Str name_in_sentence(const Memory *memory, Str entity, Str name, Tongue tongue)
{
    const MemoryWord *trait = memory_words_find(memory->rules->traits, entity);
    Str words = trait != NULL ? memory_rules_text(trait->name, tongue) : (Str){NULL, 0};

    return words.len > 0 ? words : name;
}

Remembered remembered_of(const Memory *memory, Arena *arena, const MemorySqlItem *row, Tongue tongue)
{
    const MemoryKind *kind = memory_rules_kind(memory->rules, row->kind);
    Str own = tongue == KOREAN ? row->name_ko : row->name_en;
    Str name = name_in_sentence(memory, row->entity, own, tongue);

    return (Remembered){
        .id = row->memory_id,
        .turn_id = row->turn_id,
        .kind = row->kind,
        .who = row->who,
        .entity = row->entity,
        .name = name,
        .score = row->score,
        .at_us = row->at_us,
        .text = kind != NULL ? as_sentence(memory, arena, kind, row->who, name, tongue) : name,
    };
}

static bool is_noted(const Told *told, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (str_equal(told->items[k].kind, told->items[i].kind) &&
            str_equal(told->items[k].who, told->items[i].who))
            return true;
    return false;
}

/* "floral notes and dry drinks": all that was told of a kind. */
static Str names_of_kind(const Memory *memory, Arena *arena, const Told *told, size_t first, Tongue tongue)
{
    const ToldFact *like = &told->items[first];
    Buf names = {.arena = arena};

    for (size_t i = first; i < told->count; i++) {
        const ToldFact *fact = &told->items[i];
        if (!str_equal(fact->kind, like->kind) || !str_equal(fact->who, like->who))
            continue;
        buf_put(&names, names.len == 0 ? STR("") : memory_rules_phrase(memory->rules, tongue, "and", 0));
        buf_put(&names, name_in_sentence(memory, fact->entity, fact->names[tongue], tongue));
    }
    return buf_str(&names);
}

Str told_note(const Memory *memory, Arena *arena, const Told *told, Tongue tongue)
{
    Buf note = {.arena = arena};

    for (size_t i = 0; i < told->count; i++) {
        const ToldFact *fact = &told->items[i];
        const MemoryKind *kind = memory_rules_kind(memory->rules, fact->kind);

        if (is_noted(told, i))
            continue;
        buf_put(&note, note.len == 0 ? STR("") : STR(" "));
        buf_put(&note, fill(memory, arena, memory_rules_text(kind->notes, tongue), fact->who,
                            names_of_kind(memory, arena, told, i, tongue), tongue));
    }
    return buf_str(&note);
}

/* ---- answers to what is asked of memory */

typedef struct Answer {
    Str items[LISTED_MAX + 3];
    size_t count;
} Answer;

static void say(Answer *answer, Str sentence)
{
    if (answer->count < sizeof answer->items / sizeof *answer->items)
        answer->items[answer->count++] = sentence;
}

/* "2026-11-25": a day needs no words of a language. */
static Str quote(const Memory *memory, Arena *arena, Tongue tongue, const RecalledTurn *turn)
{
    const Slot slots[] = {{"day", str_slice(time_format(arena, turn->at_us), 0, 10)}, {"said", turn->said}};

    return template_fill(arena, memory_rules_phrase(memory->rules, tongue, "quote", 0), slots,
                         sizeof slots / sizeof *slots);
}

static void say_facts(Answer *answer, const Remembered *facts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        say(answer, facts[i].text);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

Texts recollection_answer(const Memory *memory, Arena *arena, Tongue tongue, size_t turn,
                          const Recollection *r)
{
    const MemoryRules *rules = memory->rules;
    Answer *answer = arena_new(arena, Answer);
    const char *end = "lead_on";

    if (r->ask == ASKS_ALL && r->fact_count > 0) {
        say(answer, memory_rules_phrase(rules, tongue, "all", turn));
        say_facts(answer, r->facts, least(r->fact_count, LISTED_MAX));
        end = "forget";
    } else if (r->ask == ASKS_SOMETHING && !r->found_nothing) {
        say(answer, memory_rules_phrase(rules, tongue, "lead", turn));
        say_facts(answer, r->facts, least(r->fitting, ANSWERS_MAX));
        if (r->turn_count > 0 && !r->turns[0].asks && r->turns[0].share >= RECALL_SURE_SHARE)
            say(answer, quote(memory, arena, tongue, &r->turns[0]));
    } else {
        end = r->ask == ASKS_ALL ? "unknown" : "nothing";
    }
    say(answer, memory_rules_phrase(rules, tongue, end, turn));
    return (Texts){answer->items, answer->count};
}
