#include <math.h>

#include "services/world/dead.h"
#include "services/world/numerals.h"
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

/* The word of a name that a word may have meant; a ranking of passages is left to how they spell. */
static Str name_meant(const Search *s, const Word *word)
{
    NamesParts names = catalogue_names(s->catalogue);
    Str meant = s->query->rank_all ? (Str){0} : names_sounding(names, s->arena, word);

    return meant.data != NULL ? meant : names_correct(names, s->arena, word);
}

/* A word that is nowhere may be a slip in a name, or compare what is only described: lightest, light. */
static void add_correction(Search *s, uint32_t at, Word *word)
{
    Str meant = name_meant(s, word);

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

/* How telling it is to find a word that means about the same; 0 when there is none. */
static double add_synonym(Search *s, uint32_t at, const Word *other, bool is_known)
{
    double weight = is_known ? SYNONYM_WEIGHT : ONLY_SYNONYM_WEIGHT;
    double idf = idf_of(s, other);

    if (str_equal(other->term, s->words.items[at].term))
        return 0;
    if (other->root.data != NULL || (other->pair_count > 0 && str_equal(other->pairs[0], other->term))) {
        Str part = other->root.data != NULL ? other->root : other->term;

        if (add_term(s, at, INDEX_PAIR, part, weight, SYNONYM_SHARE))
            idf = fmax(idf, s->terms[s->term_count - 1].idf);
    } else if (idf > 0) {
        add_term(s, at, INDEX_WORD, other->term, weight, SYNONYM_SHARE);
    }
    return idf;
}

/* 욕심 is also greed and excess. */
static double add_synonyms(Search *s, uint32_t at, bool is_known)
{
    Concept concept = concepts_of(s->query->concepts, &s->words.items[at]);
    double idf = 0;

    for (size_t i = 0; i < concept.count; i++)
        idf = fmax(idf, add_synonym(s, at, &concept.words[i], is_known));
    return idf;
}

/* forty is also 40, as properties have it; a ranking of passages is left to its own words. */
static double add_numeral(Search *s, uint32_t at)
{
    unsigned value = s->query->rank_all ? 0 : numeral_of(s->words.items[at].plain);

    if (value == 0 || !add_term(s, at, INDEX_WORD, str_format(s->arena, "%u", value), 1, 1))
        return 0;
    return s->terms[s->term_count - 1].idf;
}

/* The percent of forty percent, the 도짜리 of 사십 도짜리: the number says it all. */
static bool counts_numeral(const Search *s, uint32_t at)
{
    return at > 0 && !s->query->rank_all && numeral_is_unit(s->words.items[at].plain) &&
           numeral_of(s->words.items[at - 1].plain) > 0;
}

/* What finding the word, or not, says about an answer. */
static double importance(const Search *s, const Word *word, double idf)
{
    double plain = concepts_is_plain(s->query->concepts, word) ? PLAIN_WEIGHT : 1;

    if (idf > 0)
        return plain * idf;
    if (word->is_predicate || plain < 1)
        return rarest(s) * PREDICATE_WEIGHT;
    return rarest(s) * UNKNOWN_WEIGHT;
}

static void add_word(Search *s, uint32_t at, bool is_label)
{
    Word *word = &s->words.items[at];
    double weight = is_label ? LABEL_WORD_WEIGHT : 1;
    double idf = idf_of(s, word);
    double meant = fmax(add_synonyms(s, at, idf > 0), add_numeral(s, at));

    s->asked[at].is_used = true;
    s->asked[at].familiar = idf > 0 ? 1 - idf / rarest(s) : 0;
    s->asked[at].weight = weight * importance(s, word, idf > 0 ? idf : meant);
    add_term(s, at, INDEX_WORD, word->term, weight * (word->is_hangul ? HANGUL_WEIGHT : WORD_WEIGHT), 1);
    add_parts(s, at, word, weight);
    if (idf <= 0 && meant <= 0)
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
        room += 4 + CONCEPTS_MOST + s->words.items[i].piece_count + s->words.items[i].pair_count;
    s->terms = arena_array(s->arena, Term, room);
    for (uint32_t i = 0; i < s->words.count; i++) {
        bool is_label = note_intent(s, &s->words.items[i]);

        if (is_asked(s, &s->words.items[i], all_are_common) && !counts_numeral(s, i))
            add_word(s, i, is_label);
        add_joint(s, i);
    }
}
