#include "services/agents/narrator/sentences.h"

#include <assert.h>

#include "services/agents/narrator/parts.h"
#include "services/agents/narrator/passages.h"

/* How long a paragraph may get, and after an answer in one sentence, what may follow it. */
enum { PARAGRAPH_CHARACTERS = 460, ASIDE_CHARACTERS = 260, ASIDE_SENTENCES = 2, ANSWERING_TERMS = 2 };

/* What makes a sentence worth saying. Found by reading the answers to tests/evaluation/questions.tsv. */
static const double EVIDENCE = 4.0;       /* it has what the question is after */
static const double SHARED_TERM = 1.0;    /* each word in common with the question */
static const double FIRST_SENTENCE = 1.6; /* says what the thing is */

static void push(Sentences *out, Sentence sentence)
{
    if (sentence.text.len > 0 && out->count < SENTENCES_MAX)
        out->items[out->count++] = sentence;
}

static void push_property(const Telling *telling, const Property *property, Str name, Sentences *out)
{
    const Slot slots[] = {{"name", name}, {"value", property->value}};

    if (voice_asks_property(telling->voice, telling->asks, property->key))
        push(out, (Sentence){.text = wording(telling, NULL, "properties", property->key, slots, 2)});
}

void sentences_properties(const Telling *telling, const Fact *fact, Str name, Sentences *out)
{
    *out = (Sentences){.count = 0};
    for (size_t i = 0; i < fact->property_count; i++)
        push_property(telling, &fact->properties[i], name, out);
}

/* The relationships of a kind, as one sentence tells them. */
static Sentence collect(const Telling *telling, const Fact *fact, Str directed, Str names[LIST_MAX])
{
    Sentence found = {0};

    for (size_t i = 0; i < fact->relation_count && found.cite_count < LIST_MAX; i++) {
        const Relation *relation = &fact->relations[i];
        if (!str_equal(relation->directed, directed) || relation->name.len == 0)
            continue;
        names[found.cite_count] = name_spoken(telling, relation->label, relation->name);
        found.cites[found.cite_count++] = relation->id;
        found.sample_link |= relation->sample;
    }
    return found;
}

Sentence sentences_relationship(const Telling *telling, const Fact *fact, Str name, Str directed)
{
    Str names[LIST_MAX];
    Sentence found = collect(telling, fact, directed, names);

    if (found.cite_count == 0)
        return found;
    const Slot slots[] = {{"name", name},
                          {"list", voice_list(telling->voice, telling->tongue, telling->arena,
                                              (Texts){names, found.cite_count})}};
    found.text = wording(telling, NULL, "relationships", directed, slots, 2);
    return found;
}

static void push_relationships(const Telling *telling, const Fact *fact, Sentences *out)
{
    Str done = {NULL, 0};

    for (size_t i = 0; i < fact->relation_count; i++) {
        Str directed = fact->relations[i].directed;
        if (str_equal(directed, done) || !voice_asks_relationship(telling->voice, telling->asks, directed))
            continue;
        push(out,
             sentences_relationship(telling, fact, name_spoken(telling, fact->label, fact->name), directed));
        done = directed;
    }
}

bool sentences_have_sample_link(const Sentences *sentences)
{
    for (size_t i = 0; i < sentences->count; i++)
        if (sentences->items[i].sample_link)
            return true;
    return false;
}

void sentences_asked(const Telling *telling, const Fact *fact, Sentences *out)
{
    sentences_properties(telling, fact, name_spoken(telling, fact->label, fact->name), out);
    push_relationships(telling, fact, out);
    out->answers = out->count > 0;
}

/* The sentence that fits the question best; a score of 0 means that none has to do with it. */
typedef struct Best {
    size_t at;
    double score;
    bool evident; /* it has what the question is after */
} Best;

static Best best_passage(const Terms *question, uint32_t asks, const Passages *passages)
{
    Best best = {passages->count, 0, false};

    for (size_t i = 0; i < passages->count; i++) {
        const Passage *one = &passages->items[i];
        size_t shared = passages_shared(question, one);
        bool evident = (one->tells & asks) != 0;
        double score = (evident ? EVIDENCE : 0) + SHARED_TERM * (double)shared;
        if (score > best.score &&
            passages_run(passages, i, ASIDE_SENTENCES + 1, PARAGRAPH_CHARACTERS).count > 0)
            best = (Best){i, score, evident || shared >= ANSWERING_TERMS};
    }
    return best;
}

