#include "services/agents/llm/inside.h"

#include "base/utf8.h"

enum { FACT_TEXT_MAX = 2400, RELATIONS_MAX = 16, MESSAGES_FIRST = 4 };

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

static void put_filled(const Improvisation *improvisation, Buf *out, const char *key, const char *slot,
                       Str value)
{
    const Slot slots[] = {{slot, value}};

    buf_format(out, "%.*s\n", STR_ARG(template_fill(out->arena, word(improvisation, key), slots, 1)));
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

static void add_part(Improvisation *improvisation, Str text)
{
    if (text.len > 0 && improvisation->part_count < PARTS_MAX)
        improvisation->parts[improvisation->part_count++] = text;
}

static Str reasons(Improvisation *improvisation)
{
    const Texts *texts = &improvisation->turn->plan.reasons;
    Buf out;

    buf_init(&out, improvisation->arena, 0);
    for (size_t i = 0; i < texts->count; i++)
        buf_format(&out, "- %.*s\n", STR_ARG(prompt_material(improvisation, texts->items[i])));
    return texts->count > 0 ? buf_str(&out) : STR("");
}

static void put_knowledge(Improvisation *improvisation)
{
    Str because = reasons(improvisation);

    for (size_t i = 0; i < improvisation->fact_count; i++)
        add_part(improvisation,
                 prompt_sheet(improvisation, improvisation->facts[i], improvisation->aliases[i]));
    add_part(improvisation, improvisation->fact_count > 0 ? because : word(improvisation, "nothing"));
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
    if (improvisation->earlier.len > 0)
        buf_format(out, "%.*s\n%.*s\n", STR_ARG(word(improvisation, "earlier")),
                   STR_ARG(prompt_material(improvisation, improvisation->earlier)));
}

static void put_context(Improvisation *improvisation)
{
    AUTO_ARENA Arena scratch = {0};
    const Turn *turn = improvisation->turn;
    Buf out;

    buf_init(&out, &scratch, 512);
    buf_format(&out, "%.*s\n", STR_ARG(word(improvisation, "language")));
    put_filled(improvisation, &out, "turns", "count", str_format(&scratch, "%zu", turn->number));
    put_filled(improvisation, &out, "user", "id", turn->in->user_id);
    put_told(improvisation, &out);
    add_part(improvisation, str_copy(improvisation->arena, buf_str(&out)));
}

void prompt_add(Improvisation *improvisation, LlmMessage message)
{
    if (improvisation->message_count == MESSAGES_MAX)
        return;
    ARENA_MORE(improvisation->arena, improvisation->messages, improvisation->message_count,
               improvisation->message_room, MESSAGES_FIRST);
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
    const Turn *turn = improvisation->turn;

    for (size_t i = turn->history_count < BUFFER_TURNS ? turn->history_count : BUFFER_TURNS; i > 0; i--) {
        const AgentsSqlTurn *said = &turn->history[i - 1];
        prompt_add(improvisation, (LlmMessage){LLM_USER, prompt_material(improvisation, said->message)});
        prompt_add(improvisation, (LlmMessage){LLM_ASSISTANT, prompt_material(improvisation, said->content)});
    }
    add_said(improvisation, LLM_USER, turn->in->message);
}

/* What stands in the place of a slot of the persona. */
typedef struct Filler {
    const char *slot;
    void (*put)(Improvisation *improvisation);
} Filler;

static const Filler FILLERS[] = {{"{user_context}", put_context}, {"{relevant_knowledge}", put_knowledge}};

static void put_persona(Improvisation *improvisation)
{
    Str rest = prompt_text(improvisation->improviser, "persona", NULL);

    for (size_t open = str_find(rest, STR("{"), 0); open != SIZE_MAX; open = str_find(rest, STR("{"), 0)) {
        size_t end = open + 1;
        add_part(improvisation, str_slice(rest, 0, open));
        for (size_t i = 0; i < sizeof FILLERS / sizeof *FILLERS; i++)
            if (str_starts(str_slice(rest, open, rest.len), str_from(FILLERS[i].slot))) {
                FILLERS[i].put(improvisation);
                end = open + str_from(FILLERS[i].slot).len;
            }
        rest = str_slice(rest, end, rest.len);
    }
    add_part(improvisation, rest);
}

/* One system message: templates of some models take no second one. What never changes is its start. Its parts are shared: a
 * thousand turns may wait for their model. */
Err prompt_write(Improvisation *improvisation)
{
    const Improviser *improviser = improvisation->improviser;

    TRY(choose_facts(improvisation));
    add_part(improvisation, prompt_text(improviser, "rules", tongue_code(improvisation->turn->tongue)));
    add_part(improvisation, STR("\n"));
    put_persona(improvisation);
    prompt_add(improvisation, (LlmMessage){.role = LLM_SYSTEM,
                                           .content = STR(""),
                                           .parts = improvisation->parts,
                                           .part_count = improvisation->part_count});
    add_conversation(improvisation);
    return OK;
}
