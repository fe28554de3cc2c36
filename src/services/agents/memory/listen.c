/* What a message tells about the visitor: each sentence that states something, through the rules of memory.yaml. */
#include "base/utf8.h"
#include "services/agents/memory/room.h"

enum {
    CATCHES_MAX = 4, /* of one rule in one sentence */
    TOLD_FIRST = 2,
    HEARD_CHARACTERS =
        300 /* of a sentence: nobody tells who they are in a longer one, and patterns try it from each place */
};

static const Str TASTE_LABELS[] = {STR("Product"), STR("Drink"),  STR("Ingredient"),
                                   STR("Dish"),    STR("Vessel"), STR("Technique")};
static const Str PLACE_LABELS[] = {STR("Region")};
static const Str TRAIT = STR("Trait");
static const Str OCCASION = STR("Occasion");

typedef struct Listening {
    const Memory *memory;
    Call *call;
    Str sentence; /* as it came: names keep their capitals */
    bool corrects;
    Told *told;
} Listening;

bool memory_is_sensitive(const Memory *memory, Str folded)
{
    return listener_touched(memory->rules->sensitive, folded);
}

static bool is_told(const Told *told, const ToldFact *fact)
{
    for (size_t i = 0; i < told->count; i++)
        if (str_equal(told->items[i].entity, fact->entity) && str_equal(told->items[i].who, fact->who) &&
            (fact->entity.len > 0 || str_equal(told->items[i].kind, fact->kind)))
            return true;
    return false;
}

static void add(Listening *l, const MemoryKind *kind, Str who, const Thing *thing)
{
    ToldFact fact = {
        .kind = kind->id,
        .who = who,
        .entity = thing->id,
        .label = thing->label,
        .names = {thing->names[0], thing->names[1]},
        .score = kind->score,
        .corrects = l->corrects,
    };

    if (l->told->count == TOLD_MAX || is_told(l->told, &fact))
        return;
    ARENA_MORE(l->call->arena, l->told->items, l->told->count, l->told->room, TOLD_FIRST);
    l->told->items[l->told->count++] = fact;
}

static void add_text(Listening *l, const MemoryKind *kind, Str who, Str caught)
{
    Str text = str_trim(text_as_written(l->sentence, caught));
    const Thing thing = {STR(""), STR(""), {text, text}};

    if (text.len > 0)
        add(l, kind, who, &thing);
}

/* A word of the tables is an entity of the world; one that the world lacks is left out. */
static Err add_word(Listening *l, const MemoryKind *kind, Str who, Str id, Str label)
{
    Thing thing;
    Err e = thing_read(l->memory, l->call, id, &thing);

    if (e.code == NOT_FOUND || (!failed(&e) && !str_equal(thing.label, label)))
        return OK;
    TRY(e);
    add(l, kind, who, &thing);
    return OK;
}

static Err take_place(Listening *l, const MemoryKind *kind, Str who, Str caught)
{
    Thing things[THINGS_MAX];
    size_t count;

    TRY(things_named(l->memory, l->call, caught, PLACE_LABELS, 1, things, &count));
    if (count > 0)
        add(l, kind, who, &things[0]);
    else
        add_text(l, kind, who, caught);
    return OK;
}

/* Traits take their words away, so that "not sweet" isn't sweet too; what is left may name things. */
static Err take_taste(Listening *l, const MemoryKind *kind, Str who, Str caught)
{
    const MemoryWords traits = l->memory->rules->traits;
    Thing things[THINGS_MAX];
    size_t count;
    Catch catch;

    for (size_t i = 0; i < traits.count; i++)
        if (listener_catches(traits.items[i].listener, l->call->arena, caught, &catch)) {
            caught = catch.rest;
            TRY(add_word(l, kind, who, traits.items[i].id, TRAIT));
        }
    TRY(things_named(l->memory, l->call, caught, TASTE_LABELS, sizeof TASTE_LABELS / sizeof *TASTE_LABELS,
                     things, &count));
    for (size_t i = 0; i < count; i++)
        add(l, kind, who, &things[i]);
    return OK;
}

static Err take_occasion(Listening *l, const MemoryKind *kind, Str who, Str caught)
{
    const MemoryWord *occasion = memory_words_heard(l->memory->rules->occasions, caught);

    return occasion != NULL ? add_word(l, kind, who, occasion->id, OCCASION) : OK;
}

/* Of others only what the kind has words for is kept. */
static Err take(Listening *l, const MemoryKind *kind, const Catch *catch)
{
    const MemoryWord *person =
        catch->who.len > 0 ? memory_words_heard(l->memory->rules->people, catch->who) : NULL;
    Str who = person != NULL ? person->id : SELF;

    if (catch->it.len == 0 || (!str_equal(who, SELF) && kind->tells_of == NULL))
        return OK;
    switch (kind->of) {
    case OF_PLACE:
        return take_place(l, kind, who, catch->it);
    case OF_TASTE:
        return take_taste(l, kind, who, catch->it);
    case OF_OCCASION:
        return take_occasion(l, kind, who, catch->it);
    case OF_TEXT:
    case OF_COUNT:
        add_text(l, kind, who, catch->it);
    }
    return OK;
}

/* What a rule takes the next don't see; where nothing came of it, they do. */
static Err apply_rule(Listening *l, const MemoryRule *rule, Str *text)
{
    Str rest = *text;
    Catch catch;

    for (size_t i = 0; i < CATCHES_MAX && listener_catches(rule->listener, l->call->arena, rest, &catch);
         i++) {
        size_t before = l->told->count;
        TRY(take(l, rule->kind, &catch));
        rest = catch.rest;
        if (l->told->count > before)
            *text = rest;
    }
    return OK;
}

static Err listen_to(Listening *l)
{
    const MemoryRules *rules = l->memory->rules;
    Str folded = text_fold(l->call->arena, l->sentence);
    bool sensitive;

    if (listener_hears(rules->question, folded)) {
        l->told->only_tells = false;
        return OK;
    }
    sensitive = memory_is_sensitive(l->memory, folded);
    folded = utf8_cut(folded, HEARD_CHARACTERS);
    l->corrects = l->corrects || listener_hears(rules->correction, folded);
    for (size_t i = 0; i < rules->rule_count; i++)
        if (!sensitive || rules->rules[i].reads_sensitive)
            TRY(apply_rule(l, &rules->rules[i], &folded));
    return OK;
}

static bool is_word(const ToldFact *fact)
{
    return str_equal(fact->label, TRAIT) || str_equal(fact->label, OCCASION);
}

Err memory_listen(Memory *memory, Call *call, const MemoryPlace *place, Str message, Told *out)
{
    Listening listening = {.memory = memory, .call = call, .told = out};
    Str rest = memory_mask(memory, call->arena, message);

    *out = (Told){.only_tells = true, .note = STR("")};
    while (text_next_sentence(&rest, (Texts){NULL, 0}, &listening.sentence))
        TRY(listen_to(&listening));
    out->lead_on = memory_rules_phrase(memory->rules, place->tongue, "lead_on", place->number);
    if (out->count == 0)
        return OK;
    out->note = told_note(memory, call->arena, out, place->tongue);
    out->is_of_catalogue = out->items[0].entity.len > 0 && !is_word(&out->items[0]);
    return OK;
}

Str memory_mask(const Memory *memory, Arena *arena, Str message)
{
    return listener_hide(memory->rules->identifiers, arena, message);
}
