#include "services/agents/narrator.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

enum {
    MAIN_SENTENCES = 3,
    BESIDE_SENTENCES = 2,
    PARAGRAPH_CHARACTERS = 420,
    CANDIDATES_MAX = 64,
    LIST_MAX = 5,
    SUGGESTIONS = 3,
};

/* What makes a sentence worth saying. Found by reading the answers to tests/evaluation/questions.tsv. */
static const double ASKED_FOR = 6.0;      /* a property or relationship that the question is after */
static const double SHARED_TERM = 1.0;    /* each word in common with the question */
static const double FIRST_SENTENCE = 1.6; /* says what the thing is */
static const double GOES_ON = 0.8;        /* follows a sentence that was chosen */

typedef struct Candidate {
    Str text;
    double score;
    Str cites[LIST_MAX]; /* other entities it names */
    size_t cite_count;
    bool sample;
    bool chosen;
} Candidate;

typedef struct Candidates {
    Candidate items[CANDIDATES_MAX];
    size_t count;
} Candidates;

static void add_line(Narration *out, Str text, Str entity, bool opens_paragraph)
{
    if (text.len > 0 && out->count < LINES_MAX)
        out->lines[out->count++] = (Line){text, entity, opens_paragraph && out->count > 0};
}

static void add_once(Str *items, size_t *count, Str item)
{
    if (!texts_have((Texts){items, *count}, item) && *count < CITED_MAX)
        items[(*count)++] = item;
}

static void cite(Narration *out, Str id)
{
    add_once(out->cited, &out->cited_count, id);
}

static Str fill_name(const Telling *telling, Str template, Str name)
{
    const Slot slots[SLOTS_MAX] = {{"name", name}, {"self", name}, {"list", name}};

    return voice_fill(telling->voice, telling->tongue, telling->arena, template, slots);
}

static Str phrase(const Telling *telling, const char *key)
{
    return voice_phrase(telling->voice, telling->tongue, key, telling->turn);
}

static bool was_said(const Telling *telling, Str sentence)
{
    for (size_t i = 0; i < telling->said.count; i++)
        if (str_find(telling->said.items[i], sentence, 0) != SIZE_MAX)
            return true;
    return false;
}

/* NULL when it must not or need not be said. */
static Candidate *offer(const Telling *telling, Candidates *all, Str text, double score)
{
    if (text.len == 0 || all->count == CANDIDATES_MAX || was_said(telling, text) ||
        voice_forbids(telling->voice, telling->arena, text))
        return NULL;
    all->items[all->count] = (Candidate){.text = text, .score = score};
    return &all->items[all->count++];
}

static void offer_properties(const Telling *telling, const Fact *fact, Candidates *all)
{
    for (size_t i = 0; i < fact->property_count; i++) {
        const Property *property = &fact->properties[i];
        const Slot slots[SLOTS_MAX] = {{"name", fact->name}, {"value", property->value}};
        Str template = voice_template(telling->voice, telling->tongue, "properties", property->key);
        if (template.data == NULL || !voice_asks_property(telling->voice, telling->asks, property->key))
            continue;
        (void)offer(telling, all,
                    voice_fill(telling->voice, telling->tongue, telling->arena, template, slots), ASKED_FOR);
    }
}

/* One sentence for all relationships of a kind: "… is made with a, b and c." */
static void offer_relationship(const Telling *telling, const Fact *fact, Str directed, Candidates *all)
{
    Str template = voice_template(telling->voice, telling->tongue, "relationships", directed);
    Candidate found = {0};
    Str names[LIST_MAX];

    for (size_t i = 0; i < fact->relation_count && found.cite_count < LIST_MAX; i++) {
        const Relation *relation = &fact->relations[i];
        if (!str_equal(relation->directed, directed) || relation->name.len == 0)
            continue;
        names[found.cite_count] = relation->name;
        found.cites[found.cite_count++] = relation->id;
        found.sample |= relation->sample;
    }
    if (template.data == NULL || found.cite_count == 0)
        return;
    Str list = voice_list(telling->voice, telling->tongue, telling->arena, (Texts){names, found.cite_count});
    const Slot slots[SLOTS_MAX] = {{"name", fact->name}, {"list", list}};
    Candidate *made =
        offer(telling, all, voice_fill(telling->voice, telling->tongue, telling->arena, template, slots),
              ASKED_FOR);
    if (made != NULL) {
        memcpy(made->cites, found.cites, sizeof found.cites);
        made->cite_count = found.cite_count;
        made->sample = found.sample;
    }
}

