/* Two things side by side: what the world knows of both in the respects that content lists, or in those asked for, and
 * what their own texts say. */
#include <stdlib.h>

#include "services/agents/narrator/parts.h"
#include "services/agents/narrator/passages.h"

enum { LINES_WANTED = 3 };

static const Str NONE = {NULL, 0};

typedef struct Pair {
    const Telling *telling;
    const Fact *fact[2];
    Str name[2];
} Pair;

/* How the value of a property is said: "12" -> "12%". Absent when the fact has none that can be said in this language. */
static Str value_of(const Telling *telling, const Fact *fact, size_t ask)
{
    for (size_t i = 0; i < fact->property_count; i++) {
        const Property *property = &fact->properties[i];
        const Slot slot = {"value", property->value};
        Str template = voice_template(telling->voice, telling->tongue, "values", property->key);
        if (template.data != NULL && voice_asks_property(telling->voice, UINT32_C(1) << ask, property->key))
            return template_fill(telling->arena, template, &slot, 1);
    }
    return NONE;
}

static Str say(const Pair *pair, const Narration *out, Str ask, const char *how, const Slot *slots,
               size_t count)
{
    Str key = str_format(pair->telling->arena, "%.*s_%s", STR_ARG(ask), how);

    return wording_new(pair->telling, out, "compare", key, slots, count);
}

static double number_in(Arena *arena, Str value)
{
    const char *text = str_c(arena, value);

    while (*text != '\0' && (*text < '0' || *text > '9'))
        text++;
    return strtod(text, NULL);
}

/* Both values in a sentence: the greater first where the respect has an order. */
static Str say_values(const Pair *pair, const Narration *out, size_t ask, const Str value[2])
{
    Str key = voice_ask_key(pair->telling->voice, ask);
    Arena *arena = pair->telling->arena;
    bool swapped = number_in(arena, value[1]) > number_in(arena, value[0]);
    size_t a = swapped ? 1 : 0;
    const Slot slots[] = {
        {"a", pair->name[a]}, {"b", pair->name[1 - a]}, {"a_value", value[a]}, {"b_value", value[1 - a]}};

    return say(pair, out, key, str_equal(value[0], value[1]) ? "same" : "differ", slots, 4);
}

/* What is known of one only: that, and that of the other it isn't known. */
static void say_one(const Pair *pair, size_t ask, size_t known, Str value, Narration *out)
{
    const Slot slots[] = {{"a", pair->name[known]}, {"a_value", value}, {"b", pair->name[1 - known]}};
    Str key = voice_ask_key(pair->telling->voice, ask);

    narration_add(out, say(pair, out, key, "one", slots, 3), pair->fact[known]->id, false);
}

/* The sentence of a text that has what is asked, said before or not: value enough where there is no property. */
static Str evidence(const Telling *telling, const Fact *fact, size_t ask)
{
    Passages *passages = arena_new(telling->arena, Passages);

    passages_read(telling, fact, passages);
    for (size_t i = 0; i < passages->count; i++)
        if ((passages->items[i].tells >> ask & 1) != 0 && !passages->items[i].forbidden &&
            !passages->items[i].leans)
            return passages->items[i].text;
    return NONE;
}

static void compare_values(const Pair *pair, size_t ask, bool asked, Narration *out)
{
    Str value[2], told[2];

    for (size_t i = 0; i < 2; i++) {
        value[i] = value_of(pair->telling, pair->fact[i], ask);
        told[i] = value[i].len == 0 && asked ? evidence(pair->telling, pair->fact[i], ask) : NONE;
    }
    if (value[0].len > 0 && value[1].len > 0) {
        narration_add(out, say_values(pair, out, ask, value), pair->fact[0]->id, false);
        return;
    }
    for (size_t i = 0; asked && i < 2; i++)
        if (value[i].len > 0)
            say_one(pair, ask, i, value[i], out);
    for (size_t i = 0; i < 2; i++)
        if (told[i].len > 0 && !was_said(pair->telling, out, told[i]))
            narration_add(out, told[i], pair->fact[i]->id, false);
}

static bool joins(const Fact *fact, const Relation *wanted)
{
    for (size_t i = 0; i < fact->relation_count; i++)
        if (str_equal(fact->relations[i].id, wanted->id) &&
            str_equal(fact->relations[i].directed, wanted->directed))
            return true;
    return false;
}

/* Names that `fact` is joined to by a relationship of the ask, and the other is too, or isn't. */
static Texts names_of(const Pair *pair, size_t which, size_t ask, bool shared, Narration *out)
{
    const Fact *fact = pair->fact[which];
    Str *names = arena_array(pair->telling->arena, Str, LIST_MAX);
    size_t count = 0;

    for (size_t i = 0; i < fact->relation_count && count < LIST_MAX; i++) {
        const Relation *one = &fact->relations[i];
        if (one->name.len == 0 || !str_ends(one->directed, STR(">")) ||
            !voice_asks_relationship(pair->telling->voice, UINT32_C(1) << ask, one->directed) ||
            joins(pair->fact[1 - which], one) != shared || texts_have((Texts){names, count}, one->name))
            continue;
        names[count++] = name_spoken(pair->telling, one->label, one->name);
        narration_cite(out, one->id);
    }
    return (Texts){names, count};
}