static void push_run(const Passages *passages, Run run, Sentences *out)
{
    for (size_t i = 0; i < run.count; i++)
        push(out, (Sentence){.text = passages->items[run.first + i].text});
}

bool sentences_tell(const Telling *telling, const Fact *fact)
{
    Passages *passages = arena_new(telling->arena, Passages);

    passages_read(telling, fact, passages);
    for (size_t i = 0; i < passages->count; i++)
        if ((passages->items[i].tells & telling->asks) != 0 && !passages->items[i].forbidden)
            return true;
    return false;
}

size_t sentences_left(const Telling *telling, const Fact *fact)
{
    Passages *passages = arena_new(telling->arena, Passages);
    size_t count = 0;

    passages_read(telling, fact, passages);
    for (size_t i = 0; i < passages->count; i++)
        count += !passages->items[i].said && !passages->items[i].forbidden;
    return count;
}

void sentences_read_on(const Telling *telling, const Fact *fact, size_t most, Sentences *out)
{
    Passages *passages = arena_new(telling->arena, Passages);

    *out = (Sentences){.count = 0};
    passages_read(telling, fact, passages);
    size_t at = passages_next(passages, 0);
    if (at < passages->count)
        push_run(passages, passages_run(passages, at, most, PARAGRAPH_CHARACTERS), out);
}

/* What was asked and no property has answered: a text need not say again how strong a thing is. */
static uint32_t open_asks(const Telling *telling, const Fact *fact)
{
    uint32_t asks = telling->asks, compared = asks & voice_compares(telling->voice);

    for (size_t i = 0; i < voice_ask_count(telling->voice); i++)
        for (size_t k = 0; (compared >> i & 1) != 0 && k < fact->property_count; k++) {
            Str key = fact->properties[k].key;
            if (voice_asks_property(telling->voice, UINT32_C(1) << i, key) &&
                voice_phrases(telling->voice, telling->arena, telling->tongue, "properties", key).count > 0)
                asks &= ~(UINT32_C(1) << i);
        }
    return asks;
}

/* What it is comes before what was asked of it; if that is near the beginning, all is read from there. */
static void introduce(const Passages *passages, Best *best, size_t most, Sentences *out)
{
    const Passage *first = &passages->items[0];

    if (first->said || first->forbidden)
        return;
    if (best->at < most && passages->items[best->at].paragraph == first->paragraph)
        best->at = 0;
    else
        push(out, (Sentence){.text = first->text});
}

/* From the sentence that fits best; when none is better than its beginning, from the first that is new. */
static void choose_text(const Telling *telling, const Fact *fact, size_t most, Sentences *out)
{
    Passages *passages = arena_new(telling->arena, Passages);
    Terms question;

    passages_read(telling, fact, passages);
    passages_question(telling, fact, &question);
    Best best = best_passage(&question, open_asks(telling, fact), passages);
    size_t first = passages_next(passages, 0);
    bool tells_asked = out->count > 0 || best.evident;
    if (best.score <= FIRST_SENTENCE && (!tells_asked || best.score <= 0))
        best = (Best){first, 0, false};
    bool brief = out->count > 0;
    bool unknown = !texts_have(telling->visited, fact->id);
    if (best.at == passages->count || (brief && best.score <= 0 && texts_have(telling->visited, fact->id)))
        return;
    if (unknown && !brief && best.at > 0)
        introduce(passages, &best, most, out);
    push_run(passages,
             passages_run(passages, best.at, brief ? ASIDE_SENTENCES : most,
                          brief ? ASIDE_CHARACTERS : PARAGRAPH_CHARACTERS),
             out);
    out->answers |= best.evident;
}

void sentences_choose(const Telling *telling, const Fact *fact, size_t most, Sentences *out)
{
    assert(most <= SENTENCES_MAX);
    sentences_asked(telling, fact, out);
    choose_text(telling, fact, most, out);
}
