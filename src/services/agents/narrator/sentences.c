#include "services/agents/narrator/sentences.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

enum {
    PARAGRAPH_CHARACTERS = 420,
    CANDIDATES_MAX = 64,
    ALIKE_PERCENT = 60,
    ALIKE_TERMS = 4,
    ANSWERING_TERMS = 2
};

/* What makes a sentence worth saying. Found by reading the answers to tests/evaluation/questions.tsv. */
static const double ASKED_FOR = 6.0;      /* a property or relationship that the question is after */
static const double SHARED_TERM = 1.0;    /* each word in common with the question */
static const double FIRST_SENTENCE = 1.6; /* says what the thing is */
static const double GOES_ON = 0.8;        /* follows a sentence that was chosen */

typedef struct Candidate {
    Sentence sentence;
    Terms terms;
    double score;
    bool answers;
    bool chosen;
} Candidate;

typedef struct Candidates {
    const Telling *telling;
    const Fact *fact;
    Terms question; /* without the entity's own name, which every sentence may have */
    Candidate items[CANDIDATES_MAX];
    size_t count;
} Candidates;

static void read_terms(const Telling *telling, Str text, Terms *out)
{
    terms_of(text_fold(telling->arena, text), voice_stop_words(telling->voice, telling->tongue), out);
}

static Terms question_terms(const Telling *telling, const Fact *fact)
{
    Terms all, name, question = {.count = 0};

    read_terms(telling, telling->question, &all);
    read_terms(telling, fact->name, &name);
    for (size_t i = 0; i < all.count; i++) {
        const Terms one = {.hashes = {all.hashes[i]}, .count = 1};
        if (terms_shared(&one, &name) == 0)
            question.hashes[question.count++] = all.hashes[i];
    }
    return question;
}

static bool was_said(const Telling *telling, Str sentence)
{
    for (size_t i = 0; i < telling->said.count; i++)
        if (str_find(telling->said.items[i], sentence, 0) != SIZE_MAX)
            return true;
    return false;
}

/* NULL when it must not or need not be said. What was asked for may be said again. */
static Candidate *offer(Candidates *all, Str text, double bonus)
{
    Candidate *made = &all->items[all->count];
    bool asked_for = bonus >= ASKED_FOR;

    if (text.len == 0 || all->count == CANDIDATES_MAX || (!asked_for && was_said(all->telling, text)) ||
        voice_forbids(all->telling->voice, all->telling->arena, text))
        return NULL;
    *made = (Candidate){.sentence = {.text = text}};
    read_terms(all->telling, text, &made->terms);
    size_t shared = terms_shared(&all->question, &made->terms);
    made->score = bonus + SHARED_TERM * (double)shared;
    made->answers = asked_for || shared >= ANSWERING_TERMS;
    all->count++;
    return made;
}

static Str fill(const Candidates *all, Str template, const char *slot, Str value)
{
    const Slot slots[] = {{"name", all->fact->name}, {slot, value}};

    return template_fill(all->telling->arena, template, slots, sizeof slots / sizeof *slots);
}

static void offer_properties(Candidates *all)
{
    const Telling *telling = all->telling;

    for (size_t i = 0; i < all->fact->property_count; i++) {
        const Property *property = &all->fact->properties[i];
        Str template = voice_template(telling->voice, telling->tongue, "properties", property->key);
        if (template.data != NULL && voice_asks_property(telling->voice, telling->asks, property->key))
            (void)offer(all, fill(all, template, "value", property->value), ASKED_FOR);
    }
}

/* The relationships of a kind, as one sentence tells them. */
static Sentence collect(const Fact *fact, Str directed, Str names[LIST_MAX])
{
    Sentence found = {0};

    for (size_t i = 0; i < fact->relation_count && found.cite_count < LIST_MAX; i++) {
        const Relation *relation = &fact->relations[i];
        if (!str_equal(relation->directed, directed) || relation->name.len == 0)
            continue;
        names[found.cite_count] = relation->name;
        found.cites[found.cite_count++] = relation->id;
        found.sample_link |= relation->sample;
    }
    return found;
}