static void offer_relationships(const Telling *telling, const Fact *fact, Candidates *all)
{
    Str done = {NULL, 0};

    for (size_t i = 0; i < fact->relation_count; i++) {
        Str directed = fact->relations[i].directed;
        if (str_equal(directed, done) || !voice_asks_relationship(telling->voice, telling->asks, directed))
            continue;
        offer_relationship(telling, fact, directed, all);
        done = directed;
    }
}

/* A summary may be no sentence ("A pancake of mung beans."): content knows how to make it one. */
static Str summary_sentence(const Telling *telling, const Fact *fact)
{
    Str rest = fact->summary, first = {NULL, 0};

    if (!text_next_sentence(&rest, voice_abbreviations(telling->voice, telling->tongue), &first))
        return first;
    if (str_ends(first, STR(".")))
        first.len--;
    const Slot slots[SLOTS_MAX] = {{"name", fact->name}, {"value", first}};
    Str template = voice_template(telling->voice, telling->tongue, "fragment", (Str){NULL, 0});
    return voice_fill(telling->voice, telling->tongue, telling->arena, template, slots);
}

static double relevance(const Telling *telling, const Terms *question, Str sentence)
{
    Terms terms;

    terms_of(text_fold(telling->arena, sentence), voice_stop_words(telling->voice, telling->tongue), &terms);
    return SHARED_TERM * (double)terms_shared(question, &terms);
}

static void offer_text(const Telling *telling, const Fact *fact, Candidates *all)
{
    Str rest = fact->text, sentence;
    double bonus = FIRST_SENTENCE;
    Terms question;

    terms_of(telling->question, voice_stop_words(telling->voice, telling->tongue), &question);
    while (text_next_sentence(&rest, voice_abbreviations(telling->voice, telling->tongue), &sentence)) {
        Candidate *made = offer(telling, all, sentence, bonus + relevance(telling, &question, sentence));
        bonus = made == NULL ? bonus : 0;
    }
    if (fact->text.len == 0)
        (void)offer(telling, all, summary_sentence(telling, fact), FIRST_SENTENCE);
}

static Candidate *best(Candidates *all)
{
    Candidate *winner = NULL;

    for (size_t i = 0; i < all->count; i++)
        if (!all->items[i].chosen && (winner == NULL || all->items[i].score > winner->score))
            winner = &all->items[i];
    return winner;
}

/* Marks up to `sentences` of them, as long as the paragraph stays short. */
static size_t choose(Candidates *all, size_t sentences)
{
    size_t chosen = 0, characters = 0;
    Candidate *next;

    while (chosen < sentences && (next = best(all)) != NULL) {
        characters += utf8_count(next->text);
        if (chosen > 0 && (next->score <= 0 || characters > PARAGRAPH_CHARACTERS))
            break;
        next->chosen = true;
        chosen++;
        if (next + 1 < all->items + all->count)
            next[1].score += GOES_ON;
    }
    return chosen;
}

static void say_chosen(const Fact *fact, const Candidates *all, bool opens_paragraph, Narration *out)
{
    bool sample = fact->sample;

    cite(out, fact->id);
    for (size_t i = 0; i < all->count; i++) {
        const Candidate *one = &all->items[i];
        if (!one->chosen)
            continue;
        add_line(out, one->text, fact->id, opens_paragraph);
        opens_paragraph = false;
        sample |= one->sample;
        for (size_t k = 0; k < one->cite_count; k++)
            cite(out, one->cites[k]);
    }
    if (sample)
        add_once(out->sample, &out->sample_count, fact->name);
}

/* Returns how many sentences were said. What answers the question stands first: properties and relationships come
 * before the text, whose sentences keep their order. */
static size_t tell(const Telling *telling, const Fact *fact, size_t sentences, bool opens_paragraph,
                   Narration *out)
{
    Candidates *all = arena_new(telling->arena, Candidates);
    size_t chosen;

    offer_properties(telling, fact, all);
    offer_relationships(telling, fact, all);
    offer_text(telling, fact, all);
    chosen = choose(all, sentences);
    if (chosen > 0)
        say_chosen(fact, all, opens_paragraph, out);
    return chosen;
}

static void tell_beside(const Telling *telling, const Fact *beside, Narration *out)
{
    size_t before = out->count;

    add_line(out, fill_name(telling, phrase(telling, "lead_in"), beside->name), (Str){NULL, 0}, true);
    if (tell(telling, beside, BESIDE_SENTENCES, false, out) == 0)
        out->count = before;
}

