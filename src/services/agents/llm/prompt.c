#include "services/agents/llm/inside.h"

#include "base/utf8.h"

enum { FACT_TEXT_MAX = 2400, PROMPT_FIRST_BYTES = 8192, RELATIONS_MAX = 16 };

static const Guards *guards_of(const Improvisation *improvisation)
{
    return voice_guards(improvisation->turn->tools->voice);
}

Str prompt_material(Improvisation *improvisation, Str text)
{
    Str harmless = text.len > 0 ? guards_defuse(guards_of(improvisation), improvisation->arena, text) : text;

    grounds_add(&improvisation->grounds, harmless);
    return harmless;
}

static Str word(const Improvisation *improvisation, const char *key)
{
    return prompt_context(improvisation->improviser, improvisation->turn->tongue, key);
}

static Str fill(const Improvisation *improvisation, const char *key, const char *slot, Str value)
{
    const Slot slots[] = {{slot, value}};

    return template_fill(improvisation->arena, word(improvisation, key), slots, 1);
}

/* --- facts --- */

static void put_all(Buf *out, const Str *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_put(out, parts[i]);
}
#define PUT(out, ...) \
    put_all(out, (const Str[]){__VA_ARGS__}, sizeof((const Str[]){__VA_ARGS__}) / sizeof(Str))

static void put_relations(const Fact *fact, Buf *out)
{
    for (size_t i = 0; i < fact->relation_count && i < RELATIONS_MAX; i++) {
        const Relation *relation = &fact->relations[i];
        if (relation->name.len > 0)
            PUT(out, STR("- "), relation->directed, STR(": "), relation->name, STR(" (id "), relation->id,
                STR(")\n"));
    }
}

static void put_fact(const Improvisation *improvisation, const Fact *fact, Buf *out)
{
    Str sample = fact->sample ? word(improvisation, "sample") : STR("");

    PUT(out, STR("## "), fact->name, STR(" ("), fact->label, STR(", id "), fact->id, STR(") "), sample,
        STR("\n"), fact->summary, STR("\n"));
    for (size_t i = 0; i < fact->property_count; i++)
        PUT(out, STR("- "), fact->properties[i].key, STR(": "), fact->properties[i].value, STR("\n"));
    put_relations(fact, out);
    PUT(out, utf8_cut_bytes(fact->text, FACT_TEXT_MAX), STR("\n\n"));
}

static bool is_there(const Improvisation *improvisation, Str id)
{
    for (size_t i = 0; i < improvisation->fact_count; i++)
        if (str_equal(improvisation->facts[i]->id, id))
            return true;
    return false;
}

static Err add_fact(Improvisation *improvisation, Str id)
{
    FactReader reader = turn_reader(improvisation->turn);
    size_t at = improvisation->fact_count;

    if (at == FACTS_TOLD_MAX || id.len == 0 || is_there(improvisation, id))
        return OK;
    TRY(fact_find(&reader, id, &improvisation->facts[at], &improvisation->aliases[at]));
    improvisation->fact_count += improvisation->facts[at] != NULL;
    return OK;
}

/* What the turn decided to tell about, then what was found besides. */
static Err choose_facts(Improvisation *improvisation)
{
    const Turn *turn = improvisation->turn;

    for (size_t i = 0; i < turn->plan.fact_count; i++)
        TRY(add_fact(improvisation, turn->plan.facts[i]->id));
    for (size_t i = 0; i < turn->found.results.count; i++)
        TRY(add_fact(improvisation, turn->found.results.items[i].entity.id));
    return turn->self != NULL && improvisation->fact_count == 0 ? add_fact(improvisation, turn->self->id)
                                                                : OK;
}

/* The sheet of a fact, which sentences may rest on from now on. */
Str prompt_sheet(Improvisation *improvisation, const Fact *fact, Texts aliases)
{
    AUTO_ARENA Arena scratch = {0};
    const TurnTools *tools = improvisation->turn->tools;
    Sheet sheet;
    Buf written;

    buf_init(&written, &scratch, FACT_TEXT_MAX);
    put_fact(improvisation, fact, &written);
    sheet_find(tools->sheets, guards_of(improvisation), tools->grounding, improvisation->arena,
               buf_str(&written), aliases, &sheet);
    grounds_add_made(&improvisation->grounds, &sheet.ground);
    return sheet.text;
}