/* "… is made with a, b and c." */
static void offer_relationship(Candidates *all, Str directed)
{
    const Telling *telling = all->telling;
    Str template = voice_template(telling->voice, telling->tongue, "relationships", directed);
    Str names[LIST_MAX];
    Sentence found = collect(all->fact, directed, names);

    if (template.data == NULL || found.cite_count == 0)
        return;
    Str list = voice_list(telling->voice, telling->tongue, telling->arena, (Texts){names, found.cite_count});
    found.text = fill(all, template, "list", list);
    Candidate *made = offer(all, found.text, ASKED_FOR);
    if (made != NULL)
        made->sentence = found;
}

static void offer_relationships(Candidates *all)
{
    const Fact *fact = all->fact;
    Str done = {NULL, 0};

    for (size_t i = 0; i < fact->relation_count; i++) {
        Str directed = fact->relations[i].directed;
        if (str_equal(directed, done) ||
            !voice_asks_relationship(all->telling->voice, all->telling->asks, directed))
            continue;
        offer_relationship(all, directed);
        done = directed;
    }
}

/* A summary may be no sentence ("A pancake of mung beans."): content knows how to make it one. */
static Str summary_sentence(const Candidates *all)
{
    const Telling *telling = all->telling;
    Str rest = all->fact->summary, first = {NULL, 0};

    if (!text_next_sentence(&rest, voice_abbreviations(telling->voice, telling->tongue), &first))
        return first;
    if (str_ends(first, STR(".")))
        first.len--;
    return fill(all, voice_template(telling->voice, telling->tongue, "fragment", (Str){NULL, 0}), "value",
                first);
}

static void offer_text(Candidates *all)
{
    const Telling *telling = all->telling;
    Str rest = all->fact->text, sentence;
    double bonus = FIRST_SENTENCE;

    while (text_next_sentence(&rest, voice_abbreviations(telling->voice, telling->tongue), &sentence)) {
        (void)offer(all, sentence, bonus);
        bonus = 0;
    }
    if (all->fact->text.len == 0)
        (void)offer(all, summary_sentence(all), FIRST_SENTENCE);
}

/* Says mostly what a chosen one says. */
static bool is_echo(const Candidates *all, const Candidate *one)
{
    for (size_t i = 0; i < all->count; i++) {
        const Candidate *other = &all->items[i];
        size_t least = one->terms.count < other->terms.count ? one->terms.count : other->terms.count;
        if (other->chosen && least >= ALIKE_TERMS &&
            terms_shared(&one->terms, &other->terms) * 100 >= least * ALIKE_PERCENT)
            return true;
    }
    return false;
}

static Candidate *best(Candidates *all)
{
    Candidate *winner = NULL;

    for (size_t i = 0; i < all->count; i++) {
        Candidate *one = &all->items[i];
        if (!one->chosen && (winner == NULL || one->score > winner->score) && !is_echo(all, one))
            winner = one;
    }
    return winner;
}

/* Marks up to `most` of them, as long as the paragraph stays short. */
static void choose(Candidates *all, size_t most)
{
    size_t characters = 0;
    Candidate *next;

    for (size_t chosen = 0; chosen < most && (next = best(all)) != NULL; chosen++) {
        characters += utf8_count(next->sentence.text);
        if (chosen > 1 && (next->score <= 0 || characters > PARAGRAPH_CHARACTERS))
            break;
        next->chosen = true;
        if (next + 1 < all->items + all->count)
            next[1].score += GOES_ON;
    }
}

void sentences_choose(const Telling *telling, const Fact *fact, size_t most, Sentences *out)
{
    Candidates *all = arena_new(telling->arena, Candidates);

    assert(most <= SENTENCES_MAX);
    *all = (Candidates){.telling = telling, .fact = fact, .question = question_terms(telling, fact)};
    offer_properties(all);
    offer_relationships(all);
    offer_text(all);
    choose(all, most);
    *out = (Sentences){.count = 0};
    for (size_t i = 0; i < all->count; i++) {
        if (!all->items[i].chosen)
            continue;
        out->items[out->count++] = all->items[i].sentence;
        out->answers |= all->items[i].answers;
    }
}
