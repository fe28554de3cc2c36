#include "services/agents/guards/signs.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "services/agents/guards/outcome.h"

/* Weights are written in hundredths. */
static const double PARTS = 100;

/* How long parts of words are that are looked at: of Korean in syllables from any on, of others in letters from the first on. */
enum { SYLLABLES_MAX = 3, LETTERS_MIN = 4, LETTERS_MAX = 5 };

static Err read_lasting(const json_t *names, unsigned *out)
{
    ChatReplyOutcome outcome;
    size_t i;
    json_t *name;

    json_array_foreach((json_t *)names, i, name)
    {
        TRY(guard_outcome_from(json_str(name), "guards.yaml: signs: lasting", &outcome));
        *out |= 1U << outcome;
    }
    return OK;
}

Err signs_read(const json_t *meanings, Str weights, const json_t *how, const Letters *letters, Arena *arena,
               Signs *out)
{
    out->rule = json_number_value(json_object_get(how, "rule"));
    out->graver = json_number_value(json_object_get(how, "graver"));
    out->sure = json_number_value(json_object_get(how, "sure"));
    out->words = json_number_value(json_object_get(how, "words"));
    out->together = json_number_value(json_object_get(how, "pairs"));
    out->unnamed = json_number_value(json_object_get(how, "unnamed"));
    out->again = json_number_value(json_object_get(how, "again"));
    TRY(read_lasting(json_object_get(how, "lasting"), &out->lasting));
    TRY(meanings_read(meanings, letters, arena, &out->meanings));
    return weights_read(weights, &out->meanings, arena, &out->weights);
}

void signs_finish(Signs *signs)
{
    meanings_finish(&signs->meanings);
    weights_finish(&signs->weights);
}

/* The words and parts seen so far. */
typedef struct Tally {
    const Signs *signs;
    Buf key;
    size_t count; /* of all that was seen since the last were added, known or not, with repetitions */
    uint32_t *known;
    size_t known_count;
    size_t known_max;
    size_t added; /* how many of the known have been added to the odds */
} Tally;

static bool is_seen(const Tally *tally, uint32_t row)
{
    for (size_t i = 0; i < tally->known_count; i++)
        if (tally->known[i] == row)
            return true;
    return false;
}

/* A sign is written as its kind, what marks it, and a text. */
static void see(Tally *tally, char kind, Str mark, Str text)
{
    tally->count++;
    tally->key.len = 0;
    buf_put_char(&tally->key, kind);
    buf_put_char(&tally->key, ':');
    buf_put(&tally->key, mark);
    if (kind == 'b')
        buf_put_char(&tally->key, ' ');
    buf_put(&tally->key, text);
    uint32_t row = keymap_get(&tally->signs->weights.rows, buf_str(&tally->key));
    if (row != KEYMAP_NONE && tally->known_count < tally->known_max && !is_seen(tally, row))
        tally->known[tally->known_count++] = row;
}

/* "^" marks the beginning of a word, and counts as a syllable. */
static void see_syllables(Tally *tally, Str word)
{
    for (size_t start = 0; start < word.len; start += utf8_length_at(word, start)) {
        size_t end = start;
        for (size_t n = 1; n <= SYLLABLES_MAX && end < word.len; n++) {
            end += utf8_length_at(word, end);
            see(tally, 'p', STR(""), str_slice(word, start, end));
            if (start == 0 && n < SYLLABLES_MAX)
                see(tally, 'p', STR("^"), str_slice(word, 0, end));
        }
    }
}

/* A word, and it behind the one before, which may be absent. */
static void see_word(Tally *tally, Str before, Str word)
{
    see(tally, 'w', STR(""), word);
    if (before.data != NULL)
        see(tally, 'b', before, word);
    if (!wording_is_latin(word.data[0]))
        see_syllables(tally, word);
    else
        for (size_t n = LETTERS_MIN; n <= LETTERS_MAX && word.len > LETTERS_MAX; n++)
            see(tally, 'p', STR(""), str_slice(word, 0, n));
}

static void add_meanings(const Signs *signs, Weighing *to)
{
    for (size_t m = 0; m < signs->meanings.count; m++)
        for (size_t i = 0; (to->meanings >> m & 1U) != 0 && i < signs->weights.outcome_count; i++)
            to->odds[signs->weights.outcomes[i]] += (double)signs->weights.of_meanings[m][i] / PARTS;
}

static void add_pairs(const Signs *signs, Weighing *to)
{
    for (size_t p = 0; p < signs->weights.pair_count; p++) {
        const SignPair *pair = &signs->weights.pairs[p];
        for (size_t i = 0; (to->meanings & pair->both) == pair->both && i < signs->weights.outcome_count; i++)
            to->odds[signs->weights.outcomes[i]] += pair->weights[i] * signs->together / PARTS;
    }
}

static void see_words(Tally *tally, const Wording *wording)
{
    size_t at = 0;
    Str word, before = {NULL, 0};

    while ((word = wording_next(wording, &at)).data != NULL) {
        see_word(tally, before, word);
        before = word;
    }
}

/* What has been seen since the last call. All words together weigh the more the more there are, but not as much more. */
static void add_seen(Tally *tally, Weighing *to)
{
    const Weights *weights = &tally->signs->weights;
    double share = tally->signs->words / sqrt((double)tally->count + 1) / PARTS;

    for (; tally->added < tally->known_count; tally->added++)
        for (size_t i = 0; i < weights->outcome_count; i++)
            to->odds[weights->outcomes[i]] += weights->of_words[tally->known[tally->added]][i] * share;
    tally->count = 0;
}

void signs_weigh(const Signs *signs, Arena *arena, Str plain, Texts before, Weighing *out)
{
    enum { KNOWN_MAX = 512 };
    Tally tally = {.signs = signs, .known = arena_array(arena, uint32_t, KNOWN_MAX), .known_max = KNOWN_MAX};
    Wording wording;

    *out = (Weighing){0};
    for (size_t i = 0; i < signs->weights.outcome_count; i++)
        out->odds[signs->weights.outcomes[i]] = signs->weights.bias[i] / PARTS - signs->sure;
    buf_init(&tally.key, arena, 64);
    for (size_t i = 0; i <= before.count; i++) {
        wording_of(arena, i == 0 ? plain : before.items[i - 1], &wording);
        out->meanings |= meanings_in(&signs->meanings, &wording);
        see_words(&tally, &wording);
        if (i == 0)
            add_seen(&tally, out);
    }
    add_seen(&tally, out);
    add_meanings(signs, out);
    add_pairs(signs, out);
}

double signs_weight_of(const Signs *signs, MeaningSet about, ChatReplyOutcome outcome)
{
    double weight = 0;

    for (size_t i = 0; i < signs->weights.outcome_count; i++)
        for (size_t m = 0; signs->weights.outcomes[i] == outcome && m < signs->meanings.count; m++)
            weight += (about >> m & 1U) != 0 ? (double)signs->weights.of_meanings[m][i] / PARTS : 0;
    return weight;
}
