/* Old turns that fit a question: one pass over the visitor's own words, newest SEEK_TURNS_MAX of them, scored as BM25 does
 * (Robertson & Zaragoza 2009, with every term once in so short a text), by terms and by words that mean the same. What states
 * something counts more than what asks. There is no index of words to keep, nor to forget from: the store lists the turns, and what was taken of
 * their words is kept in memory (taken.c). */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "services/agents/memory/room.h"

enum { CONCEPTS_MAX = 12, NOISE_MAX = 24, CANDIDATES = 64, ID_BYTES = 64 };
/* Unicode, section 3.12: a Hangul syllable is its consonant, vowel and end in arithmetic order. */
enum { SYLLABLE_FIRST = 0xAC00, SYLLABLE_LAST = 0xD7A3, SYLLABLES_A_CONSONANT = 21 * 28 };

static const double CONCEPT_WEIGHT = 1.2; /* beside a term: it means the thing, whatever the word */
static const double WEAK_WEIGHT = 0.35;   /* a word such as "name" */
static const double ASKING_WEIGHT = 0.25; /* of a turn that asks, beside one that states */
static const double LENGTH_SHARE = 0.1;   /* BM25's b: a remark that only names the thing says less of it */

/* A turn that has something of the question. */
typedef struct Hit {
    char turn_id[ID_BYTES];
    uint64_t terms[2]; /* which of the question's */
    uint32_t concepts;
    uint32_t length;
    double score;
    double share;
    bool asks;
} Hit;

typedef struct Seeking {
    const Memory *memory;
    Str user_id;
    Arena scratch; /* of one turn */
    Terms terms;
    uint8_t word_of[TERMS_MAX]; /* which word of the question a term comes from */
    size_t words;
    const MemoryWord *concepts[CONCEPTS_MAX];
    size_t concept_count;
    Hit *hits;
    size_t count;
    size_t capacity;
    size_t turns;
    size_t length; /* of all turns */
    size_t with_term[TERMS_MAX];
    size_t with_concept[CONCEPTS_MAX];
} Seeking;

static_assert(TERMS_MAX <= 128, "a hit has 128 bits for terms");

static void seeking_finish(Seeking *seeking)
{
    memory_free(seeking->hits);
    arena_finish(&seeking->scratch);
}
#define AUTO_SEEKING __attribute__((cleanup(seeking_finish)))

/* ---- terms */

/* The first syllable of a Hangul word and the sound that the second begins with, as a term: 일해요, 일한다, 일했어요 are one. 0 for
 * other words. */
static uint64_t stem_of(Str word)
{
    static const uint64_t STEM = UINT64_C(1) << 63; /* beside the hashes of terms_of */
    size_t at = 0;
    uint32_t first, second;

    if (!utf8_next(word, &at, &first) || !utf8_next(word, &at, &second) || first < SYLLABLE_FIRST ||
        first > SYLLABLE_LAST || second < SYLLABLE_FIRST || second > SYLLABLE_LAST)
        return 0;
    return STEM | (uint64_t)first << 8 | (second - SYLLABLE_FIRST) / SYLLABLES_A_CONSONANT;
}

/* "my cat's name": the letter is no word of its own. */
static Str without_genitives(Arena *arena, Str folded)
{
    char *text = str_c(arena, folded);

    for (char *at = text; (at = strstr(at, "'s")) != NULL;)
        at[1] = ' ';
    return (Str){text, folded.len};
}

/* What terms_of finds, and what Korean words begin with. */
static void read_terms(Arena *arena, Str folded, Terms *out)
{
    Str word;

    folded = without_genitives(arena, folded);
    terms_of(folded, (Texts){NULL, 0}, out);
    while (str_split(&folded, ' ', &word)) {
        uint64_t stem = stem_of(word);
        if (stem != 0 && out->count < TERMS_MAX)
            out->hashes[out->count++] = stem;
    }
}

