#include "services/agents/planning.h"

#include <string.h>

/* A clause of less bytes says nothing by itself. */
enum { HITS_MAX = 12, CLAUSES_MAX = 6, CLAUSE_LEAST = 6 };

static const char MARKS[] = ".,;:?!~\n";

/* Texts side by side: a turn may wait for its model with what it keeps. */
typedef struct Shelf {
    Str *terms;
    char *text;
} Shelf;

static Str put_text(Shelf *shelf, Str text)
{
    Str put = {shelf->text, text.len};

    if (text.len > 0)
        memcpy(shelf->text, text.data, text.len);
    shelf->text[text.len] = '\0';
    shelf->text += text.len + 1;
    return put;
}

static StrList put_terms(Shelf *shelf, StrList terms)
{
    StrList put = {shelf->terms, terms.count};

    for (size_t i = 0; i < terms.count; i++)
        *shelf->terms++ = put_text(shelf, terms.items[i]);
    return put;
}

static Shelf shelf_for(Arena *arena, const QueryHitList *hits)
{
    size_t terms = 0, bytes = 0;

    for (size_t i = 0; i < hits->count; i++) {
        const QueryHit *hit = &hits->items[i];
        bytes += hit->entity.id.len + hit->entity.label.len + hit->entity.name.len + 3;
        terms += hit->why.terms.count;
        for (size_t k = 0; k < hit->why.terms.count; k++)
            bytes += hit->why.terms.items[k].len + 1;
    }
    return (Shelf){arena_array(arena, Str, terms), arena_alloc(arena, bytes)};
}

/* What a turn looks at; its summary and sources are looked up once it is told of. */
static QueryHit keep(Shelf *shelf, const QueryHit *hit)
{
    return (QueryHit){
        .entity = {.id = put_text(shelf, hit->entity.id),
                   .label = put_text(shelf, hit->entity.label),
                   .name = put_text(shelf, hit->entity.name),
                   .sample = hit->entity.sample},
        .score = hit->score,
        .why = {.terms = put_terms(shelf, hit->why.terms)},
    };
}

static void keep_all(Turn *turn, const QueryHitList *hits)
{
    QueryHit *items = arena_array(turn->call->arena, QueryHit, hits->count);
    Shelf shelf = shelf_for(turn->call->arena, hits);

    for (size_t i = 0; i < hits->count; i++)
        items[i] = keep(&shelf, &hits->items[i]);
    turn->found.results = (QueryHitList){items, hits->count};
}

/* Without marks and blanks at its end. */
static Str trim_marks(Str text)
{
    while (text.len > 0 && (text.data[text.len - 1] == ' ' || strchr(MARKS, text.data[text.len - 1]) != NULL))
        text.len--;
    return text;
}

static Err search(Turn *turn, Str words)
{
    AUTO_ARENA Arena scratch = {0};
    QueryInput query = QUERY_INPUT_DEFAULTS;
    QueryResult found;
    Call call = *turn->call;

    call.arena = &scratch;
    query.query = words;
    query.max_results = HITS_MAX;
    query.has_language = true;
    query.language = turn->tongue == KOREAN ? LANGUAGE_KO : LANGUAGE_EN;
    TRY(world_client_query(turn->tools->world, &call, &query, &found));
    keep_all(turn, &found.results);
    return OK;
}

/* Where the last clause of a text begins: behind the last mark that parts clauses. */
static size_t last_clause(Str text)
{
    size_t at = text.len;

    while (at > 0 && (strchr(MARKS, text.data[at - 1]) == NULL))
        at--;
    return at;
}

/* People wrap a question in their day ("my train is late, what is nuruk?"): the clauses are asked one by one, from the
 * last, as what is wanted mostly comes there. */
static Err search_clauses(Turn *turn)
{
    Str rest = turn->in->message;

    for (size_t i = 0; i < CLAUSES_MAX && rest.len > 0 && turn->found.results.count == 0; i++) {
        rest = trim_marks(rest);
        size_t at = last_clause(rest);
        Str clause = str_trim(str_slice(rest, at, rest.len));
        if (clause.len >= CLAUSE_LEAST && (at > 0 || i > 0))
            TRY(search(turn, clause));
        rest = str_slice(rest, 0, at);
    }
    return OK;
}

/* A wish that is understood as a whole needs no clause: "tteokbokki, what sits well beside it?" has none about sitting. One that
 * only speaks of drinks may have. */
static bool is_understood(const Turn *turn)
{
    const uint32_t telling = WORDS_BIT(WORDS_FOOD) | WORDS_BIT(WORDS_OCCASION) | WORDS_BIT(WORDS_PERSON);
    const Want *want = turn->want;

    if (wants_are_elsewhere(turn->words))
        return true;
    if (want == NULL || want->does == WANT_TELL || want->does == WANT_STORY)
        return false;
    return want->does != WANT_RECOMMEND || (turn->words & telling) != 0 || turn->tastes != 0;
}

Err turn_retrieve(Turn *turn, Way *way)
{
    (void)way;
    TRY(search(turn, turn->in->message));
    return turn->found.results.count == 0 && !is_understood(turn) ? search_clauses(turn) : OK;
}