static Str knowledge(Improvisation *improvisation, Arena *scratch)
{
    Buf out;

    buf_init(&out, scratch, PROMPT_FIRST_BYTES);
    for (size_t i = 0; i < improvisation->fact_count; i++)
        buf_put(&out, prompt_sheet(improvisation, improvisation->facts[i], improvisation->aliases[i]));
    for (size_t i = 0; i < improvisation->turn->plan.reasons.count; i++)
        buf_format(&out, "- %.*s\n",
                   STR_ARG(prompt_material(improvisation, improvisation->turn->plan.reasons.items[i])));
    return improvisation->fact_count > 0 ? buf_str(&out) : word(improvisation, "nothing");
}

/* --- who is speaking, and what was said --- */

static void put_told(Improvisation *improvisation, Buf *out)
{
    const Recollection *recollection = &improvisation->turn->recollection;

    if (recollection->fact_count > 0)
        buf_format(out, "%.*s\n", STR_ARG(word(improvisation, "told")));
    for (size_t i = 0; i < recollection->fact_count; i++)
        buf_format(out, "- %.*s\n", STR_ARG(prompt_material(improvisation, recollection->facts[i].text)));
    if (improvisation->turn->told.count > 0)
        buf_format(out, "%.*s %.*s\n", STR_ARG(word(improvisation, "now")),
                   STR_ARG(prompt_material(improvisation, improvisation->turn->told.note)));
    if (recollection->summary.len > 0)
        buf_format(out, "%.*s\n%.*s\n", STR_ARG(word(improvisation, "earlier")),
                   STR_ARG(prompt_material(improvisation, recollection->summary)));
}

static Str context(Improvisation *improvisation, Arena *scratch)
{
    const Turn *turn = improvisation->turn;
    Str count = str_format(scratch, "%zu", turn->number);
    Buf out;

    buf_init(&out, scratch, 1024);
    buf_format(&out, "%.*s\n", STR_ARG(word(improvisation, "language")));
    buf_format(&out, "%.*s\n", STR_ARG(fill(improvisation, "turns", "count", count)));
    buf_format(&out, "%.*s\n", STR_ARG(fill(improvisation, "user", "id", turn->in->user_id)));
    put_told(improvisation, &out);
    return buf_str(&out);
}

void prompt_add(Improvisation *improvisation, LlmMessage message)
{
    if (improvisation->message_count < MESSAGES_MAX)
        improvisation->messages[improvisation->message_count++] = message;
}

/* The guards have looked at it when it was said. */
static void add_said(Improvisation *improvisation, LlmRole role, Str text)
{
    grounds_add(&improvisation->grounds, text);
    prompt_add(improvisation, (LlmMessage){role, text});
}

/* Oldest first, as it went. */
static void add_conversation(Improvisation *improvisation)
{
    const Recollection *recollection = &improvisation->turn->recollection;

    for (size_t i = recollection->buffer_count; i > 0; i--) {
        const Exchange *exchange = &recollection->buffer[i - 1];
        prompt_add(improvisation, (LlmMessage){LLM_USER, prompt_material(improvisation, exchange->message)});
        prompt_add(improvisation,
                   (LlmMessage){LLM_ASSISTANT, prompt_material(improvisation, exchange->content)});
    }
    add_said(improvisation, LLM_USER, improvisation->turn->in->message);
}

/* One system message: templates of some models take no second one. What never changes is its start. What it is made of is given
 * back at once: a thousand turns may wait for their model. */
Err prompt_write(Improvisation *improvisation)
{
    AUTO_ARENA Arena scratch = {0};
    const Improviser *improviser = improvisation->improviser;

    TRY(choose_facts(improvisation));
    const Slot slots[] = {{"user_context", context(improvisation, &scratch)},
                          {"relevant_knowledge", knowledge(improvisation, &scratch)}};
    Str rules = prompt_text(improviser, "rules", tongue_code(improvisation->turn->tongue));
    Str persona = template_fill(&scratch, prompt_text(improviser, "persona", NULL), slots, 2);
    Buf out;
    buf_init(&out, improvisation->arena, rules.len + persona.len + 2);
    PUT(&out, rules, STR("\n"), persona);
    prompt_add(improvisation, (LlmMessage){LLM_SYSTEM, buf_str(&out)});
    add_conversation(improvisation);
    return OK;
}
