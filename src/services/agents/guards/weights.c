#include "services/agents/guards/weights.h"

#include <assert.h>

#include "services/agents/guards/outcome.h"

/* The first lines: the names of the columns, and what speaks for an outcome before anything is seen. */
#define HEAD "sign"
#define BIAS "bias"

static Err read_head(Str names, Weights *out)
{
    Str name;

    while (str_split(&names, '\t', &name)) {
        if (out->outcome_count == SIGN_OUTCOMES_MAX)
            return err(INVALID, "weights.tsv: more than %d outcomes", SIGN_OUTCOMES_MAX);
        TRY(guard_outcome_from(name, "weights.tsv", &out->outcomes[out->outcome_count++]));
    }
    return OK;
}

/* A number for each outcome. */
static Err read_row(const Weights *weights, Str sign, Str row, SignWeights *out)
{
    size_t count = 0;
    int64_t weight;
    Str part;

    while (count < weights->outcome_count && str_split(&row, '\t', &part) && str_to_int(part, &weight) &&
           weight >= INT16_MIN && weight <= INT16_MAX)
        (*out)[count++] = (int16_t)weight;
    return count == weights->outcome_count && row.data == NULL
               ? OK
               : err(INVALID, "weights.tsv: %.*s: needs %zu small whole numbers", STR_ARG(sign),
                     weights->outcome_count);
}

static Err find_meaning(const Meanings *meanings, Str name, size_t *out)
{
    *out = meanings_index(meanings, name);
    return *out < MEANINGS_MAX
               ? OK
               : err(INVALID, "weights.tsv: meanings.yaml has no \"%.*s\"; run tools/signs/learn.py",
                     STR_ARG(name));
}

static MeaningSet only(size_t meaning)
{
    assert(meaning < MEANINGS_MAX);
    return (MeaningSet)1 << meaning;
}

/* "die+drink": that a message has both. */
static Err place_pair(Weights *weights, const Meanings *meanings, Arena *arena, Str names, SignWeights **out)
{
    Str first = {NULL, 0};
    size_t one, other;

    (void)str_split(&names, '+', &first);
    TRY(find_meaning(meanings, first, &one));
    TRY(find_meaning(meanings, names, &other));
    ARENA_MORE(arena, weights->pairs, weights->pair_count, weights->pair_capacity, 256);
    SignPair *pair = &weights->pairs[weights->pair_count++];
    pair->both = only(one) | only(other);
    *out = &pair->weights;
    return OK;
}

/* Where the weights of a sign belong: "m:" is a meaning, "x:" two of them. */
static Err place_sign(Weights *weights, const Meanings *meanings, Arena *arena, Str sign, SignWeights **out)
{
    Str name = str_slice(sign, 2, sign.len);
    size_t at;

    if (str_starts(sign, STR("x:")))
        return place_pair(weights, meanings, arena, name, out);
    if (!str_starts(sign, STR("m:")))
        return err(INVALID, "weights.tsv: %.*s: is neither m: nor x:; run tools/signs/learn.py",
                   STR_ARG(sign));
    TRY(find_meaning(meanings, name, &at));
    *out = &weights->of_meanings[at];
    return OK;
}

static Err read_line(Str line, const Meanings *meanings, Arena *arena, Weights *out)
{
    SignWeights *place = &out->bias;
    Str sign;

    if (line.len == 0 || str_starts(line, STR("#")) || !str_split(&line, '\t', &sign))
        return OK;
    if (str_equal(sign, STR(HEAD)))
        return read_head(line, out);
    if (!str_equal(sign, STR(BIAS)))
        TRY(place_sign(out, meanings, arena, sign, &place));
    return read_row(out, sign, line, place);
}

Err weights_read(Str table, const Meanings *meanings, Arena *arena, Weights *out)
{
    Str line;

    *out = (Weights){0};
    while (str_split(&table, '\n', &line))
        TRY(read_line(line, meanings, arena, out));
    return OK;
}
