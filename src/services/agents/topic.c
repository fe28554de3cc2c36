#include "services/agents/topic.h"

#include <string.h>

/* Where a message names something; a name inside a longer one ("soju" in "Andong soju") doesn't count. */
typedef struct Mention {
    size_t at;
    size_t len;
    Str id;
    Str name;
} Mention;

enum { MENTIONS_MAX = 16, VISITED_MAX = 24 };

typedef struct Mentions {
    Mention items[MENTIONS_MAX];
    size_t count;
    Str *seen; /* ids that were looked for; an id is there once */
    size_t seen_count;
} Mentions;

/* Whether a word of the message begins with the name: "제주도" has 주도 in it, and doesn't mean it. */
static bool begins_word(const Turn *turn, Str name)
{
    Arena *arena = turn->call->arena;
    const ArenaMark mark = arena_mark(arena);
    Str wanted = text_fold(arena, name);
    size_t at = str_find(turn->folded, wanted, 0);

    while (at != SIZE_MAX && at > 0 && turn->folded.data[at - 1] != ' ')
        at = str_find(turn->folded, wanted, at + 1);
    arena_rewind(arena, mark);
    return at != SIZE_MAX;
}

/* What the search didn't find must be named more plainly. */
static void longest(const Turn *turn, const SoughtName *name, bool found, Mention *best)
{
    size_t at;

    if (name->wanted.len > best->len && text_find_name(&turn->read, name, &at) &&
        (found || begins_word(turn, name->name)))
        *best = (Mention){at, name->wanted.len, best->id, name->name};
}

static bool was_seen(const Mentions *all, Str id)
{
    for (size_t i = 0; i < all->seen_count; i++)
        if (str_equal(all->seen[i], id))
            return true;
    return false;
}

static Err read_mention(const Turn *turn, Str id, bool found, Mentions *out)
{
    FactReader reader = turn_reader(turn);
    Mention best = {0, 0, id, {NULL, 0}};
    const FactPage *page;
    Err e;

    if (was_seen(out, id))
        return OK;
    out->seen[out->seen_count++] = id;
    e = fact_read_names(&reader, id, &page);
    if (failed(&e))
        return e.code == NOT_FOUND ? OK : e;
    for (size_t i = 0; i < page->name_count; i++)
        longest(turn, &page->names[i], found, &best);
    if (best.len > 0 && out->count < MENTIONS_MAX)
        out->items[out->count++] = best;
    return OK;
}

static bool inside(const Mention *one, const Mention *other)
{
    return one->at >= other->at && one->at + one->len <= other->at + other->len;
}

/* Of two that are named by the same words the one that was found first stays. */
static bool is_covered(const Mentions *all, size_t which)
{
    const Mention *one = &all->items[which];

    for (size_t i = 0; i < all->count; i++)
        if (i != which && inside(one, &all->items[i]) && (all->items[i].len > one->len || i < which))
            return true;
    return false;
}

static void keep_outermost(Mentions *all)
{
    Mentions kept = {.count = 0};

    for (size_t i = 0; i < all->count; i++)
        if (!is_covered(all, i))
            kept.items[kept.count++] = all->items[i];
    memcpy(all->items, kept.items, kept.count * sizeof *kept.items);
    all->count = kept.count;
}

static void sort_by_place(Mentions *all)
{
    for (size_t i = 1; i < all->count; i++)
        for (size_t k = i; k > 0 && all->items[k].at < all->items[k - 1].at; k--) {
            Mention one = all->items[k];
            all->items[k] = all->items[k - 1];
            all->items[k - 1] = one;
        }
}

/* What the search found comes first: what it found needs less to be meant. */
static Mentions mentions_of(const Turn *turn, Arena *scratch)
{
    size_t relations = turn->self != NULL ? turn->self->relation_count : 0;
    size_t most = turn->found.results.count + 2 * (size_t)VISITED_MAX + relations;

    return (Mentions){
        .seen = arena_array(scratch, Str, most),
    };
}

/* Of what the search found, what the talk has been to, and what she knows. */
static Err read_mentions(const Turn *turn, Mentions *all)
{
    const QueryHitList *hits = &turn->found.results;
    Texts favourites = voice_favourites(turn->tools->voice);
    Texts known[] = {turn->visited, favourites};

    for (size_t i = 0; i < hits->count; i++)
        TRY(read_mention(turn, hits->items[i].entity.id, true, all));
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < known[k].count && i < VISITED_MAX; i++)
            TRY(read_mention(turn, known[k].items[i], false, all));
    for (size_t i = 0; turn->self != NULL && i < turn->self->relation_count; i++)
        TRY(read_mention(turn, turn->self->relations[i].id, false, all));
    return OK;
}

