#include "services/agents/turn.h"

#include "base/utf8.h"

enum { HITS_MAX = 5, PRODUCTS_MAX = 16, ELLIPSIS_CHARACTERS = 40 };

/* The second hit is worth a paragraph when it is nearly as good as the first. */
static const double NEARLY_AS_GOOD = 0.5;

Err turn_retrieve(Turn *turn, Way *way)
{
    QueryInput query = QUERY_INPUT_DEFAULTS;

    (void)way;
    query.query = turn->in->message;
    query.max_results = HITS_MAX;
    query.has_language = true;
    query.language = turn->tongue == KOREAN ? LANGUAGE_KO : LANGUAGE_EN;
    return world_client_query(turn->tools->world, turn->call, &query, &turn->found);
}

/* NULL when the entity is gone, or is one nobody tells about. */
static Err read_fact(const Turn *turn, Str id, const Fact **out, Texts *aliases)
{
    FactReader reader = turn_reader(turn);
    Fact *fact = arena_new(turn->call->arena, Fact);
    Texts ignored;
    Err e;

    *out = NULL;
    if (id.len == 0)
        return OK;
    e = fact_read(&reader, id, fact, aliases != NULL ? aliases : &ignored);
    if (e.code == NOT_FOUND)
        return OK;
    *out = failed(&e) ? NULL : fact;
    return e;
}

/* Whether the message names the entity: by its name, an alias, or a word of its name that the search found. */
static bool is_named(const Turn *turn, const QueryHit *hit, Texts aliases)
{
    Arena *arena = turn->call->arena;
    Str name = text_fold(arena, hit->entity.name);

    if (text_mentions(arena, turn->folded, hit->entity.name))
        return true;
    for (size_t i = 0; i < aliases.count; i++)
        if (text_mentions(arena, turn->folded, aliases.items[i]))
            return true;
    for (size_t i = 0; i < hit->why.terms.count; i++)
        if (text_mentions(arena, name, hit->why.terms.items[i]))
            return true;
    return false;
}

/* "What's in it?", "도수는요?", "더 알려 주세요": what was talked about is meant. */
static bool is_follow_up(const Turn *turn, bool named)
{
    const Voice *voice = turn->tools->voice;
    bool asks_shortly = turn->asks != 0 && utf8_count(turn->folded) <= ELLIPSIS_CHARACTERS;

    if (turn->history_count == 0)
        return false;
    if (voice_points_back(voice, turn->folded))
        return true;
    return !named && (asks_shortly || voice_wants_more(voice, turn->folded));
}

static Str last_focus(const Turn *turn)
{
    for (size_t i = 0; i < turn->history_count; i++)
        if (turn->history[i].focus.len > 0)
            return turn->history[i].focus;
    return STR("");
}

/* What the answer is about: what was offered, what is pointed back to, or what was found. */
static Err choose_main(Turn *turn, const Fact *found, bool named)
{
    if (turn->intent == INTENT_ASSENT && turn->history_count > 0)
        TRY(read_fact(turn, turn->history[0].offered, &turn->main, NULL));
    if (turn->main == NULL && (is_follow_up(turn, named) || turn->intent == INTENT_ASSENT))
        TRY(read_fact(turn, last_focus(turn), &turn->main, NULL));
    if (turn->main == NULL && turn->intent != INTENT_ASSENT)
        turn->main = found;
    return OK;
}

/* A neighbour that the question is after, or the first that nobody has been to; absent when there is none. */
static Str next_neighbour(const Turn *turn)
{
    Str other = STR("");

    for (size_t i = 0; i < turn->main->relation_count; i++) {
        const Relation *relation = &turn->main->relations[i];
        if (texts_have(turn->visited, relation->id) ||
            str_equal(relation->id, voice_character(turn->tools->voice)))
            continue;
        if (voice_asks_relationship(turn->tools->voice, turn->asks, relation->directed))
            return relation->id;
        if (other.len == 0 && relation->name.len > 0)
            other = relation->id;
    }
    return other;
}

static Err choose_beside(Turn *turn, const Fact *found, bool named)
{
    const QueryHitList *hits = &turn->found.results;
    bool is_found = found != NULL && str_equal(turn->main->id, found->id);
    Str id = next_neighbour(turn);

    if (is_found && hits->count > 1 && hits->items[1].score >= NEARLY_AS_GOOD * hits->items[0].score &&
        !texts_have(turn->visited, hits->items[1].entity.id))
        id = hits->items[1].entity.id;
    if (!is_found && named)
        id = found->id;
    return str_equal(id, turn->main->id) ? OK : read_fact(turn, id, &turn->beside, NULL);
}

static void add_product(Str *items, size_t *count, Str id)
{
    if (id.len > 0 && *count < PRODUCTS_MAX && !texts_have((Texts){items, *count}, id))
        items[(*count)++] = id;
}

/* Products that the message names, by any name they have. */
static Err add_named_products(const Turn *turn, Str *items, size_t *count)
{
    for (size_t i = 0; i < turn->found.results.count; i++) {
        const QueryHit *hit = &turn->found.results.items[i];
        const Fact *product = NULL;
        Texts aliases = {NULL, 0};
        if (!str_equal(hit->entity.label, STR("Product")))
            continue;
        TRY(read_fact(turn, hit->entity.id, &product, &aliases));
        if (product != NULL && is_named(turn, hit, aliases))
            add_product(items, count, product->id);
    }
    return OK;
}

/* The products that are named now; when none is, those of the latest turn that had any. */
static Err decide_products(Turn *turn)
{
    Str *items = arena_array(turn->call->arena, Str, PRODUCTS_MAX);
    size_t count = 0;

    TRY(add_named_products(turn, items, &count));
    for (size_t i = 0; i < turn->history_count && count == 0; i++) {
        Str rest = turn->history[i].products, id;
        while (rest.len > 0 && str_split(&rest, ' ', &id))
            add_product(items, &count, id);
    }
    turn->handoff = (Handoff){HANDOFF_TO_JOON, HANDOFF_REASON_PURCHASE_INTENT, {items, count}};
    return OK;
}

Err turn_decide(Turn *turn, Way *way)
{
    const QueryHitList *hits = &turn->found.results;
    const Fact *found = NULL;
    Texts aliases = {NULL, 0};
    bool named;

    (void)way;
    if (turn->intent == INTENT_PURCHASE) {
        turn->outcome = CHAT_REPLY_OUTCOME_HANDOFF;
        return decide_products(turn);
    }
    if (hits->count > 0)
        TRY(read_fact(turn, hits->items[0].entity.id, &found, &aliases));
    named = found != NULL && is_named(turn, &hits->items[0], aliases);
    TRY(choose_main(turn, found, named));
    if (turn->main == NULL) {
        turn->outcome = CHAT_REPLY_OUTCOME_ABSTAIN;
        return OK;
    }
    turn->focus = turn->main->id;
    return choose_beside(turn, found, named);
}