/* The question's, word by word. */
static void read_words(Seeking *s, Arena *arena, Str folded)
{
    Str word;

    while (str_split(&folded, ' ', &word)) {
        Terms terms;
        read_terms(arena, word, &terms);
        for (size_t i = 0; i < terms.count && s->terms.count < TERMS_MAX; i++) {
            s->word_of[s->terms.count] = (uint8_t)s->words;
            s->terms.hashes[s->terms.count++] = terms.hashes[i];
        }
        s->words += terms.count > 0 && s->words < TERMS_MAX - 1;
    }
}

/* ---- the question */

static void add_concepts(Seeking *s, MemoryWords words, Str folded)
{
    for (size_t i = 0; i < words.count && s->concept_count < CONCEPTS_MAX; i++)
        if (listener_hears(words.items[i].listener, folded))
            s->concepts[s->concept_count++] = &words.items[i];
}

/* The same, and their words are taken away: what they mean is sought instead. */
static void take_concepts(Seeking *s, Arena *arena, MemoryWords words, Str *folded)
{
    Catch catch;

    for (size_t i = 0; i < words.count && s->concept_count < CONCEPTS_MAX; i++)
        if (listener_catches(words.items[i].listener, arena, *folded, &catch)) {
            s->concepts[s->concept_count++] = &words.items[i];
            *folded = catch.rest;
        }
}

static void read_question(Seeking *s, Arena *arena, Str question)
{
    const MemoryRules *rules = s->memory->rules;
    MemoryWords others = {rules->people.items + 1, rules->people.count - 1};
    Str folded = text_fold(arena, question);
    Catch catch;

    add_concepts(s, rules->topics, folded);
    take_concepts(s, arena, rules->traits, &folded);
    take_concepts(s, arena, rules->occasions, &folded);
    take_concepts(s, arena, others, &folded);
    take_concepts(s, arena, rules->alike, &folded);
    for (size_t i = 0; i < NOISE_MAX && listener_catches(rules->noise, arena, folded, &catch); i++)
        folded = catch.rest;
    read_words(s, arena, folded);
}

/* ---- the pass */

static void match_terms(const Seeking *s, const TakenTurn *turn, Hit *hit)
{
    for (size_t i = 0; i < s->terms.count; i++)
        for (size_t k = 0; k < turn->term_count; k++)
            if (turn->terms[k] == s->terms.hashes[i]) {
                hit->terms[i / 64] |= UINT64_C(1) << i % 64;
                break;
            }
}

static bool is_in(const WordSet *set, const MemoryWord *word)
{
    return (set->bits[word->number / 64] >> word->number % 64 & 1) != 0;
}

static void put_in(WordSet *set, const MemoryWord *word, bool is_true)
{
    set->bits[word->number / 64] |= (uint64_t)is_true << word->number % 64;
}

/* A turn's words don't change: each word is looked for once in them. */
static bool says(TakenTurn *turn, const MemoryWord *word)
{
    if (!is_in(&turn->looked_for, word)) {
        put_in(&turn->says, word, listener_hears(word->listener, turn->folded));
        put_in(&turn->looked_for, word, true);
    }
    return is_in(&turn->says, word);
}

static void match_concepts(const Seeking *s, Str turn_id, TakenTurn *turn, Hit *hit)
{
    const WordSet before = turn->looked_for;

    for (size_t i = 0; i < s->concept_count; i++)
        if (says(turn, s->concepts[i]))
            hit->concepts |= UINT32_C(1) << i;
    if (memcmp(&before, &turn->looked_for, sizeof before) != 0)
        taken_note(s->memory->taken, turn_id, turn);
}

static bool has_term(const Hit *hit, size_t i)
{
    return hit->terms[i / 64] >> i % 64 & 1;
}

static bool has_concept(const Hit *hit, size_t i)
{
    return hit->concepts >> i & 1;
}