static void say_names(const Pair *pair, size_t which, size_t ask, bool shared, Narration *out)
{
    const Telling *telling = pair->telling;
    Texts names = names_of(pair, which, ask, shared, out);
    const Slot slots[] = {{"a", pair->name[which]},
                          {"b", pair->name[1 - which]},
                          {"list", voice_list(telling->voice, telling->tongue, telling->arena, names)}};

    if (names.count > 0)
        narration_add(
            out, say(pair, out, voice_ask_key(telling->voice, ask), shared ? "shared" : "only", slots, 3),
            pair->fact[which]->id, false);
}

static void compare_relationships(const Pair *pair, size_t ask, Narration *out)
{
    say_names(pair, 0, ask, true, out);
    say_names(pair, 0, ask, false, out);
    say_names(pair, 1, ask, false, out);
}

/* The respects that were asked for; all that content lists when none of them was. */
static uint32_t respects(const Telling *telling)
{
    uint32_t all = voice_compares(telling->voice);

    return (telling->asks & all) != 0 ? telling->asks & all : all;
}

static void compare_facts(const Pair *pair, Narration *out)
{
    const Voice *voice = pair->telling->voice;
    uint32_t wanted = respects(pair->telling);
    bool asked = wanted != voice_compares(voice);
    size_t before = out->count;

    for (size_t i = 0; i < voice_ask_count(voice) && out->count - before < LINES_WANTED; i++) {
        if ((wanted >> i & 1) == 0)
            continue;
        compare_values(pair, i, asked, out);
        compare_relationships(pair, i, out);
    }
}

/* What one's text says of the other, if anything new. */
static bool quote(const Pair *pair, size_t which, bool opens_paragraph, Narration *out)
{
    enum { QUOTED = 2 };
    Passages *passages = arena_new(pair->telling->arena, Passages);
    Sentences said = {.count = 0};

    passages_read(pair->telling, pair->fact[which], passages);
    for (size_t i = 0; i < passages->count && said.count == 0; i++) {
        Run run = passages_run(passages, i, QUOTED, SIZE_MAX);
        if (str_find(passages->items[i].text, pair->name[1 - which], 0) == SIZE_MAX)
            continue;
        for (size_t k = 0; k < run.count; k++)
            said.items[said.count++] = (Sentence){.text = passages->items[run.first + k].text};
    }
    return narration_say(pair->telling, pair->fact[which], &said, opens_paragraph, out);
}

/* The two in a sentence each, then what their texts say of each other. */
static void portray(const Pair *pair, Narration *out)
{
    for (size_t i = 0; i < 2; i++) {
        Str portrait = passages_summary(pair->telling, pair->fact[i]);
        if (!was_said(pair->telling, out, portrait))
            narration_add(out, portrait, pair->fact[i]->id, false);
        narration_mark_sample(pair->telling, pair->fact[i], out);
    }
    if (!quote(pair, 0, false, out))
        (void)quote(pair, 1, false, out);
}

static Pair pair_of(const Telling *telling, const Plan *plan, Narration *out)
{
    Pair pair = {.telling = telling};

    for (size_t i = 0; i < 2; i++) {
        pair.fact[i] = plan->facts[i];
        pair.name[i] = name_spoken(telling, plan->facts[i]->label, plan->facts[i]->name);
        narration_cite(out, plan->facts[i]->id);
        narration_choice(out, plan->facts[i]->id);
    }
    return pair;
}

/* What was asked of the two is known of neither, which is said of each. */
static void admit_both(const Telling *telling, const Plan *plan, Narration *out)
{
    for (size_t i = 0; i < voice_ask_count(telling->voice); i++)
        for (size_t k = 0; k < 2 && (telling->asks >> i & 1) != 0; k++)
            say_phrase(telling, "unknown", voice_ask_key(telling->voice, i), plan->facts[k], false, out);
}

void tell_apart(const Telling *telling, const Plan *plan, Narration *out)
{
    const Pair pair = pair_of(telling, plan, out);
    bool asked = respects(telling) != voice_compares(telling->voice);
    size_t portrayed;

    if (!asked)
        portray(&pair, out);
    portrayed = out->count;
    compare_facts(&pair, out);
    if (out->count > portrayed)
        out->lines[portrayed].opens_paragraph = portrayed > 0;
    if (out->count == 0 && asked)
        admit_both(telling, plan, out);
    if (out->count == 0)
        portray(&pair, out);
    if (out->count == 0)
        say_phrase(telling, "again", NONE, plan->facts[0], false, out);
    narration_tell_samples(telling, out);
    ask_on(telling, plan, asked, out);
}