static void tell_samples(const Telling *telling, Narration *out)
{
    Texts names = {out->sample, out->sample_count};

    if (names.count > 0)
        add_line(out,
                 fill_name(telling, phrase(telling, "sample"),
                           voice_list(telling->voice, telling->tongue, telling->arena, names)),
                 (Str){NULL, 0}, false);
}

static const Relation *unvisited(const Telling *telling, const Fact *fact, const Narration *out)
{
    for (size_t i = 0; fact != NULL && i < fact->relation_count; i++) {
        const Relation *relation = &fact->relations[i];
        if (relation->name.len > 0 && !texts_have((Texts){out->cited, out->cited_count}, relation->id) &&
            !texts_have(telling->visited, relation->id) &&
            !str_equal(relation->id, voice_character(telling->voice)))
            return relation;
    }
    return NULL;
}

/* Ends with an open question, to a neighbour nobody has talked about when there is one. */
static void ask_on(const Telling *telling, const Fact *main, const Fact *beside, bool opens_paragraph,
                   Narration *out)
{
    const Relation *next = unvisited(telling, beside, out);

    next = next != NULL ? next : unvisited(telling, main, out);
    if (next == NULL) {
        add_line(out, phrase(telling, "question_alone"), (Str){NULL, 0}, opens_paragraph);
        return;
    }
    add_line(out, fill_name(telling, phrase(telling, "question"), next->name), (Str){NULL, 0},
             opens_paragraph);
    cite(out, next->id);
    out->offered = next->id;
}

void narrate_facts(const Telling *telling, const Fact *main, const Fact *beside, Narration *out)
{
    assert(main != NULL);
    if (tell(telling, main, MAIN_SENTENCES, false, out) == 0) {
        add_line(out, fill_name(telling, phrase(telling, "again"), main->name), (Str){NULL, 0}, false);
        cite(out, main->id);
    }
    if (beside != NULL)
        tell_beside(telling, beside, out);
    tell_samples(telling, out);
    ask_on(telling, main, beside, beside == NULL, out);
}

void narrate_self(const Telling *telling, const char *key, size_t sentences, const Fact *self, Narration *out)
{
    if (key != NULL)
        add_line(out, phrase(telling, key), (Str){NULL, 0}, false);
    if (self == NULL) {
        add_line(out, phrase(telling, "unnamed"), (Str){NULL, 0}, false);
        return;
    }
    if (sentences > 0)
        (void)tell(telling, self, sentences, false, out);
    cite(out, self->id);
    ask_on(telling, self, NULL, sentences > 1, out);
}

void narrate_nothing(const Telling *telling, const Fact *self, Narration *out)
{
    Str names[SUGGESTIONS];
    size_t count = 0, skip = self == NULL || self->relation_count == 0 ? 0 : telling->turn * SUGGESTIONS;

    add_line(out, phrase(telling, "abstain"), (Str){NULL, 0}, false);
    for (size_t i = 0; self != NULL && i < self->relation_count && count < SUGGESTIONS; i++) {
        const Relation *relation = &self->relations[(i + skip) % self->relation_count];
        if (relation->name.len == 0)
            continue;
        names[count++] = relation->name;
        cite(out, relation->id);
    }
    if (count > 0)
        add_line(
            out,
            fill_name(telling, phrase(telling, "suggest"),
                      voice_list(telling->voice, telling->tongue, telling->arena, (Texts){names, count})),
            (Str){NULL, 0}, false);
    add_line(out, phrase(telling, "question_alone"), (Str){NULL, 0}, false);
}

void narrate_words(const Telling *telling, Str words, Narration *out)
{
    Str sentence;

    while (text_next_sentence(&words, voice_abbreviations(telling->voice, telling->tongue), &sentence))
        add_line(out, sentence, (Str){NULL, 0}, false);
}

void narrate_disclosure(const Telling *telling, const Fact *self, bool first, Narration *out)
{
    Str words = phrase(telling, self == NULL ? "unnamed" : first ? "opening" : "closing");

    add_line(out, self == NULL ? words : fill_name(telling, words, self->name), (Str){NULL, 0}, !first);
}

Str narration_text(const Narration *narration, Arena *arena)
{
    Buf out;

    buf_init(&out, arena, 1024);
    for (size_t i = 0; i < narration->count; i++) {
        const Line *line = &narration->lines[i];
        buf_put(&out, i == 0 ? STR("") : line->opens_paragraph ? STR("\n\n") : STR(" "));
        buf_put(&out, line->text);
    }
    return buf_str(&out);
}
