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

static void put_relations(const Fact *fact, Buf *out)
{
    for (size_t i = 0; i < fact->relation_count && i < RELATIONS_MAX; i++) {
        const Relation *relation = &fact->relations[i];
        if (relation->name.len > 0)
            buf_format(out, "- %.*s: %.*s (id %.*s)\n", STR_ARG(relation->directed), STR_ARG(relation->name),
                       STR_ARG(relation->id));
    }
}

void prompt_put_fact(const Improvisation *improvisation, const Fact *fact, Buf *out)
{
    Str sample = fact->sample ? word(improvisation, "sample") : STR("");

    buf_format(out, "## %.*s (%.*s, id %.*s) %.*s\n%.*s\n", STR_ARG(fact->name), STR_ARG(fact->label),
               STR_ARG(fact->id), STR_ARG(sample), STR_ARG(fact->summary));
    for (size_t i = 0; i < fact->property_count; i++)
        buf_format(out, "- %.*s: %.*s\n", STR_ARG(fact->properties[i].key),
                   STR_ARG(fact->properties[i].value));
    put_relations(fact, out);
    buf_put(out, utf8_cut_bytes(fact->text, FACT_TEXT_MAX));
    buf_put(out, STR("\n\n"));
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
    if (improvisation->facts[at] == NULL)
        return OK;
    for (size_t i = 0; i < improvisation->aliases[at].count; i++)
        grounds_add(&improvisation->grounds, improvisation->aliases[at].items[i]);
    improvisation->fact_count++;
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

static Str knowledge(Improvisation *improvisation)
{
    Buf out;

    buf_init(&out, improvisation->arena, PROMPT_FIRST_BYTES);
    for (size_t i = 0; i < improvisation->fact_count; i++) {
        Buf one;
        buf_init(&one, improvisation->arena, FACT_TEXT_MAX);
        prompt_put_fact(improvisation, improvisation->facts[i], &one);
        buf_put(&out, prompt_material(improvisation, buf_str(&one)));
    }
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

static Str context(Improvisation *improvisation)
{
    const Turn *turn = improvisation->turn;
    Str count = str_format(improvisation->arena, "%zu", turn->number);
    Buf out;

    buf_init(&out, improvisation->arena, 1024);
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
    grounds_add(&improvisation->grounds, improvisation->turn->in->message);
    prompt_add(improvisation, (LlmMessage){LLM_USER, improvisation->turn->in->message});
}

/* One system message: templates of some models take no second one. What never changes is its start. */
Err prompt_write(Improvisation *improvisation)
{
    const Improviser *improviser = improvisation->improviser;

    TRY(choose_facts(improvisation));
    const Slot slots[] = {{"user_context", context(improvisation)},
                          {"relevant_knowledge", knowledge(improvisation)}};
    Str rules = prompt_text(improviser, "rules", tongue_code(improvisation->turn->tongue));
    Str persona = template_fill(improvisation->arena, prompt_text(improviser, "persona", NULL), slots, 2);
    prompt_add(improvisation, (LlmMessage){LLM_SYSTEM, str_format(improvisation->arena, "%.*s\n%.*s",
                                                                  STR_ARG(rules), STR_ARG(persona))});
    add_conversation(improvisation);
    return OK;
}