static Err read_named(const Turn *turn, Topic *out)
{
    AUTO_ARENA Arena scratch = {0};
    FactReader reader = turn_reader(turn);
    Mentions all = mentions_of(turn, &scratch);

    TRY(read_mentions(turn, &all));
    keep_outermost(&all);
    sort_by_place(&all);
    for (size_t i = 0; i < all.count && out->named_count < NAMED_MAX; i++) {
        out->named_as[out->named_count] = all.items[i].name;
        TRY(fact_find(&reader, all.items[i].id, &out->named[out->named_count], NULL));
        out->named_count += out->named[out->named_count] != NULL;
    }
    return OK;
}

static bool leads_to(const Turn *turn, const Fact *from, Str id)
{
    for (size_t i = 0; i < from->relation_count; i++)
        if (str_equal(from->relations[i].id, id) &&
            voice_asks_relationship(turn->tools->voice, turn->asks, from->relations[i].directed))
            return true;
    return false;
}

/* "What goes with makgeolli?" finds a dish: the question is about what was named, and what was found is one of its
 * answers, unless it fits more of the words. */
static Err step_back(const Turn *turn, Topic *topic)
{
    const QueryHitList *hits = &turn->found.results;
    FactReader reader = turn_reader(turn);

    for (size_t i = 1; i < hits->count && !topic->found_named; i++) {
        const QueryHit *hit = &hits->items[i];
        const Fact *other = NULL;
        Texts aliases;
        if (hit->why.terms.count < hits->items[0].why.terms.count)
            continue;
        TRY(fact_find(&reader, hit->entity.id, &other, &aliases));
        if (other == NULL || !turn_names(turn, hit, aliases) || !leads_to(turn, other, topic->found->id))
            continue;
        topic->found = other;
        topic->found_named = true;
    }
    return OK;
}

/* How many of the message's words an entity was found by. */
static size_t terms_found(const Turn *turn, Str id)
{
    for (size_t i = 0; i < turn->found.results.count; i++)
        if (str_equal(turn->found.results.items[i].entity.id, id))
            return turn->found.results.items[i].why.terms.count;
    return 0;
}

bool topic_only_names(const Turn *turn, Str name)
{
    const Voice *voice = turn->tools->voice;
    Arena *arena = turn->call->arena;
    const ArenaMark mark = arena_mark(arena);
    Str folded = text_fold(arena, name);
    Str rest = voice_gist(voice, arena, voice_without_asks(voice, arena, turn->asks, turn->folded)), word;
    bool only = true;

    while (only && rest.len > 0 && str_split(&rest, ' ', &word))
        only = str_starts(word, folded) || str_find(folded, word, 0) != SIZE_MAX ||
               str_find(word, folded, 0) != SIZE_MAX;
    arena_rewind(arena, mark);
    return only;
}

/* What was found, which fits the words best; but what was named, if nothing else was (even where a sample fits more words)
 * or if that leads to it in the way that is asked. */
static const Fact *about(const Turn *turn, const Topic *topic)
{
    if (topic->found == NULL)
        return topic->named_count > 0 ? topic->named[0] : NULL;
    if (topic->named_count == 1 && topic_only_names(turn, topic->named_as[0]) &&
        (topic->found->sample ||
         terms_found(turn, topic->found->id) <= terms_found(turn, topic->named[0]->id)))
        return topic->named[0];
    for (size_t i = 0; i < topic->named_count; i++)
        if (leads_to(turn, topic->named[i], topic->found->id))
            return topic->named[i];
    return topic->found;
}

Err topic_find(const Turn *turn, Topic *out)
{
    const QueryHitList *hits = &turn->found.results;
    FactReader reader = turn_reader(turn);
    Texts aliases = {NULL, 0};

    *out = (Topic){0};
    TRY(read_named(turn, out));
    if (hits->count > 0)
        TRY(fact_find(&reader, hits->items[0].entity.id, &out->found, &aliases));
    if (out->found != NULL) {
        out->found_named = turn_names(turn, &hits->items[0], aliases);
        TRY(step_back(turn, out));
    }
    out->about = about(turn, out);
    return OK;
}

bool topic_has(const Turn *turn, Str id)
{
    for (size_t i = 0; i < turn->found.results.count; i++)
        if (str_equal(turn->found.results.items[i].entity.id, id))
            return true;
    return false;
}