static void add_hit(Seeking *s, const Hit *hit)
{
    if (s->count == s->capacity) {
        s->capacity = s->capacity > 0 ? 2 * s->capacity : CANDIDATES;
        s->hits = memory_grow(s->hits, s->capacity, sizeof *s->hits);
    }
    s->hits[s->count++] = *hit;
    for (size_t i = 0; i < s->terms.count; i++)
        s->with_term[i] += has_term(hit, i);
    for (size_t i = 0; i < s->concept_count; i++)
        s->with_concept[i] += has_concept(hit, i);
}

/* The first time from its words. *is_there false: they have just been erased. */
static Err take_turn(Seeking *s, Str turn_id, TakenTurn *out, bool *is_there)
{
    Taken *taken = s->memory->taken;
    MemorySqlGetTurn row;
    Terms *terms;

    *is_there = taken_find(taken, &s->scratch, turn_id, out);
    if (*is_there)
        return OK;
    TRY(memory_sql_get_turn(s->memory->config.sql, NULL, &s->scratch, turn_id, s->user_id, &row, is_there));
    *is_there = *is_there && row.message.len > 0;
    if (!*is_there)
        return OK;
    Str folded = text_fold(&s->scratch, row.message);
    terms = arena_new(&s->scratch, Terms);
    read_terms(&s->scratch, folded, terms);
    *out = (TakenTurn){
        .folded = folded,
        .terms = terms->hashes,
        .term_count = terms->count,
        .asks = memchr(row.message.data, '?', row.message.len) != NULL,
    };
    taken_keep(taken, turn_id, out);
    return OK;
}

static Err look_at_turn(Seeking *s, Str turn_id)
{
    TakenTurn turn;
    bool is_there;

    if (turn_id.len >= ID_BYTES)
        return OK;
    arena_reset(&s->scratch);
    TRY(take_turn(s, turn_id, &turn, &is_there));
    if (!is_there)
        return OK;
    Hit hit = {.asks = turn.asks, .length = (uint32_t)turn.term_count};
    s->turns++;
    s->length += turn.term_count;
    match_terms(s, &turn, &hit);
    match_concepts(s, turn_id, &turn, &hit);
    memcpy(hit.turn_id, turn_id.data, turn_id.len);
    if ((hit.terms[0] | hit.terms[1] | hit.concepts) != 0)
        add_hit(s, &hit);
    return OK;
}

static Err look_at_turns(Seeking *s)
{
    AUTO_ARENA Arena listed = {0};
    Str *ids;
    size_t count;

    arena_init(&listed);
    TRY(memory_sql_list_said(s->memory->config.sql, NULL, &listed, s->user_id, SEEK_TURNS_MAX, &ids, &count));
    for (size_t i = 0; i < count; i++)
        TRY(look_at_turn(s, ids[i]));
    return OK;
}

/* ---- scores */

static double rarity(const Seeking *s, size_t with)
{
    return log(1 + ((double)s->turns - (double)with + 0.5) / ((double)with + 0.5));
}

/* How much was found, of how much there is to be found. */
typedef struct Found {
    double part;
    double whole;
} Found;

/* A Korean word is several terms, of which its ending makes some: the word counts once, as its rarest. */
static Found words_found(const Seeking *s, const Hit *hit, double *score)
{
    double best[TERMS_MAX] = {0}, most[TERMS_MAX] = {0};
    Found found = {0, 0};

    for (size_t i = 0; i < s->terms.count; i++) {
        double weight = rarity(s, s->with_term[i]);
        size_t word = s->word_of[i];

        most[word] = fmax(most[word], weight);
        if (!has_term(hit, i))
            continue;
        best[word] = fmax(best[word], weight);
        *score += weight;
    }
    for (size_t word = 0; word < s->words; word++) {
        found.part += best[word];
        found.whole += most[word];
    }
    return found;
}

