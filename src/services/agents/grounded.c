/* Whether a sentence of the narrator rests on the facts it was made from. It is composed of nothing else; this is the proof. */
#include "services/agents/generator.h"

enum { FIRST_BYTES = 4096 };

static void put(Buf *out, Str text)
{
    buf_put(out, text);
    buf_put_char(out, '\n');
}

/* All that the narrator can have taken from a fact. */
static Str write_fact(Arena *arena, const Fact *fact)
{
    Buf out;

    buf_init(&out, arena, FIRST_BYTES);
    put(&out, fact->name);
    put(&out, fact->summary);
    put(&out, fact->text);
    for (size_t i = 0; i < fact->property_count; i++)
        put(&out, fact->properties[i].value);
    for (size_t i = 0; i < fact->relation_count; i++)
        put(&out, fact->relations[i].name);
    for (size_t i = 0; i < fact->sources.count; i++)
        put(&out, fact->sources.items[i]);
    return buf_str(&out);
}

static void add_fact(const Turn *turn, const Fact *fact, Texts aliases, Grounds *grounds)
{
    Arena *arena = turn->call->arena;
    Sheet sheet;

    sheet_find(turn->tools->sheets, NULL, turn->tools->grounding, arena, write_fact(arena, fact), aliases,
               &sheet);
    grounds_add_made(grounds, &sheet.ground);
}

static void add_texts(Texts texts, Grounds *grounds)
{
    for (size_t i = 0; i < texts.count; i++)
        grounds_add(grounds, texts.items[i]);
}

/* The facts of the plan. Once a turn, for the first sentence that claims something. Errors: those of the world. */
static Err gather_facts(Turn *turn)
{
    FactReader reader = turn_reader(turn);
    Grounds *grounds = arena_new(turn->call->arena, Grounds);

    grounds_init(grounds, turn->tools->grounding, turn->call->arena);
    for (size_t i = 0; i < turn->plan.fact_count; i++) {
        const Fact *fact = NULL;
        Texts aliases = {NULL, 0};
        TRY(fact_find(&reader, turn->plan.facts[i]->id, &fact, &aliases));
        add_fact(turn, fact != NULL ? fact : turn->plan.facts[i], aliases, grounds);
    }
    if (turn->self != NULL)
        add_fact(turn, turn->self, (Texts){NULL, 0}, grounds);
    turn->grounds = grounds;
    return OK;
}

/* The facts say nearly all that is said; only what they don't is looked for in the conversation. */
static void gather_talk(Turn *turn)
{
    add_texts(turn->plan.reasons, turn->grounds);
    add_texts(turn->said, turn->grounds);
    grounds_add(turn->grounds, turn->in->message);
    turn->grounds_have_talk = true;
}

/* A line of another fact than those of the plan rests on that one too. */
static Err add_own_fact(Turn *turn, Str entity, Grounds *grounds)
{
    FactReader reader = turn_reader(turn);
    const Fact *fact;
    Texts aliases;

    TRY(fact_find(&reader, entity, &fact, &aliases));
    if (fact != NULL)
        add_fact(turn, fact, aliases, grounds);
    return OK;
}

static bool holds(Grounds *grounds, Str sentence)
{
    Str missing;

    return grounding_holds(grounds, sentence, &missing);
}

/* Lines of one fact come one after the other. */
static Err gather_own(Turn *turn, Str entity)
{
    if (turn->own_grounds != NULL && str_equal(turn->own_entity, entity))
        return OK;
    turn->own_grounds = arena_new(turn->call->arena, Grounds);
    turn->own_entity = entity;
    grounds_init(turn->own_grounds, turn->tools->grounding, turn->call->arena);
    return add_own_fact(turn, entity, turn->own_grounds);
}

/* What the sentence, its fact, the language it is read in and the world's version make out. */
static Fingerprint print_of(const Turn *turn, const Line *line)
{
    Fingerprint print = recent_print(turn->tools->rested, line->text);
    Fingerprint entity = recent_print(turn->tools->rested, line->entity);

    print.low ^= entity.high + (uint64_t)fact_book_version(turn->book);
    print.high ^= entity.low + (uint64_t)turn->tongue;
    return print;
}

/* Most sentences are of one fact, and are said again and again. More to rest on never makes less rest on it, so that one that does
 * alone needs nothing else. */
static Err rests_on_own(Turn *turn, const Line *line, bool *rests)
{
    const Fingerprint print = print_of(turn, line);

    if (recent_find(turn->tools->rested, print, rests))
        return OK;
    TRY(gather_own(turn, line->entity));
    *rests = holds(turn->own_grounds, line->text);
    if (*rests)
        recent_keep(turn->tools->rested, print, rests);
    return OK;
}

/* What is likeliest to say it, and costs least, is looked at first: a phrase of content, the sentence's own fact, the facts of the plan
 * with it, the conversation. */
Err turn_rests(Turn *turn, const Line *line, bool *rests)
{
    *rests = line->entity.len == 0;
    if (!*rests)
        TRY(rests_on_own(turn, line, rests));
    if (*rests)
        return OK;
    if (turn->grounds == NULL)
        TRY(gather_facts(turn));
    TRY(add_own_fact(turn, line->entity, turn->grounds));
    *rests = holds(turn->grounds, line->text);
    if (!*rests && !turn->grounds_have_talk) {
        gather_talk(turn);
        *rests = holds(turn->grounds, line->text);
    }
    if (!*rests)
        outcomes_count_withheld(turn->tools->outcomes);
    return OK;
}
