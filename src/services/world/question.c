#include <math.h>

#include "services/world/dead.h"
#include "services/world/searching.h"
#include "services/world/weights.h"

double rarest(const Search *s)
{
    return index_idf(1, s->catalogue->count);
}

static size_t count_alive(Postings postings, const CatalogueView *view)
{
    size_t alive = postings.count;

    for (size_t i = 0; view->dead_count > 0 && i < postings.count; i++)
        alive -= is_dead(view->dead, postings.items[i].document) ? 1 : 0;
    return alive;
}

Term look_up(const Search *s, IndexKind kind, Str text, double weight)
{
    const Catalogue *catalogue = s->catalogue;
    Postings *postings = arena_array(s->arena, Postings, catalogue->view_count);
    Term term = {.postings = postings, .weight = weight};
    size_t with = 0;

    for (size_t i = 0; i < catalogue->view_count; i++) {
        postings[i] = index_find(catalogue->views[i].segment->index, kind, text);
        with += count_alive(postings[i], &catalogue->views[i]);
    }
    term.idf = with > 0 ? index_idf(with, catalogue->count) : 0;
    return term;
}

static bool is_label_word(const SchemaLabel *label, const Word *word)
{
    for (size_t i = 0; i < label->words.count; i++)
        if (str_equal(label->words.items[i].term, word->term))
            return true;
    return false;
}

/* Which kinds of things the question asks for; true when the word is such a kind. */
static bool note_intent(Search *s, const Word *word)
{
    size_t count;
    const SchemaLabel *labels = schema_labels(s->schema, &count);
    uint64_t found = 0;

    for (size_t i = 0; i < count && i < 64; i++)
        if (is_label_word(&labels[i], word))
            found |= UINT64_C(1) << i;
    s->intended |= found & s->catalogue->label_bits;
    return (found & s->catalogue->label_bits) != 0;
}

/* True when the term is anywhere. */
static bool add_term(Search *s, uint32_t word, IndexKind kind, Str text, double weight, double share)
{
    Term term = look_up(s, kind, text, weight);

    term.share = share;
    term.word = word;
    if (term.idf > 0)
        s->terms[s->term_count++] = term;
    return term.idf > 0;
}

/* A word that is nowhere may be a slip in a name, or compare what is only described: lightest, light. */
static void add_correction(Search *s, uint32_t at, Word *word)
{
    Str meant = names_correct(catalogue_names(s->catalogue), s->arena, word);

    if (meant.data != NULL) {
        word->term = meant;
        add_term(s, at, INDEX_WORD, meant, CORRECTED_WEIGHT, CORRECTED_WEIGHT);
        return;
    }
    meant = uncompared(s->arena, word->plain);
    if (meant.data != NULL)
        add_term(s, at, INDEX_WORD, meant, 1, 1);
}

static double share_of(Str part, const Word *word)
{
    return PART_SHARE * (double)part.len / (double)word->term.len;
}

static void add_parts(Search *s, uint32_t at, const Word *word, double weight)
{
    for (size_t i = 0; i < word->piece_count; i++)
        add_term(s, at, INDEX_WORD, word->pieces[i], PIECE_WEIGHT * weight, share_of(word->pieces[i], word));
    for (size_t i = 0; i < word->pair_count; i++)
        add_term(s, at, INDEX_PAIR, word->pairs[i], PAIR_WEIGHT * weight, share_of(word->pairs[i], word));
}

/* As a word, or when it is short within longer ones. */
static double idf_of(const Search *s, const Word *word)
{
    double idf = look_up(s, INDEX_WORD, word->term, 0).idf;

    if (idf <= 0 && word->pair_count > 0 && str_equal(word->pairs[0], word->term))
        return look_up(s, INDEX_PAIR, word->term, 0).idf;
    return idf;
}

/* What finding the word, or not, says about an answer. */
static double importance(const Search *s, const Word *word, double idf)
{
    if (idf > 0)
        return idf;
    return rarest(s) * (word->is_predicate ? PREDICATE_WEIGHT : UNKNOWN_WEIGHT);
}

static void add_word(Search *s, uint32_t at, bool is_label)
{
    Word *word = &s->words.items[at];
    double weight = is_label ? LABEL_WORD_WEIGHT : 1;
    double idf = idf_of(s, word);

    s->asked[at].is_used = true;
    s->asked[at].familiar = idf > 0 ? 1 - idf / rarest(s) : 0;
    s->asked[at].weight = weight * importance(s, word, idf);
    add_term(s, at, INDEX_WORD, word->term, weight * (word->is_hangul ? HANGUL_WEIGHT : WORD_WEIGHT), 1);
    add_parts(s, at, word, weight);
    if (idf <= 0)
        add_correction(s, at, word);
}

/* Words written apart are also looked for as if they were written together. */
static void add_joint(Search *s, uint32_t at)
{
    if (s->words.items[at].joint.data != NULL)
        add_term(s, at, INDEX_PAIR, s->words.items[at].joint, JOINT_WEIGHT, 0);
}

static bool is_asked(const Search *s, const Word *word, bool all_are_common)
{
    return !word->is_common || (all_are_common && s->query->rank_all);
}

static bool are_common(Words words)
{
    for (size_t i = 0; i < words.count; i++)
        if (!words.items[i].is_common)
            return false;
    return true;
}

void read_question(Search *s)
{
    bool all_are_common = are_common(s->words);
    size_t room = 0;

    for (size_t i = 0; i < s->words.count; i++)
        room += 3 + s->words.items[i].piece_count + s->words.items[i].pair_count;
    s->terms = arena_array(s->arena, Term, room);
    for (uint32_t i = 0; i < s->words.count; i++) {
        bool is_label = note_intent(s, &s->words.items[i]);

        if (is_asked(s, &s->words.items[i], all_are_common))
            add_word(s, i, is_label);
        add_joint(s, i);
    }
}