static void score_hit(const Seeking *s, Hit *hit)
{
    double average = s->turns > 0 ? (double)s->length / (double)s->turns : 1;
    double length = 1 - LENGTH_SHARE + LENGTH_SHARE * (double)hit->length / (average > 0 ? average : 1);
    double score = 0;
    Found found = words_found(s, hit, &score);

    for (size_t i = 0; i < s->concept_count; i++) {
        double weight = (s->concepts[i]->weak ? WEAK_WEIGHT : CONCEPT_WEIGHT) * rarity(s, s->with_concept[i]);
        found.whole += weight;
        if (!has_concept(hit, i))
            continue;
        found.part += weight;
        score += weight;
    }
    hit->share = found.whole > 0 ? found.part / found.whole : 0;
    hit->score = score / (0.5 + length) * (hit->asks ? ASKING_WEIGHT : 1);
}

/* Of equal ones the newer comes first: ids grow with time. */
static int by_score(const void *a, const void *b)
{
    const Hit *left = a, *right = b;

    if (left->score != right->score)
        return left->score < right->score ? 1 : -1;
    return strcmp(right->turn_id, left->turn_id);
}

/* From what was taken of its words; what mustn't be recalled is left out. */
static Err look_at_candidate(Seeking *s, Arena *arena, const Hit *hit, RecalledTurn *out, bool *fits)
{
    TakenTurn turn;

    arena_reset(&s->scratch);
    TRY(take_turn(s, str_from(hit->turn_id), &turn, fits));
    *fits = *fits && !memory_is_sensitive(s->memory, turn.folded);
    if (!*fits)
        return OK;
    *out = (RecalledTurn){
        .turn_id = str_copy(arena, str_from(hit->turn_id)), .score = hit->score, .share = hit->share};
    out->asks = hit->asks || listener_hears(s->memory->rules->question, turn.folded);
    out->score *= out->asks && !hit->asks ? ASKING_WEIGHT : 1;
    return OK;
}

static Err read_recalled(const Seeking *s, Arena *arena, RecalledTurn *turn, bool *is_there)
{
    MemorySqlGetTurn row;

    TRY(memory_sql_get_turn(s->memory->config.sql, NULL, arena, turn->turn_id, s->user_id, &row, is_there));
    *is_there = *is_there && row.message.len > 0;
    if (*is_there) {
        turn->session_id = row.session_id;
        turn->at_us = row.at_us;
        turn->said = row.message;
    }
    return OK;
}

static int by_recalled(const void *a, const void *b)
{
    const RecalledTurn *left = a, *right = b;

    if (left->score != right->score)
        return left->score < right->score ? 1 : -1;
    return str_compare(right->turn_id, left->turn_id);
}

static Err choose(Seeking *s, Arena *arena, RecalledTurn **out, size_t *count)
{
    size_t most = s->count < CANDIDATES ? s->count : CANDIDATES;
    RecalledTurn *turns = arena_array(arena, RecalledTurn, most);
    size_t candidates = 0;
    bool fits;

    *count = 0;
    for (size_t i = 0; i < s->count; i++)
        score_hit(s, &s->hits[i]);
    if (s->count > 1)
        qsort(s->hits, s->count, sizeof *s->hits, by_score);
    for (size_t i = 0; i < most; i++) {
        TRY(look_at_candidate(s, arena, &s->hits[i], &turns[candidates], &fits));
        candidates += fits;
    }
    if (candidates > 1)
        qsort(turns, candidates, sizeof *turns, by_recalled);
    for (size_t i = 0; i < candidates && *count < RECALLED_MAX; i++) {
        turns[*count] = turns[i];
        TRY(read_recalled(s, arena, &turns[*count], &fits));
        *count += fits;
    }
    *out = turns;
    return OK;
}

Err seek_turns(const Memory *memory, Arena *arena, Str user_id, Str question, RecalledTurn **out,
               size_t *count)
{
    AUTO_SEEKING Seeking seeking = {.memory = memory, .user_id = user_id};

    *out = NULL;
    *count = 0;
    arena_init(&seeking.scratch);
    read_question(&seeking, arena, question);
    if (seeking.terms.count == 0 && seeking.concept_count == 0)
        return OK;
    TRY(look_at_turns(&seeking));
    return choose(&seeking, arena, out, count);
}
